/* Properties that every target states, and the one way to say that one does not hold. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ELSEWHERE_MAX = 1 << 20, SURROUNDINGS = 8 };

void fuzz_demand(bool held, const char *property)
{
    if (held)
        return;
    (void)fprintf(stderr, "property violated: %s\n", property);
    abort();
}

/* Written apart from the product's own check, which is among what is judged here. */
static size_t utf8_len(const unsigned char *p)
{
    static const struct {
        unsigned char mask, lead, bytes;
        uint32_t from;
    } forms[] = {
        {0x80, 0x00, 1, 0x01},
        {0xE0, 0xC0, 2, 0x80},
        {0xF0, 0xE0, 3, 0x800},
        {0xF8, 0xF0, 4, 0x10000},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((p[0] & forms[i].mask) != forms[i].lead)
            continue;
        uint32_t code = p[0] & (unsigned char)~forms[i].mask;
        for (size_t k = 1; k < forms[i].bytes; k++) {
            if ((p[k] & 0xC0) != 0x80)
                return 0; /* also at the terminator: nothing behind it is read */
            code = code << 6 | (p[k] & 0x3F);
        }
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        return code < forms[i].from || code > 0x10FFFF || surrogate ? 0 : forms[i].bytes;
    }
    return 0;
}

bool fuzz_is_text(const char *place, size_t size)
{
    if (memchr(place, '\0', size) == NULL)
        return false;
    const unsigned char *p = (const unsigned char *)place;
    while (*p != '\0') {
        size_t n = utf8_len(p);
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

bool fuzz_is_pointer(const char *text)
{
    if (text[0] != '\0' && text[0] != '/')
        return false;
    for (const char *p = strchr(text, '~'); p != NULL; p = strchr(p + 1, '~')) {
        if (p[1] != '0' && p[1] != '1')
            return false;
    }
    return true;
}

size_t fuzz_byte_of(const char *where)
{
    long long n = -1;
    struct span text = span_of(where);
    bool said = span_starts(text, "byte ") && span_int64(span_cut(text, 5, text.n), &n) && n >= 0;
    return said ? (size_t)n : SIZE_MAX;
}

struct span fuzz_elsewhere(struct span bytes)
{
    static char room[SURROUNDINGS + ELSEWHERE_MAX + SURROUNDINGS];
    size_t n = bytes.n < ELSEWHERE_MAX ? bytes.n : 0;
    char last = n > 0 ? bytes.p[n - 1] : '0';
    memset(room, '7', SURROUNDINGS);
    memcpy(room + SURROUNDINGS, bytes.p, n);
    memset(room + SURROUNDINGS + n, last == '"' ? 'x' : '7', SURROUNDINGS);
    return (struct span){room + SURROUNDINGS, n};
}

bool fuzz_same_err(const struct err *a, const struct err *b)
{
    return a->code == b->code && strcmp(a->where, b->where) == 0 && strcmp(a->what, b->what) == 0;
}
