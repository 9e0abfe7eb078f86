/* No credentials: an empty requirement ({}), or no `security` at all. Accepts every request. */
#include "scheme.h"

static bool matches(const struct json *object)
{
    return !object;
}

static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)o, (void)state, (void)use, (void)q, (void)out;
    return true;
}

static const char *const no_replies[] = {NULL};

const struct auth_scheme auth_none = {
    .name = "none",
    .object = "an empty requirement, `{}`",
    .accepts = "everything",
    .matches = matches,
    .check = check,
    .replies = no_replies,
};
