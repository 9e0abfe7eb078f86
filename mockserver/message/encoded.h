/* The one reader of encodings: every way in which a text may be meant to be read, one view after the other.
 *
 * The views of a text are the text itself and, up to ENCODED_ROUNDS_MAX one inside the other, what it is without
 * percent-encoding, JSON's escapes and HTML's references, and what its runs of base64 (both alphabets, at any of four
 * alignments, so that a text is found wherever it stands inside) and of hex stand for. A byte of a view knows which
 * bytes of the text it comes from, so that what is found in a view can be replaced in the text. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_ENCODED_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_ENCODED_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ENCODED_ROUNDS_MAX = 4, /* encodings one inside the other; each costs a pass */
    ENCODED_WORK_MAX =
        48, /* bytes of views for a byte of the text, beside 65536; ERR_LIMIT beyond */
    /* A longer text is looked at piece by piece, each of which begins so many bytes before the last one's end. */
    ENCODED_PIECE_MAX = 256 << 10,
    ENCODED_OVERLAP = 8 << 10
};

struct encoded_range {
    uint32_t from, to; /* offsets in the text; to is behind the last byte */
};

struct encoded_view {
    struct span bytes;
    size_t base;                        /* offset in the text, of a view that is a piece of it */
    const struct encoded_range *origin; /* of each byte; NULL: it is a piece of the text */
    bool is_text; /* reads like one: false for what digits happen to stand for */
};

/* Where the n > 0 bytes of a view from `at` on come from. */
struct encoded_range encoded_origin(const struct encoded_view *view, size_t at, size_t n);

/* Calls visit with every view, the text's own first, until it returns something other than 0, which is then returned.
 * digits_min: a run of base64 with fewer digits is not looked into. 0, ERR_MEMORY or ERR_LIMIT (the text is to be
 * treated as one that holds anything). Thread safe. */
typedef int encoded_visit(const struct encoded_view *view, void *arg);
int encoded_each(struct span text, size_t digits_min, encoded_visit *visit, void *arg);

#endif
