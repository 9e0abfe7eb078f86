/* Finds values in a scanned text by JSON Pointer, and reads its characters one by one. */
#include "json_inner.h"

#include "base/text.h"
#include "base/utf8.h"
#include "json.h"

#include <string.h>

int json_unit(const char *p, const char *end)
{
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int value = text_hex_value(p[i]);
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

size_t json_next_char(const char **p, const char *end, char out[4])
{
    const char *c = *p;
    if (c >= end || *c == '"')
        return 0;
    if (*c != '\\') {
        size_t n = 1;
        if ((unsigned char)*c >= 0x80) /* few are: the others are not worth a call */
            n = utf8_len((struct span){c, (size_t)(end - c)}, NULL);
        memcpy(out, c, n);
        *p = c + n;
        return n;
    }
    static const char letters[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    if (end - c < 2)
        return 0;
    if (c[1] != 'u') {
        const char *letter = strchr(letters, c[1]);
        out[0] = letter && *letter != '\0' ? meanings[letter - letters] : c[1];
        *p = c + 2;
        return 1;
    }
    int code = json_unit(c, end);
    if (code < 0)
        return 0;
    *p = c + 6;
    int second = code >= 0xD800 && code <= 0xDBFF ? json_unit(c + 6, end) : 0;
    if (second >= 0xDC00 && second <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
        *p = c + 12;
    }
    return utf8_write((uint32_t)code, out);
}

bool json_segment_next(const char **pointer, struct span *segment)
{
    const char *p = *pointer;
    if (*p != '/')
        return false;
    p++;
    *segment = (struct span){p, strcspn(p, "/")};
    *pointer = p + segment->n;
    return true;
}

int json_segment_byte(struct span *segment)
{
    if (segment->n == 0)
        return -1;
    unsigned char c = (unsigned char)segment->p[0];
    size_t used = 1;
    if (c == '~') {
        char escaped = segment->n > 1 ? segment->p[1] : '\0';
        if (escaped != '0' && escaped != '1')
            return -2;
        c = escaped == '0' ? '~' : '/';
        used = 2;
    }
    *segment = span_cut(*segment, used, segment->n);
    return c;
}

bool json_segment_index(struct span segment, size_t *index)
{
    long long value = 0;
    bool leading_zero = segment.n > 1 && segment.p[0] == '0';
    if (segment.n == 0 || leading_zero || segment.p[0] == '-' || !span_int64(segment, &value))
        return false;
    *index = (size_t)value;
    return true;
}

struct finder {
    const char *text;
    const char *end;
    bool stars;
    bool repeated; /* a key on the way here stands more than once in its object */
    json_range_visit *visit;
    void *arg;
    size_t count;
};

static const char *skip_blanks(const struct finder *f, const char *p)
{
    while (p < f->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* p stands on an opening quote; returns the byte behind the closing one. */
static const char *skip_string(const struct finder *f, const char *p)
{
    const char *quote = memchr(p + 1, '"', (size_t)(f->end - p - 1));
    if (quote && quote[-1] != '\\') /* most have no escape before it: the rest is slower */
        return quote + 1;
    for (p++; p < f->end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < f->end)
            p++;
    }
    return p < f->end ? p + 1 : p;
}

/* From behind a key to its value. */
static const char *skip_colon(const struct finder *f, const char *p)
{
    p = skip_blanks(f, p);
    return p < f->end ? skip_blanks(f, p + 1) : p;
}

static const char *skip_word(const struct finder *f, const char *p)
{
    static const bool ends[256] = {
        [','] = true,  ['}'] = true,  [']'] = true,  [' '] = true,
        ['\t'] = true, ['\n'] = true, ['\r'] = true,
    };
    while (p < f->end && !ends[(unsigned char)*p])
        p++;
    return p;
}

static const char *skip_value(const struct finder *f, const char *p)
{
    unsigned depth = 0;
    if (p < f->end && *p != '"' && *p != '{' && *p != '[')
        return skip_word(f, p);
    while (p < f->end) {
        char c = *p;
        p = c == '"' ? skip_string(f, p) : p + 1;
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']')
            depth--;
        if (depth == 0)
            return p;
    }
    return p;
}

/* key stands on its opening quote. */
static bool segment_is_key(const struct finder *f, struct span segment, const char *key)
{
    char bytes[4];
    size_t n = 0;
    const char *p = key + 1;
    while ((n = json_next_char(&p, f->end, bytes)) > 0) {
        for (size_t i = 0; i < n; i++) {
            if (json_segment_byte(&segment) != (unsigned char)bytes[i])
                return false;
        }
    }
    return json_segment_byte(&segment) == -1;
}

static bool find(struct finder *f, const char *pointer, const char *key, const char *at);

/* A container's children: p stands on the first or the next one, or on the closing bracket. */
static bool is_child(const struct finder *f, const char *p)
{
    return p < f->end && *p != '}' && *p != ']';
}

/* From a child's value to the next child. */
static const char *next_child(const struct finder *f, const char *value)
{
    const char *p = skip_blanks(f, skip_value(f, value));
    return p < f->end && *p == ',' ? skip_blanks(f, p + 1) : p;
}

static const char *value_of(const struct finder *f, const char *key)
{
    return skip_colon(f, skip_string(f, key));
}

/* Goes on with the members that segment names. Are they more than one, nobody can tell which of them
 * counts: each is visited, and all that is found there is marked. */
static bool find_members(struct finder *f, struct span segment, const char *pointer,
                         const char *first)
{
    size_t left = 0;
    const char *match = NULL;
    for (const char *key = first; is_child(f, key); key = next_child(f, value_of(f, key))) {
        if (!segment_is_key(f, segment, key))
            continue;
        match = left++ == 0 ? key : match;
    }
    bool outside = f->repeated, more = true;
    f->repeated = outside || left > 1;
    for (const char *key = match; more && left > 0;) {
        const char *value = value_of(f, key);
        if (segment_is_key(f, segment, key)) {
            left--;
            more = find(f, pointer, key, value);
        }
        if (left > 0) /* else the value would be passed over once more, for nothing */
            key = next_child(f, value);
    }
    f->repeated = outside;
    return more;
}

static bool find_elements(struct finder *f, struct span segment, const char *pointer,
                          const char *first)
{
    bool every = f->stars && span_is(segment, "*"), more = true;
    size_t i = 0, wanted = SIZE_MAX;
    if (!every && !json_segment_index(segment, &wanted))
        return true;
    for (const char *p = first; more && i <= wanted && is_child(f, p); p = next_child(f, p), i++)
        more = (!every && i < wanted) || find(f, pointer, p, p);
    return more;
}

/* False: the visitor has seen enough. Recursion goes no deeper than the text is nested. */
static bool find(struct finder *f, const char *pointer, const char *key, const char *at)
{
    struct span segment;
    if (at >= f->end)
        return true;
    if (*pointer == '\0') {
        struct json_range range = {
            .key_at = (size_t)(key - f->text),
            .at = (size_t)(at - f->text),
            .len = (size_t)(skip_value(f, at) - at),
            .repeated = f->repeated,
        };
        f->count++;
        return f->visit(&range, f->arg);
    }
    if ((*at != '{' && *at != '[') || !json_segment_next(&pointer, &segment))
        return true;
    const char *first = skip_blanks(f, at + 1);
    return *at == '{' ? find_members(f, segment, pointer, first)
                      : find_elements(f, segment, pointer, first);
}

static size_t find_places(struct span text, const char *pointer, bool stars,
                          json_range_visit *visit, void *arg)
{
    if (text.n == 0)
        return 0;
    struct finder f = {
        .text = text.p, .end = text.p + text.n, .stars = stars, .visit = visit, .arg = arg};
    const char *root = skip_blanks(&f, text.p);
    (void)find(&f, pointer, root, root);
    return f.count;
}

static bool keep_range(const struct json_range *range, void *arg)
{
    *(struct json_range *)arg = *range;
    return false;
}

bool json_find(struct span text, const char *pointer, struct json_range *out)
{
    *out = (struct json_range){0};
    bool found = find_places(text, pointer, false, keep_range, out) > 0 && !out->repeated;
    if (!found)
        *out = (struct json_range){0};
    return found;
}

size_t json_find_all(struct span text, const char *pointer, json_range_visit *visit, void *arg)
{
    return find_places(text, pointer, true, visit, arg);
}

void json_line_column(struct span text, size_t at, unsigned *line, unsigned *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < text.n; i++) {
        bool end = text.p[i] == '\n';
        *line += end ? 1 : 0;
        *column = end ? 1 : *column + 1;
    }
}

void json_blank_comments(char *text, size_t len)
{
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (in_string && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && text[i] == '/' && i + 1 < len && text[i + 1] == '/') {
            for (; i < len && text[i] != '\n'; i++)
                text[i] = ' ';
        }
    }
}
