/* API keys: a header or a query parameter that the contract names. */
#include "scheme.h"

static bool matches(const struct json *object)
{
    struct span in = span_of(json_string(json_get(object, "in")));
    const char *name = json_string(json_get(object, "name"));
    return auth_is_type(object, "apiKey") && name && name[0]
        && (span_is(in, "header") || span_is(in, "query"));
}

static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)state;
    struct span key;
    unsigned times = 1; /* target_parse refuses a query parameter given twice */
    if (use->in_query)
        key = span_of(target_param(&q->request->target, use->name));
    else
        times = message_header(q->request, use->name, &key);
    if (key.n == 0)
        return auth_refuse(out, false, auth_unauthorized[0],
                           use->in_query ? "no API key in the query" : "no API key in the header");
    if (times > 1)
        return auth_refuse(out, true, auth_unauthorized[0], "the API key is given twice");
    if (o->token && !span_is(key, o->token))
        return auth_refuse(out, true, auth_unauthorized[0],
                           "the API key is not the one that is accepted");
    return true;
}

const struct auth_scheme auth_api_key = {
    .name = "apiKey",
    .object = "`{\"type\": \"apiKey\", \"in\": \"header\" or \"query\", \"name\": N}`",
    .accepts = "any value that is not empty, or the one of `--token`",
    .matches = matches,
    .check = check,
    .replies = auth_unauthorized,
};
