/* mockserver healthcheck: asks the mock of this machine, or container, whether it answers. */
#include "commands.h"
#include "lifecycle.h"
#include "mockserver/wire/health.h"

#include "base/args.h"

int healthcheck_command(int argc, char **argv, struct err *e)
{
    const char *listen = "127.0.0.1:8080";
    const struct args_option table[] = {
        {"--listen", 0, ARGS_TEXT, &listen, 0, 0, "ADDR",
         "where the mock listens, as it was told (default 127.0.0.1:8080)"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    struct args_rest rest;
    int code = args_read(table, argc, argv, &rest, e);
    if (code)
        return code;
    if (rest.help)
        return lifecycle_help("healthcheck [OPTION...]", table, e);
    if (rest.count > 0 || rest.after)
        return err_set(e, ERR_USAGE, rest.count ? rest.words[0] : "--",
                       "healthcheck takes options only");
    return health_ask(listen, e);
}
