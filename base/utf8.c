/* UTF-8: one table of what a character looks like, and walks over it. */
#include "utf8.h"

/* A byte that is not the first of a character. */
static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t utf8_len(struct span s, size_t *good)
{
    /* Lead bytes, and what the second byte may be (RFC 3629); later ones are 80..BF. */
    static const struct {
        unsigned char lead_from, lead_to, from, to;
        size_t len;
    } forms[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    const unsigned char *p = (const unsigned char *)s.p;
    size_t f = 0;
    if (good)
        *good = 0;
    while (f < sizeof forms / sizeof forms[0]
           && (p[0] < forms[f].lead_from || p[0] > forms[f].lead_to))
        f++;
    if (f == sizeof forms / sizeof forms[0])
        return 0;
    size_t n = 1;
    for (; n < forms[f].len; n++) {
        unsigned char from = n == 1 ? forms[f].from : 0x80;
        unsigned char to = n == 1 ? forms[f].to : 0xBF;
        if (n == s.n || p[n] < from || p[n] > to) {
            if (good)
                *good = n;
            return 0;
        }
    }
    return n;
}

size_t utf8_read(struct span s, uint32_t *code)
{
    size_t len = utf8_len(s, NULL);
    if (len == 0)
        return 0;
    unsigned char lead = (unsigned char)s.p[0];
    uint32_t value = len == 1 ? lead : lead & (0x7FU >> len);
    for (size_t i = 1; i < len; i++)
        value = value << 6 | ((unsigned char)s.p[i] & 0x3F);
    *code = value;
    return len;
}

size_t utf8_write(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(unsigned char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(unsigned char)(leads[n] | code);
    return n;
}

bool utf8_is_valid(struct span text)
{
    size_t len = 0;
    for (size_t at = 0; at < text.n; at += len) {
        len = utf8_len((struct span){text.p + at, text.n - at}, NULL);
        if (len == 0)
            return false;
    }
    return true;
}

size_t utf8_count(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++)
        count += !continues(text.p[i]);
    return count;
}

size_t utf8_cut(struct span text, size_t most)
{
    if (most >= text.n)
        return text.n;
    while (most > 0 && continues(text.p[most]))
        most--; /* the first byte left out must not continue a character */
    return most;
}
