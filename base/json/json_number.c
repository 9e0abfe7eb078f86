/* JSON numbers: tokens to doubles and exact integers, and back. */
#include "json_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SURE_DIGITS = 15,            /* decimal digits that every double keeps */
    KEPT_DIGITS = 64,            /* significant digits that decide a conversion here */
    EXPONENT_MAX = 100 * 1000000 /* beyond any text's length: clamping it changes nothing */
};

/* digits * 10^exponent. Of a longer run of digits only the first KEPT_DIGITS stay. */
struct decimal {
    bool negative;
    char digits[KEPT_DIGITS + 1]; /* without leading zeros; "" is zero */
    size_t count;
    int64_t exponent;
    bool dropped; /* digits other than zero were left out */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t json_number_len(struct span s)
{
    size_t n = 0;
    while (n < s.n
           && (is_digit(s.p[n]) || s.p[n] == '.' || s.p[n] == '-' || s.p[n] == '+' || s.p[n] == 'e'
               || s.p[n] == 'E'))
        n++;
    return n;
}

bool json_number_is_long(struct span token)
{
    return token.n > SURE_DIGITS || span_find(token, 'e') < token.n
        || span_find(token, 'E') < token.n;
}

static int64_t read_exponent(struct span s)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    int64_t value = 0;
    for (size_t i = s.n > 0 && !is_digit(s.p[0]) ? 1 : 0; i < s.n && value < EXPONENT_MAX; i++)
        value = value * 10 + (s.p[i] - '0');
    return negative ? -value : value;
}

static void read_decimal(struct span token, struct decimal *d)
{
    *d = (struct decimal){0};
    bool point = false;
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (c == '-') {
            d->negative = true;
        } else if (c == '.') {
            point = true;
        } else if (!is_digit(c)) { /* the exponent */
            d->exponent += read_exponent(span_cut(token, i + 1, token.n));
            break;
        } else {
            bool leading_zero = c == '0' && d->count == 0;
            bool kept = d->count < KEPT_DIGITS;
            if (kept && !leading_zero)
                d->digits[d->count++] = c;
            if (!kept && c != '0')
                d->dropped = true;
            d->exponent += (kept ? 0 : 1) - (point ? 1 : 0);
        }
    }
}

bool json_number_double(struct span token, double *out)
{
    struct decimal d;
    char text[KEPT_DIGITS + 32];
    read_decimal(token, &d);
    /* Without a point, so that strtod reads it alike in every locale. */
    (void)snprintf(text, sizeof text, "%s%s%se%lld", d.negative ? "-" : "",
                   d.count > 0 ? d.digits : "0", d.dropped ? "1" : "",
                   (long long)d.exponent - (d.dropped ? 1 : 0));
    *out = strtod(text, NULL);
    if (isfinite(*out))
        return true;
    *out = 0;
    return false;
}

bool json_number_int64(struct span token, int64_t *out)
{
    struct decimal d;
    *out = 0;
    read_decimal(token, &d);
    while (d.count > 0 && d.digits[d.count - 1] == '0') {
        d.count--;
        d.exponent++;
    }
    if (d.count == 0)
        return true;
    if (d.dropped || d.exponent < 0 || d.exponent > 18)
        return false;
    /* The sum is kept negative: the lowest int64 has no positive counterpart. */
    int64_t value = 0;
    for (size_t i = 0; i < d.count + (size_t)d.exponent; i++) {
        int64_t digit = i < d.count ? d.digits[i] - '0' : 0;
        if (__builtin_mul_overflow(value, INT64_C(10), &value)
            || __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!d.negative && __builtin_sub_overflow(INT64_C(0), value, &value))
        return false;
    *out = value;
    return true;
}

void json_number_write(double value, char out[32])
{
    static const double sure_max = 1e15; /* SURE_DIGITS */
    bool sure = !signbit(value) && value < sure_max;
    if (sure && !(value > (double)(int64_t)value)) {
        char room[SPAN_INT_MAX];
        (void)span_copy(span_of_int((int64_t)value, room), out, 32);
        return;
    }
    for (int digits = SURE_DIGITS; digits <= 17; digits++) {
        (void)snprintf(out, 32, "%.*g", digits, value);
        double again = strtod(out, NULL);
        if (!(again < value) && !(again > value))
            return;
    }
}
