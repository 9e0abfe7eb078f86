/* Redaction of headers, targets and bodies. */
#include "redact.h"

#include "mockserver/message/query.h"

#include <string.h>

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
    return is_listed(name, secret);
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

enum { REDACT_RANGES_MAX = 1024 };

struct ranges {
    struct json_range at[REDACT_RANGES_MAX];
    size_t count;
};

static bool keep_range(const struct json_range *range, void *arg)
{
    struct ranges *ranges = arg;
    if (ranges->count == REDACT_RANGES_MAX)
        return false;
    ranges->at[ranges->count++] = *range;
    return true;
}

/* The first range that begins at or after from, the longest of several; NULL when none is left.
 * There are few ranges, so they are not sorted. */
static const struct json_range *next_range(const struct ranges *ranges, size_t from)
{
    const struct json_range *next = NULL;
    for (size_t i = 0; i < ranges->count; i++) {
        const struct json_range *p = &ranges->at[i];
        if (p->at >= from
            && (!next || p->at < next->at || (p->at == next->at && p->len > next->len)))
            next = p;
    }
    return next;
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
    struct ranges ranges = {.count = 0};
    if (json_first(pointers) && json_scan(body, NULL, NULL) == 0)
        for (const struct json *p = json_first(pointers); p; p = json_next(p))
            json_find_all(body, json_string(p), keep_range, &ranges);

    size_t from = 0;
    for (const struct json_range *p = next_range(&ranges, 0); p; p = next_range(&ranges, from)) {
        buf_add_span(out, span_cut(body, from, p->at - from));
        redact_value(out, span_cut(body, p->at, p->len));
        from = p->at + p->len;
    }
    buf_add_span(out, span_cut(body, from, body.n));
}

/* -- Secrets wherever they appear ------------------------------------------------------------- */

static void collect(struct redact_secrets *s, struct span value)
{
    for (size_t i = 0; i < s->count; i++)
        if (span_same(s->values[i], value))
            return;
    if (value.n >= REDACT_SECRET_MIN && s->count < REDACT_SECRETS_MAX)
        s->values[s->count++] = value;
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

/* The length of the longest secret that text has at byte `at`; 0 when it has none. */
static size_t secret_at(struct span text, size_t at, const struct redact_secrets *s)
{
    size_t longest = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct span value = s->values[i];
        if (value.n > longest && value.n <= text.n - at
            && memcmp(text.p + at, value.p, value.n) == 0)
            longest = value.n;
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
