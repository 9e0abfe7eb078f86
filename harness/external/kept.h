/* What a client wrote to one stream, however much: its beginning and its end. What lies between is
 * counted and dropped. One thread at a time. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_KEPT_H
#define UNDERSTUDY_HARNESS_EXTERNAL_KEPT_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

struct kept {
    struct buf head;
    struct buf tail; /* holds more than is shown, so that it is seldom moved */
    size_t half_max;
    uint64_t beyond; /* bytes that came after the head */
};

/* At most bytes_max are kept, half of them of the beginning. */
void kept_init(struct kept *k, size_t bytes_max);
void kept_add(struct kept *k, struct span bytes);
/* Appends what was kept, as text: a NUL byte ends a line. Where something is missing stands a line that
 * says how much; the lines beside it, which may be cut, are left out, unless one is all there is.
 * Without memory for a part, that one is missing. */
void kept_text(const struct kept *k, struct buf *out);
void kept_fini(struct kept *k);

#endif
