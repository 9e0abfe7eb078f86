/* Spans: bytes that somebody else owns. Not terminated; may hold any byte. */
#ifndef UNDERSTUDY_SPAN_H
#define UNDERSTUDY_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *p; /* NULL only when n is 0 */
    size_t n;
};

struct span span_of(const char *text);                        /* NULL gives the empty span */
struct span span_cut(struct span s, size_t from, size_t len); /* clamped to s */
bool span_is(struct span s, const char *text);                /* exact */
bool span_is_nocase(struct span s, const char *text);         /* ASCII case ignored */
bool span_same(struct span a, struct span b);
bool span_starts(struct span s, const char *prefix);
struct span span_trim(struct span s); /* drops spaces, tabs, CR, LF at both ends */

/* Copies s and a terminator into out. False, and out is "", when it does not fit. */
bool span_copy(struct span s, char *out, size_t out_size);

/* Finds byte c; s.n when absent. */
size_t span_find(struct span s, char c);

/* Whole decimal integer with optional '-', nothing else; false on anything else or overflow. */
bool span_int64(struct span s, long long *out);

#endif
