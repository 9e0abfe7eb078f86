/* Base64 with the standard alphabet (RFC 4648 section 4). For any thread that owns the buffer. */
#ifndef UNDERSTUDY_BASE_BASE64_H
#define UNDERSTUDY_BASE_BASE64_H

#include "buf.h"
#include "span.h"

#include <stdbool.h>

/* Appends bytes as base64 with padding, on one line: four characters for every three bytes begun. */
void base64_encode(struct buf *out, struct span bytes);

/* Appends the bytes that text stands for. Takes what programs write into recordings: padding may be
 * missing, line ends are skipped, nothing behind the first '=' is read, and bits that make no whole
 * byte are dropped. False at any other character: what stood before it has been appended then.
 * Memory and maximum: see out->broken, as after any append. */
bool base64_decode(struct buf *out, struct span text);

#endif
