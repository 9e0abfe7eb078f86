/* Redaction of headers, targets and bodies. */
#include "redact.h"

#include "mockserver/message/query.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { REDACT_RANGES_MAX = 1 << 20 }; /* more than a body of the longest has values */

static bool is_listed(struct span name, const char *const *list)
{
    for (; *list; list++)
        if (span_is_nocase(name, *list))
            return true;
    return false;
}

bool redact_is_secret_header(struct span name)
{
    static const char *const secret[] = {
        "Authorization",  "Proxy-Authorization",
        "Cookie",         "Set-Cookie",
        "X-Api-Key",      "Api-Key",
        "X-Auth-Token",   "X-Amz-Security-Token",
        "X-Goog-Api-Key", NULL,
    };
    return is_listed(name, secret);
}

bool redact_is_secret_param(struct span name)
{
    static const char *const secret[] = {
        "Signature", "token", "access_token", "api_key", "apikey", "key", "secret", NULL,
    };
    char plain[16]; /* "to%6ben" is token to whoever is asked; longer ones are no secret's name */
    return text_percent_decode(name, plain, sizeof plain) && is_listed(span_of(plain), secret);
}

static bool is_secret_pair(const struct query_pair *pair)
{
    return pair->has_value && redact_is_secret_param(pair->name);
}

void redact_target(struct buf *out, struct span target)
{
    struct query query = query_of(target);
    struct query_pair pair;
    char before = '?';
    buf_add_span(out, span_cut(target, 0, span_find(target, '?')));
    for (; query_next(&query, &pair); before = '&') {
        bool secret = is_secret_pair(&pair);
        buf_add_char(out, before);
        buf_add_span(out, secret ? pair.name : pair.text);
        if (secret)
            buf_add_text(out, "=" REDACTED);
    }
}

/* The ranges that the pointers name, one after the other in a buffer. */
static bool keep_range(const struct json_range *range, void *arg)
{
    struct buf *ranges = arg;
    buf_add(ranges, range, sizeof *range);
    return ranges->broken == ERR_OK;
}

/* By where they begin; of two that begin at one byte the longer first. */
static int compare_ranges(const void *a, const void *b)
{
    const struct json_range *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->len < y->len) - (x->len > y->len);
}

/* True for an http URL without a password. value is a JSON value as written: a string has its
 * quotes, and slashes may be escaped. */
static bool is_url(struct span value)
{
    static const char *const starts[] = {"\"http://", "\"https://", "\"http:\\/\\/",
                                         "\"https:\\/\\/"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct span rest = span_cut(value, strlen(starts[i]), value.n);
        if (span_starts(value, starts[i]))
            return span_find(rest, '@')
                >= span_find(rest, '/'); /* a password may stand before '@' */
    }
    return false;
}

/* Appends the placeholder for a value: a URL keeps what a client needs to recognise it, without the
 * query and fragment, which may be signed. */
static void redact_value(struct buf *out, struct span value)
{
    size_t query = span_find(value, '?');
    size_t fragment = span_find(value, '#');
    size_t end = query < fragment ? query : fragment;
    if (span_is(value, "null") || span_is(value, "\"\"") || (is_url(value) && end == value.n)) {
        buf_add_span(out, value);
    } else if (is_url(value)) {
        buf_add_span(out, span_cut(value, 0, end + 1));
        buf_add_text(out, REDACTED "\"");
    } else {
        buf_add_text(out, "\"" REDACTED "\"");
    }
}

void redact_body(struct buf *out, struct span body, const struct json *pointers)
{
    struct buf ranges;
    buf_init(&ranges, REDACT_RANGES_MAX * sizeof(struct json_range));
    if (json_first(pointers) && json_scan(body, NULL, NULL) == 0)
        for (const struct json *p = json_first(pointers); p; p = json_next(p))
            json_find_all(body, json_string(p), keep_range, &ranges);

    struct json_range *list = (struct json_range *)(void *)ranges.p;
    size_t count = ranges.n / sizeof *list, from = 0;
    qsort(list, count, sizeof *list, compare_ranges);
    for (size_t i = 0; i < count; i++) {
        if (list[i].at < from) /* within one that is replaced already */
            continue;
        buf_add_span(out, span_cut(body, from, list[i].at - from));
        redact_value(out, span_cut(body, list[i].at, list[i].len));
        from = list[i].at + list[i].len;
    }
    buf_add_span(out, span_cut(body, from, body.n));
    buf_break_with(out, &ranges);
    buf_fini(&ranges);
}

/* -- Secrets wherever they appear ------------------------------------------------------------- */

static void collect(struct redact_secrets *s, struct span value)
{
    for (size_t i = 0; i < s->count; i++)
        if (span_same(s->values[i], value))
            return;
    if (value.n < REDACT_SECRET_MIN)
        return;
    if (s->count < REDACT_SECRETS_MAX)
        s->values[s->count++] = value;
    else
        s->dropped = true;
}

void redact_collect_header(struct redact_secrets *s, struct span name, struct span value)
{
    if (!redact_is_secret_header(name))
        return;
    bool has_scheme = span_is_nocase(name, "Authorization")
        || span_is_nocase(name, "Proxy-Authorization");
    size_t space = has_scheme ? span_find(value, ' ') : value.n;
    collect(s, span_trim(space < value.n ? span_cut(value, space + 1, value.n) : value));
}

void redact_collect_target(struct redact_secrets *s, struct span target)
{
    struct query query = query_of(target);
    struct query_pair pair;
    while (query_next(&query, &pair))
        if (is_secret_pair(&pair))
            collect(s, pair.value);
}

static size_t name_length(struct span s)
{
    size_t n = 0;
    while (n < s.n
           && (s.p[n] == '-' || (s.p[n] >= '0' && s.p[n] <= '9') || (s.p[n] >= 'A' && s.p[n] <= 'Z')
               || (s.p[n] >= 'a' && s.p[n] <= 'z')))
        n++;
    return n;
}

static size_t length_of_any(struct span s, const char *characters)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '\0' && strchr(characters, s.p[n]))
        n++;
    return n;
}

static size_t length_without(struct span s, const char *characters)
{
    size_t n = 0;
    while (n < s.n && !strchr(characters, s.p[n]))
        n++;
    return n;
}

/* rest begins behind the name. The value goes on to the end of the line or of what is quoted; a first
 * word of it, behind a scheme, is a secret by itself too: a sentence may go on behind it. */
static void collect_logged(struct redact_secrets *s, struct span name, struct span rest)
{
    size_t between = length_of_any(rest, " \t'\"\\:=,>");
    if (length_without(span_cut(rest, 0, between), "'\":=") == between)
        return;
    rest = span_cut(rest, between, rest.n);
    struct span value = span_cut(rest, 0, length_without(rest, "'\"\\\r\n"));
    redact_collect_header(s, name, value);
    size_t scheme = span_find(value, ' ') + 1;
    size_t word = length_without(span_cut(value, scheme, value.n), " ,;");
    redact_collect_header(s, name, span_cut(value, 0, scheme + word));
}

void redact_collect_log(struct redact_secrets *s, struct span log)
{
    while (log.n > 0) {
        size_t n = name_length(log);
        struct span name = span_cut(log, 0, n);
        log = span_cut(log, n > 0 ? n : 1, log.n);
        if (n > 0 && redact_is_secret_header(name))
            collect_logged(s, name, log);
    }
}

/* The byte that two hexadecimal digits at `at` stand for; -1 when they are none. */
static int hex_byte(struct span text, size_t at)
{
    int high = text.n - at >= 2 ? text_hex_value(text.p[at]) : -1;
    int low = high >= 0 ? text_hex_value(text.p[at + 1]) : -1;
    return low >= 0 ? high << 4 | low : -1;
}

/* Reads one character as an URL or a JSON string may spell it: "/" is "%2F", "\/" and "\u002f" too. Returns how many
 * bytes it takes; there is at least one. */
static size_t read_spelled(struct span text, size_t at, int *c)
{
    struct span rest = span_cut(text, at, text.n);
    *c = -1;
    if (rest.p[0] == '%' && (*c = hex_byte(rest, 1)) >= 0)
        return 3;
    if (span_starts(rest, "\\u00") && (*c = hex_byte(rest, 4)) >= 0)
        return 6;
    bool escaped = rest.n > 1 && rest.p[0] == '\\'
        && (rest.p[1] == '/' || rest.p[1] == '"' || rest.p[1] == '\\');
    *c = (unsigned char)rest.p[escaped];
    return escaped ? 2 : 1;
}

/* How many bytes of text, from `at` on, spell the secret; 0 when they spell something else. */
static size_t spelled_len(struct span text, size_t at, struct span secret)
{
    size_t from = at;
    for (size_t i = 0; i < secret.n;) {
        int wanted, found;
        if (at == text.n)
            return 0;
        i += read_spelled(secret, i, &wanted);
        at += read_spelled(text, at, &found);
        if (wanted != found)
            return 0;
    }
    return at - from;
}

/* How many bytes from `at` on are a secret; 0 when none begins there. The longest wins. */
static size_t secret_at(struct span text, size_t at, const struct redact_secrets *s)
{
    size_t longest = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t n = spelled_len(text, at, s->values[i]);
        if (n > longest)
            longest = n;
    }
    return longest;
}

void redact_text(struct buf *out, struct span text, const struct redact_secrets *s)
{
    size_t from = 0;
    for (size_t at = 0; s->count > 0 && at < text.n;) {
        size_t n = secret_at(text, at, s);
        if (n == 0) {
            at++;
            continue;
        }
        buf_add_span(out, span_cut(text, from, at - from));
        buf_add_text(out, REDACTED);
        from = at += n;
    }
    buf_add_span(out, span_cut(text, from, text.n));
}
