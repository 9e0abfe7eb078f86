/* harness where: which fixtures are taken, and why. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "mockserver/fixture/fixtures.h"

#include <limits.h>
#include <stdlib.h>

static const char HELP[] =
    "harness where [OPTION]...\n"
    "\n"
    "Says which folder of fixtures is taken: its path is the first line. Below it stands where\n"
    "they are looked for, in that order.\n"
    "\n";

static void line(struct buf *out, const char *what, const char *answer, const char *dir)
{
    buf_addf(out, "  %-20s %s", what, answer);
    if (dir[0] != '\0') {
        buf_add_text(out, ": ");
        buf_add_plain(out, span_of(dir));
    }
    buf_add_char(out, '\n');
}

/* The two ways to give one; which of them it was shows in who lends the text. */
static void tell_given(const char *given, struct buf *out)
{
    bool by_variable = given && given == args_variable("UNDERSTUDY_FIXTURES");
    line(out, "--fixtures", given && !by_variable ? "given" : "not given", "");
    line(out, "UNDERSTUDY_FIXTURES", by_variable ? "set" : "not set", "");
}

int command_where(int argc, char **argv, struct command_output *out, struct err *e)
{
    const char *given = NULL;
    char dir[FILE_PATH_MAX], whole[PATH_MAX];
    struct fixtures_places places;
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_TEXT, &given, 0, 0, "DIR",
         "the fixtures (default: those that are found)"},
        {0},
    };
    struct args_rest rest;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && (rest.count > 0 || rest.after))
        code = err_set(e, ERR_USAGE, rest.count > 0 ? rest.words[0] : "--",
                       "where takes options only");
    if (code)
        return args_exit_code((enum err_code)code);
    code = fixtures_find(given, dir, e);
    if (!code) {
        buf_add_plain(&out->text, span_of(realpath(dir, whole) ? whole : dir));
        buf_add_char(&out->text, '\n');
    }
    tell_given(given, &out->text);
    fixtures_places(given, &places);
    bool taken = false;
    for (uint32_t i = 0; i < places.count; i++) {
        const struct fixtures_place *p = &places.list[i];
        line(&out->text, p->what, !p->there ? "no folder" : taken ? "not needed" : "taken", p->dir);
        taken |= p->there;
    }
    return args_exit_code((enum err_code)code);
}
