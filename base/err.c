/* Fills errors, puts prefixes before their place, and names their codes. */
#include "err.h"

#include "plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, enum err_code code, const char *where, const char *format, ...)
{
    if (!e)
        return (int)code;
    /* The arguments may point into *e, so both texts are made before either is stored. */
    char where_text[ERR_WHERE_MAX] = "";
    char what_text[ERR_WHAT_MAX] = "";
    if (where)
        (void)snprintf(where_text, sizeof where_text, "%s", where);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what_text, sizeof what_text, format, args);
    va_end(args);
    plain_in_place(where_text);
    plain_in_place(what_text);
    e->code = code;
    memcpy(e->where, where_text, sizeof e->where);
    memcpy(e->what, what_text, sizeof e->what);
    return (int)code;
}

int err_wrap(struct err *e, enum err_code fallback, const char *prefix_format, ...)
{
    if (!e)
        return (int)fallback;
    char prefix[ERR_WHERE_MAX];
    char joined[2 * ERR_WHERE_MAX + 2];
    va_list args;
    va_start(args, prefix_format);
    (void)vsnprintf(prefix, sizeof prefix, prefix_format, args);
    va_end(args);
    (void)snprintf(joined, sizeof joined, "%s%s%s", prefix, e->where[0] != '\0' ? ": " : "",
                   e->where);
    joined[ERR_WHERE_MAX - 1] = '\0';
    plain_in_place(joined);
    memcpy(e->where, joined, sizeof e->where);
    return (int)e->code;
}

const char *err_name(enum err_code code)
{
    static const char *const names[] = {
        [ERR_OK] = "ok",
        [ERR_SYNTAX] = "syntax",
        [ERR_CONTRACT] = "contract",
        [ERR_LIMIT] = "limit",
        [ERR_MEMORY] = "memory",
        [ERR_FILE] = "file",
        [ERR_NOT_FOUND] = "not found",
        [ERR_USAGE] = "usage",
        [ERR_NETWORK] = "network",
        [ERR_TIMEOUT] = "timeout",
        [ERR_CANCELLED] = "cancelled",
    };
    size_t i = (size_t)code;
    return i < sizeof names / sizeof names[0] ? names[i] : "unknown";
}
