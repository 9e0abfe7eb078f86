/* Redaction of headers, targets and bodies. */
#include "redact.h"

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
        "Authorization", "Proxy-Authorization", "Cookie",       "Set-Cookie", "X-Api-Key",
        "Api-Key",       "X-Auth-Token",        "X-Amz-Security-Token", "X-Goog-Api-Key", NULL,
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

void redact_target(struct buf *out, struct span target)
{
    size_t query = span_find(target, '?');
    buf_add_span(out, span_cut(target, 0, query));
    struct span rest = span_cut(target, query + 1, target.n);
    char before = '?';
    bool more = query < target.n;
    while (more) {
        size_t end = span_find(rest, '&');
        struct span pair = span_cut(rest, 0, end);
        size_t equals = span_find(pair, '=');
        buf_add_char(out, before);
        if (equals < pair.n && redact_is_secret_param(span_cut(pair, 0, equals))) {
            buf_add_span(out, span_cut(pair, 0, equals + 1));
            buf_add_text(out, REDACTED);
        } else {
            buf_add_span(out, pair);
        }
        more = end < rest.n;
        rest = span_cut(rest, end + 1, rest.n);
        before = '&';
    }
}

enum { REDACT_PLACES_MAX = 1024 };

struct places {
    struct json_place at[REDACT_PLACES_MAX];
    size_t count;
};

static bool keep_place(const struct json_place *place, void *arg)
{
    struct places *places = arg;
    if (places->count == REDACT_PLACES_MAX)
        return false;
    places->at[places->count++] = *place;
    return true;
}

/* The first place at or after from; NULL when none is left. Places are few: no sorting. */
static const struct json_place *next_place(const struct places *places, size_t from)
{
    const struct json_place *next = NULL;
    for (size_t i = 0; i < places->count; i++) {
        const struct json_place *p = &places->at[i];
        if (p->at >= from && (!next || p->at < next->at || (p->at == next->at && p->len > next->len)))
            next = p;
    }
    return next;
}

void redact_body(struct buf *out, struct span body, const struct json *pointers)
{
    struct places places = { .count = 0 };
    if (pointers && json_scan(body, NULL, NULL) == 0)
        for (const struct json *p = json_first(pointers); p; p = json_next(p))
            json_find_all(body, json_string(p), keep_place, &places);

    size_t from = 0;
    for (const struct json_place *p = next_place(&places, 0); p; p = next_place(&places, from)) {
        buf_add_span(out, span_cut(body, from, p->at - from));
        struct span value = span_cut(body, p->at, p->len);
        if (span_is(value, "null"))
            buf_add_span(out, value);
        else
            buf_add_text(out, "\"" REDACTED "\"");
        from = p->at + p->len;
    }
    buf_add_span(out, span_cut(body, from, body.n));
}
