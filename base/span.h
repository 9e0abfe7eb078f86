/* Spans: bytes that somebody else owns, and that must outlive the span. Not terminated; may hold
 * any byte. Pure functions: nothing is allocated or kept. */
#ifndef UNDERSTUDY_BASE_SPAN_H
#define UNDERSTUDY_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
    const char *p; /* NULL only when n is 0 */
    size_t n;
};

/* The first five are inline: the inner loops of all parsers call them. */

/* NULL gives the empty span. */
static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

/* Clamped to s. */
static inline struct span span_cut(struct span s, size_t from, size_t len)
{
    if (from > s.n)
        from = s.n;
    if (len > s.n - from)
        len = s.n - from;
    return (struct span){s.p ? s.p + from : NULL, len};
}

static inline bool span_same(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Exact. */
static inline bool span_is(struct span s, const char *text)
{
    return span_same(s, span_of(text));
}

/* ASCII case ignored. */
static inline bool span_is_nocase(struct span s, const char *text)
{
    struct span t = span_of(text);
    return s.n == t.n && (s.n == 0 || strncasecmp(s.p, t.p, s.n) == 0);
}

bool span_starts(struct span s, const char *prefix);
bool span_ends(struct span s, const char *suffix);
struct span span_trim(struct span s); /* drops spaces, tabs, CR, LF at both ends */

/* Copies s and a terminator into out. False, and out is "", when it does not fit. */
bool span_copy(struct span s, char *out, size_t out_size);

/* Finds byte c; s.n when absent. */
size_t span_find(struct span s, char c);

/* Whole decimal integer with optional '-', nothing else; false on anything else or overflow. */
bool span_int64(struct span s, long long *out);

/* The decimal digits of value, which stand at the end of room, without a NUL. */
enum { SPAN_INT_MAX = 20 };
struct span span_of_int(int64_t value, char room[SPAN_INT_MAX]);

#endif
