/* Bearer tokens (RFC 6750): Authorization: Bearer TOKEN. */
#include "scheme.h"

static bool matches(const struct json *object)
{
    return auth_is_type(object, "http")
        && span_is_nocase(span_of(json_string(json_get(object, "scheme"))), "bearer");
}

/* The characters of RFC 6750's b64token: letters, digits, -._~+/ and then any number of =. */
static bool is_b64token(struct span s)
{
    static const bool allowed[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
        ['-'] = true,         ['.'] = true,         ['_'] = true,
        ['~'] = true,         ['+'] = true,         ['/'] = true,
    };
    size_t i = 0;
    while (i < s.n && allowed[(unsigned char)s.p[i]])
        i++;
    if (i == 0)
        return false;
    while (i < s.n && s.p[i] == '=')
        i++;
    return i == s.n;
}

static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)state, (void)use;
    struct span token;
    if (!auth_authorization(q->request, "Bearer", &token, out))
        return false;
    if (!is_b64token(token))
        return auth_refuse(out, true, auth_unauthorized[0],
                           "the bearer token is empty or holds characters that none may have");
    if (o->token && !span_is(token, o->token))
        return auth_refuse(out, true, auth_unauthorized[0],
                           "the bearer token is not the one that is accepted");
    return true;
}

const struct auth_scheme auth_bearer = {
    .name = "bearer",
    .object = "`{\"type\": \"http\", \"scheme\": \"bearer\"}`",
    .accepts = "`Authorization: Bearer TOKEN`, any well-formed token or the one of `--token`",
    .matches = matches,
    .check = check,
    .replies = auth_unauthorized,
};
