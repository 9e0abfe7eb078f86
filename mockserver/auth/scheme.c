/* Auth schemes: functions that several rows use. */
#include "scheme.h"

#include <string.h>

const char *const auth_unauthorized[2] = {"error.unauthorized", NULL};

bool auth_is_type(const struct json *object, const char *type)
{
    return span_is(span_of(json_string(json_get(object, "type"))), type)
        && !json_get(object, "x-scheme");
}

bool auth_authorization(const struct message *request, const char *scheme, struct span *credentials,
                        struct auth_answer *out)
{
    struct span value;
    unsigned lines = message_header(request, "Authorization", &value);
    if (lines == 0)
        return auth_refuse(out, false, auth_unauthorized[0], "no Authorization header");
    if (lines > 1)
        return auth_refuse(out, true, auth_unauthorized[0], "Authorization is given twice");
    size_t space = span_find(value, ' ');
    *credentials = span_trim(span_cut(value, space, value.n));
    if (span_is_nocase(span_cut(value, 0, space), scheme))
        return true;
    return auth_refuse(out, false, auth_unauthorized[0],
                       strcmp(scheme, "Bearer") == 0 ? "the Authorization scheme is not Bearer"
                                                     : "the Authorization scheme is not Basic");
}
