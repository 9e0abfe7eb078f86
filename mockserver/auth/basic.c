/* Basic credentials (RFC 7617): Authorization: Basic base64(user:password). */
#include "scheme.h"

#include "base/base64.h"

enum { USER_PASS_MAX = 4096 };

static bool matches(const struct json *object)
{
    return auth_is_type(object, "http")
        && span_is_nocase(span_of(json_string(json_get(object, "scheme"))), "basic");
}

/* token may be the whole "user:password", or a password that is accepted with any user. */
static bool is_accepted(struct span user_pass, const char *token)
{
    size_t colon = span_find(user_pass, ':');
    return span_is(user_pass, token) || span_is(span_cut(user_pass, colon + 1, user_pass.n), token);
}

static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)state, (void)use;
    struct span encoded;
    struct buf user_pass;
    if (!auth_authorization(q->request, "Basic", &encoded, out))
        return false;
    buf_init(&user_pass, USER_PASS_MAX);
    bool readable = base64_decode(&user_pass, encoded) && !user_pass.broken;
    struct span text = buf_span(&user_pass);
    bool good = true;
    if (!readable || span_find(text, ':') == text.n)
        good = auth_refuse(out, true, auth_unauthorized[0],
                           "the Basic credentials are not base64 of user:password");
    else if (o->token && !is_accepted(text, o->token))
        good = auth_refuse(out, true, auth_unauthorized[0],
                           "the Basic password is not the one that is accepted");
    buf_fini(&user_pass);
    return good;
}

const struct auth_scheme auth_basic = {
    .name = "basic",
    .object = "`{\"type\": \"http\", \"scheme\": \"basic\"}`",
    .accepts = "`Authorization: Basic`, any user and password; with `--token` the password, or "
               "`user:password`, must be that",
    .matches = matches,
    .check = check,
    .replies = auth_unauthorized,
};
