/* Looks for a secret in the ways in which clients write one. */
#include "secret.h"

#include "base/base64.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool holds(struct span text, const char *secret)
{
    return text.n > 0 && memmem(text.p, text.n, secret, strlen(secret));
}

static bool is_of_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
        || c == '/' || c == '-' || c == '_';
}

static bool run_holds(struct span run, const char *secret)
{
    struct buf plain, bytes;
    buf_init(&plain, run.n);
    buf_init(&bytes, run.n);
    buf_add_span(&plain, run);
    for (size_t i = 0; i < plain.n; i++) /* the URL-safe alphabet has two letters of its own */
        plain.p[i] = plain.p[i] == '-' ? '+' : plain.p[i] == '_' ? '/' : plain.p[i];
    bool found = !plain.broken && base64_decode(&bytes, buf_span(&plain))
        && holds(buf_span(&bytes), secret);
    buf_fini(&plain);
    buf_fini(&bytes);
    return found;
}

static bool holds_base64(struct span text, const char *secret)
{
    size_t least = strlen(secret) * 4 / 3;
    for (size_t i = 0; i < text.n; i++) {
        size_t from = i;
        while (i < text.n && is_of_base64(text.p[i]))
            i++;
        if (i - from >= least && i > from && run_holds(span_cut(text, from, i - from), secret))
            return true;
    }
    return false;
}

static bool starts_with_hex(struct span text, const char *secret)
{
    size_t n = strlen(secret);
    if (text.n < 2 * n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text_hex_value(text.p[2 * i]) != (unsigned char)secret[i] >> 4
            || text_hex_value(text.p[2 * i + 1]) != ((unsigned char)secret[i] & 15))
            return false;
    return true;
}

static bool holds_hex(struct span text, const char *secret)
{
    for (size_t i = 0; i < text.n; i++)
        if (starts_with_hex(span_cut(text, i, text.n - i), secret))
            return true;
    return false;
}

static bool is_written(struct span text, const char *secret)
{
    return holds(text, secret) || holds_base64(text, secret) || holds_hex(text, secret);
}

bool secret_is_shown(struct span text, const char *secret)
{
    if (!secret || !secret[0] || text.n == 0)
        return false;
    if (is_written(text, secret))
        return true;
    char *plain = memchr(text.p, '%', text.n) ? malloc(text.n + 1) : NULL;
    bool found = plain && text_percent_decode(text, plain, text.n + 1)
        && (is_written(span_of(plain), secret) || secret_is_shown(span_of(plain), secret));
    free(plain);
    return found;
}
