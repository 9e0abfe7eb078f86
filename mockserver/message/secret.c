/* Looks for a secret in the ways in which clients write one. */
#include "secret.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 4 }; /* of percent-encoding: each costs a pass */

static bool holds(struct span text, const char *secret)
{
    return text.n > 0 && memmem(text.p, text.n, secret, strlen(secret));
}

/* 0 to 63; -1 for what is no digit of base64, in neither of its alphabets. */
static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Byte i of what the digits stand for: it begins in one digit and ends in the next. */
static unsigned char base64_byte(struct span digits, size_t i)
{
    const char *first = digits.p + 8 * i / 6;
    int twelve_bits = base64_value(first[0]) << 6 | base64_value(first[1]);
    return (unsigned char)(twelve_bits >> (4 - 8 * i % 6));
}

static bool is_base64_at(struct span digits, size_t at, const char *secret)
{
    for (size_t i = 0; secret[i]; i++)
        if (base64_byte(digits, at + i) != (unsigned char)secret[i])
            return false;
    return true;
}

static bool is_hex_at(struct span digits, size_t at, const char *secret)
{
    for (size_t i = 0; secret[i]; i++)
        if (text_hex_value(digits.p[at + 2 * i]) != (unsigned char)secret[i] >> 4
            || text_hex_value(digits.p[at + 2 * i + 1]) != ((unsigned char)secret[i] & 15))
            return false;
    return true;
}

/* Digits of base64, among which those of hex are. */
static bool digits_hold(struct span digits, const char *secret)
{
    size_t n = strlen(secret);
    for (size_t at = 0; at + n <= digits.n * 6 / 8; at++)
        if (is_base64_at(digits, at, secret))
            return true;
    for (size_t at = 0; at + 2 * n <= digits.n; at++)
        if (is_hex_at(digits, at, secret))
            return true;
    return false;
}

static bool is_written(struct span text, const char *secret)
{
    if (holds(text, secret))
        return true;
    for (size_t i = 0; i < text.n; i++) {
        size_t from = i;
        while (i < text.n && base64_value(text.p[i]) >= 0)
            i++;
        if (digits_hold(span_cut(text, from, i - from), secret))
            return true;
    }
    return false;
}

static bool is_shown(struct span text, const char *secret, int rounds)
{
    if (is_written(text, secret))
        return true;
    bool may_hide = rounds > 0 && text.n > 0 && memchr(text.p, '%', text.n);
    char *plain = may_hide ? malloc(text.n + 1) : NULL;
    bool found = plain && text_percent_decode(text, plain, text.n + 1)
        && is_shown(span_of(plain), secret, rounds - 1);
    free(plain);
    return found;
}

bool secret_is_shown(struct span text, const char *secret)
{
    return secret && secret[0] && is_shown(text, secret, ROUNDS_MAX);
}
