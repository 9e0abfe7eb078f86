/* Texts for cJSON: the grammar allows more than it can read. */
#include "json.h"
#include "json_inner.h"

#include <string.h>

/* What stands between strings, numbers and words. */
static const bool separates[256] = {
    [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, [','] = true,
    [':'] = true, ['['] = true,  [']'] = true,  ['{'] = true,  ['}'] = true,
};

struct span json_next_token(struct span text, size_t *at)
{
    size_t from = *at;
    while (from < text.n && separates[(unsigned char)text.p[from]])
        from++;
    size_t to = from;
    if (to < text.n && text.p[to] == '"') {
        for (to++; to < text.n && text.p[to] != '"'; to++)
            to += text.p[to] == '\\' ? 1 : 0;
        to++;
    } else {
        while (to < text.n && !separates[(unsigned char)text.p[to]])
            to++;
    }
    *at = to;
    return span_cut(text, from, to - from);
}

static enum json_fault fault_of(const char bytes[4], size_t n)
{
    if (n == 1 && bytes[0] == '\0')
        return JSON_FAULT_NUL;
    bool half = n == 3 && (unsigned char)bytes[0] == 0xED && (unsigned char)bytes[1] >= 0xA0;
    return half ? JSON_FAULT_HALF_PAIR : JSON_FAULT_NONE;
}

enum json_fault json_string_fault(struct span string)
{
    char bytes[4];
    size_t n = 0;
    const char *p = string.p + 1;
    if (!memchr(string.p, '\\', string.n))
        return JSON_FAULT_NONE;
    while ((n = json_next_char(&p, string.p + string.n, bytes)) > 0) {
        enum json_fault fault = fault_of(bytes, n);
        if (fault != JSON_FAULT_NONE)
            return fault;
    }
    return JSON_FAULT_NONE;
}

bool json_string_bytes(struct span token, struct buf *out)
{
    char bytes[4];
    size_t n = 0;
    const char *p = token.p + 1;
    if (!memchr(token.p, '\\', token.n)) {
        buf_add(out, p, token.n - 2);
        return true;
    }
    while ((n = json_next_char(&p, token.p + token.n, bytes)) > 0) {
        if (fault_of(bytes, n) == JSON_FAULT_HALF_PAIR)
            return false;
        buf_add(out, bytes, n);
    }
    return true;
}

/* Each character that a C string cannot hold is an escape of its own. */
static void replace_characters(char *string, size_t len)
{
    char bytes[4];
    size_t n = 0;
    const char *p = string + 1;
    for (char *from = string + 1; (n = json_next_char(&p, string + len, bytes)) > 0;
         from = string + (p - string))
        if (fault_of(bytes, n) != JSON_FAULT_NONE)
            memcpy(from, "\\ufffd", 6);
}

/* The shortest text of the same double, or a short one that is beyond the range as well; then blanks up
 * to the old length. */
static void shorten_number(char *number, size_t len)
{
    double value = 0;
    char shorter[32] = "1e999";
    if (json_number_double((struct span){number, len}, &value))
        json_number_write(value, shorter);
    size_t n = strlen(shorter);
    memcpy(number, shorter, n);
    memset(number + n, ' ', len - n);
}

void json_make_plain(char *text, size_t len)
{
    struct span all = {text, len};
    size_t at = 0;
    for (;;) {
        struct span token = json_next_token(all, &at);
        char *place = text + (at - token.n);
        if (token.n == 0)
            return;
        if (token.p[0] == '"')
            replace_characters(place, token.n);
        else if (token.n > JSON_PLAIN_NUMBER_MAX)
            shorten_number(place, token.n);
    }
}
