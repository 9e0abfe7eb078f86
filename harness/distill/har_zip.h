/* The door to libzip: a HAR in a zip, as Playwright and CI systems store it. Thread safe. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_ZIP_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_ZIP_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

enum { HAR_ZIP_FILES_MAX = 100000 };

bool har_zip_is(struct span bytes);

/* Appends one file of the zip: that of the name, which may lie in the .har's folder, or, when name is NULL, the only one that
 * ends in .har. ERR_FILE when there is none, when there are several, and for what is no zip or a damaged one; ERR_LIMIT
 * beyond out->max, however small it is compressed; ERR_MEMORY. e->where is the name. */
int har_zip_read(struct span bytes, const char *name, struct buf *out, struct err *e);

#endif
