/* Spans: comparing, cutting and copying bytes that somebody else owns. */
#include "span.h"

#include <stdint.h>
#include <string.h>

bool span_starts(struct span s, const char *prefix)
{
    struct span t = span_of(prefix);
    return s.n >= t.n && (t.n == 0 || memcmp(s.p, t.p, t.n) == 0);
}

bool span_ends(struct span s, const char *suffix)
{
    struct span t = span_of(suffix);
    return s.n >= t.n && (t.n == 0 || memcmp(s.p + s.n - t.n, t.p, t.n) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool span_copy(struct span s, char *out, size_t out_size)
{
    if (out_size == 0)
        return false;
    out[0] = '\0';
    if (s.n >= out_size)
        return false;
    if (s.n > 0)
        memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return true;
}

size_t span_find(struct span s, char c)
{
    const char *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

bool span_int64(struct span s, long long *out)
{
    *out = 0;
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == s.n)
        return false;
    /* The sum is kept negative: the lowest int64 has no positive counterpart. */
    long long value = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10LL, &value)
            || __builtin_sub_overflow(value, (long long)(s.p[i] - '0'), &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0LL, value, &value))
        return false;
    *out = value;
    return true;
}

struct span span_of_int(int64_t value, char room[SPAN_INT_MAX])
{
    char *const end = room + SPAN_INT_MAX;
    char *p = end;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (value < 0)
        *--p = '-';
    return (struct span){p, (size_t)(end - p)};
}
