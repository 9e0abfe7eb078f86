/* Compressed bytes made plain: gzip (RFC 1952, also of several members), zlib (RFC 1950) and raw deflate (RFC 1951).
 *
 * The door to zlib. Thread safe. */
#ifndef UNDERSTUDY_BASE_INFLATE_H
#define UNDERSTUDY_BASE_INFLATE_H

#include "buf.h"
#include "err.h"
#include "span.h"

#include <stdbool.h>

/* True for what begins as gzip does. */
bool inflate_is_gzip(struct span bytes);

/* Appends what the bytes stand for, whichever of the three they are; what follows behind their end is left out.
 * ERR_SYNTAX for what is none of them or ends too early, ERR_LIMIT beyond out->max, ERR_MEMORY; out may then hold a
 * part. */
int inflate_bytes(struct buf *out, struct span bytes, struct err *e);

#endif
