/* The two formats: a story as the bytes of a file. */
#ifndef UNDERSTUDY_HARNESS_EXPORT_FORMATS_H
#define UNDERSTUDY_HARNESS_EXPORT_FORMATS_H

#include "base/buf.h"
#include "story.h"

int export_har(const struct story *s, struct buf *out, struct err *e);
int export_wiremock(const struct story *s, struct buf *out, struct err *e);

/* One header line of a reply's head, cut off from it. False when there is none left. */
bool export_next_header(struct span *head, struct span *name, struct span *value);

#endif
