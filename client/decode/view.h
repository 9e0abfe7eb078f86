/* Views inside the tree: task_read for those who hold spans and struct err. */
#ifndef UNDERSTUDY_CLIENT_DECODE_VIEW_H
#define UNDERSTUDY_CLIENT_DECODE_VIEW_H

#include "client/client.h"

#include "base/err.h"
#include "base/span.h"

/* As task_read. */
int view_read(const char *upstream, int http_status, struct span body, struct task_view *out,
              struct err *e);

/* Tells a stranger what went wrong: e->code becomes the code of the same meaning. Returns it. f may
 * be NULL. */
int failure_tell(struct task_failure *f, const struct err *e);

#endif
