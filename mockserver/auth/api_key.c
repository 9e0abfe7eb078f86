/* API keys: a header, a query parameter or a cookie that the contract names. */
#include "scheme.h"

static bool matches(const struct json *object)
{
    struct span in = span_of(json_string(json_get(object, "in")));
    const char *name = json_string(json_get(object, "name"));
    return auth_is_type(object, "apiKey") && name && name[0]
        && (span_is(in, "header") || span_is(in, "query") || span_is(in, "cookie"));
}

/* The first cookie of that name (RFC 6265: "a=1; b=2"), and how often it is there. */
static unsigned cookie(const struct message *request, const char *name, struct span *value)
{
    struct span rest = {0};
    unsigned times = 0;
    *value = (struct span){0};
    if (message_header(request, "Cookie", &rest) > 1)
        return 2; /* RFC 6265 section 5.4: one header */
    while (rest.n > 0) {
        struct span pair = span_trim(span_cut(rest, 0, span_find(rest, ';')));
        size_t equals = span_find(pair, '=');
        rest = span_cut(rest, span_find(rest, ';') + 1, rest.n);
        if (!span_is(span_cut(pair, 0, equals), name))
            continue;
        if (times++ == 0)
            *value = span_cut(pair, equals + 1, pair.n);
    }
    return times;
}

static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)state;
    struct span key;
    unsigned times = 1; /* target_parse refuses a query parameter given twice */
    if (use->in_query)
        key = span_of(target_param(&q->request->target, use->name));
    else if (use->in_cookie)
        times = cookie(q->request, use->name, &key);
    else
        times = message_header(q->request, use->name, &key);
    if (key.n == 0)
        return auth_refuse(out, false, auth_unauthorized[0],
                           use->in_query        ? "no API key in the query"
                               : use->in_cookie ? "no API key in a cookie"
                                                : "no API key in the header");
    if (times > 1)
        return auth_refuse(out, true, auth_unauthorized[0], "the API key is given twice");
    if (o->token && !span_is(key, o->token))
        return auth_refuse(out, true, auth_unauthorized[0],
                           "the API key is not the one that is accepted");
    return true;
}

const struct auth_scheme auth_api_key = {
    .name = "apiKey",
    .object = "`{\"type\": \"apiKey\", \"in\": \"header\", \"query\" or \"cookie\", \"name\": N}`",
    .accepts = "any value that is not empty, or the one of `--token`",
    .matches = matches,
    .check = check,
    .replies = auth_unauthorized,
};
