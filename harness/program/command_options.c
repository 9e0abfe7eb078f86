/* What every command begins with. */
#include "commands.h"

int command_options(const struct args_option *options, int argc, char **argv, const char *help,
                    struct args_rest *rest, struct command_output *out, struct err *e)
{
    int code = args_read(options, argc, argv, rest, e);
    rest->help = rest->help && !code;
    if (rest->help) {
        buf_add_text(&out->text, help);
        args_help(options, &out->text);
    }
    return code;
}
