/* The door to Brotli (RFC 7932). Thread safe. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_BROTLI_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_BROTLI_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* Appends what the bytes stand for. ERR_SYNTAX for what is not Brotli or ends too early, ERR_LIMIT beyond out->max,
 * ERR_MEMORY; out may then hold a part. */
int har_brotli(struct buf *out, struct span bytes, struct err *e);

#endif
