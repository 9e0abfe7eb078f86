/* Schemas: multipleOf, by digits. A double cannot tell whether 0.3 is a multiple of 0.1. */
#include "json_schema_inner.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 64, EXPONENT_MAX = 4096 };

/* digits, of which the first and the last are not 0, times 10 to the power of exponent; none: 0. */
struct decimal {
    char digits[DIGITS_MAX];
    size_t count;
    long exponent;
};

static bool read_decimal(const struct json *v, struct decimal *out)
{
    char text[DIGITS_MAX];
    bool after_point = false;
    *out = (struct decimal){0};
    if (!json_number_text(v, text, sizeof text))
        return false;
    const char *c = text + (text[0] == '-');
    for (; *c && *c != 'e' && *c != 'E'; c++) {
        if (*c == '.')
            after_point = true;
        else
            out->exponent -= after_point;
        if (*c != '.' && (out->count || *c != '0'))
            out->digits[out->count++] = *c;
    }
    if (*c)
        out->exponent += strtol(c + 1, NULL, 10);
    while (out->count && out->digits[out->count - 1] == '0') {
        out->count--;
        out->exponent++;
    }
    return true;
}

__extension__ typedef unsigned __int128 wide;

/* (d * 10^exponent) modulo m, for an exponent of at least 0. */
static uint64_t remainder_of(const struct decimal *d, long exponent, uint64_t m)
{
    uint64_t rest = 0;
    for (size_t i = 0; i < d->count; i++)
        rest = (uint64_t)(((wide)rest * 10 + (wide)(d->digits[i] - '0')) % m);
    for (long i = 0; i < exponent && rest; i++)
        rest = (uint64_t)((wide)rest * 10 % m);
    return rest;
}

/* d->digits as a number, which a multiple of at most 19 digits fits. */
static uint64_t whole_of(const struct decimal *d)
{
    uint64_t whole = 0;
    for (size_t i = 0; i < d->count; i++)
        whole = whole * 10 + (uint64_t)(d->digits[i] - '0');
    return whole;
}

/* Neither's last digit is 0: with an exponent below that of the multiple, the value would need one. */
bool schema_is_multiple(const struct json *value, const struct json *multiple)
{
    struct decimal v, m;
    if (!read_decimal(value, &v) || !read_decimal(multiple, &m) || !m.count || m.count > 19)
        return false;
    if (!v.count)
        return true;
    long exponent = v.exponent - m.exponent;
    if (exponent < 0 || exponent > EXPONENT_MAX)
        return false;
    return remainder_of(&v, exponent, whole_of(&m)) == 0;
}
