/* harness init: a good client to start from, and its test. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/init/init.h"

#include <string.h>

static const char HELP[] =
    "harness init python|node|go|c|bash [FOLDER]\n"
    "\n"
    "Writes a small polite client for a video task of doubao, how the harness starts it\n"
    "(understudy.json), and its test against the mock (test.sh), into the folder or here. What is\n"
    "there already is never overwritten.\n"
    "\n";

enum { LANGUAGES_MAX = 16 };

static const struct init_language *find_language(const char *word, struct err *e)
{
    const char *names[LANGUAGES_MAX + 1] = {0};
    size_t n = 0;
    for (const struct init_language *l = init_languages(); l->name && n < LANGUAGES_MAX; l++) {
        if (strcmp(word, l->name) == 0)
            return l;
        names[n++] = l->name;
    }
    const char *near = text_nearest(word, names);
    err_set(e, ERR_USAGE, NULL, "no client in \"%s\"; there is %s", word,
            near ? near : "python, node, go, c and bash");
    return NULL;
}

static void tell(const struct init_language *language, const char *dir, struct buf *out)
{
    for (int i = 0; i < INIT_FILES_MAX; i++) {
        buf_add_plain(out, span_of(dir));
        buf_addf(out, "/%s\n", language->files[i].name);
    }
    buf_add_text(out, "next: sh ");
    buf_add_plain(out, span_of(dir));
    buf_add_text(out, "/test.sh doubao:success\n");
}

int command_init(int argc, char **argv, struct command_output *out, struct err *e)
{
    const struct args_option options[] = {{0}};
    struct args_rest rest;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "init runs no command");
    if (!code && (rest.count < 1 || rest.count > 2))
        code = err_set(e, ERR_USAGE, NULL,
                       "a language is wanted, python, node, go, c or bash, and perhaps a folder");
    const struct init_language *language = code ? NULL : find_language(rest.words[0], e);
    if (!code && !language)
        code = ERR_USAGE;
    if (code)
        return args_exit_code((enum err_code)code);
    const char *dir = rest.count == 2 ? rest.words[1] : ".";
    code = init_write(language, dir, e);
    if (!code)
        tell(language, dir, &out->text);
    return args_exit_code((enum err_code)code);
}
