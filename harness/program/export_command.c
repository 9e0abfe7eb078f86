/* harness export: scenarios and runs become files of other tools. */
#include "commands.h"

#include "base/args.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/export/export.h"
#include "harness/run/run.h"

#include <string.h>

static const char HELP[] =
    "harness export --format har|wiremock --out FOLDER [UPSTREAM[:SCENARIO] | REPORT.json]...\n"
    "\n"
    "Writes scenarios, or what a run of them has seen (--report json=FILE), as HAR files\n"
    "or as WireMock's mappings, a file a scenario. Says what the format cannot say.\n"
    "Without words every scenario is written.\n"
    "\n";

struct export_arguments {
    const char *fixtures, *format, *dir;
};

static void print_error(const struct err *e, void *arg)
{
    struct command_output *out = arg;
    if (e->code != ERR_OK)
        buf_addf(&out->text, "%s: %s\n", e->where, e->what);
}

/* A scenario that cannot be written, since it is too long, is told; the others are written all the same. */
static int skip(struct command_output *out, int code, struct err *e)
{
    if (code != ERR_LIMIT && code != ERR_USAGE && code != ERR_NOT_FOUND)
        return code;
    out->warn(out, e);
    *e = (struct err){0};
    return 0;
}

static int export_report(struct export *x, const struct fixtures *f, const struct json *report,
                         struct command_output *out, struct err *e)
{
    int code = 0;
    for (const struct json *s = json_first(json_get(report, "scenarios")); !code && s;
         s = json_next(s))
        code = skip(out, export_run(x, f, s, e), e);
    return code;
}

/* A report of a run, or NULL: the word is something else. */
static struct json *open_report(const char *word)
{
    struct json *document = NULL;
    if (!file_exists(word) || file_is_dir(word)
        || json_open_file(word, JSON_TEXT_MAX, false, &document, NULL))
        return NULL;
    if (json_kind(json_get(document, "scenarios")) == JSON_ARRAY)
        return document;
    json_close(document);
    return NULL;
}

static int export_jobs(struct export *x, struct fixtures *f, const char *const *words, int count,
                       struct command_output *out, struct err *e)
{
    struct jobs jobs = {0};
    int code = jobs_select(f, words, count, &jobs, e);
    for (uint32_t i = 0; !code && i < jobs.count; i++)
        code = skip(out, export_scenario(x, jobs.list[i].upstream, jobs.list[i].scenario, e), e);
    jobs_fini(&jobs);
    return code;
}

static int export_words(struct export *x, struct fixtures *f, const struct args_rest *rest,
                        struct command_output *out, struct err *e)
{
    int code = rest->count ? 0 : export_jobs(x, f, NULL, 0, out, e);
    for (int i = 0; !code && i < rest->count; i++) {
        struct json *report = open_report(rest->words[i]);
        code = report ? export_report(x, f, report, out, e)
                      : export_jobs(x, f, &rest->words[i], 1, out, e);
        json_close(report);
    }
    return code;
}

static void say(const struct export *x, struct buf *out)
{
    buf_addf(out, "%u %s, %u %s: ", x->files, text_count_word(x->files, "file", "files"),
             x->answers, text_count_word(x->answers, "answer", "answers"));
    buf_add_plain(out, span_of(x->dir));
    buf_addf(out, "\n%s.\n", export_cannot_say(x->format));
    if (x->cut)
        buf_addf(out, "%u %s cut or lost by a fault.\n", x->cut,
                 text_count_word(x->cut, "answer is", "answers are"));
    if (x->left_out)
        buf_addf(out, "%u %s left out: the report tells no recorded reply of them.\n", x->left_out,
                 text_count_word(x->left_out, "poll is", "polls are"));
}

static int read_options(const struct export_arguments *a, const struct args_rest *rest,
                        struct export *x, struct err *e)
{
    if (rest->after)
        return err_set(e, ERR_USAGE, "--", "export runs no command");
    if (!a->format || !a->dir)
        return err_set(e, ERR_USAGE, a->format ? "--out" : "--format", "%s",
                       a->format ? "the folder is wanted" : "har or wiremock is wanted");
    for (int i = 0; export_names[i]; i++)
        if (strcmp(export_names[i], a->format) == 0) {
            *x = (struct export){.format = (enum export_format)i, .dir = a->dir};
            return 0;
        }
    const char *near = text_nearest(a->format, export_names);
    return err_set(e, ERR_USAGE, "--format", "\"%s\" is not har or wiremock%s%s", a->format,
                   near ? "; nearest: " : "", near ? near : "");
}

int command_export(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct export_arguments a = {0};
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_TEXT, &a.fixtures, 0, 0, "DIR",
         "the fixtures (default: ./fixtures, else the installed ones)"},
        {"--format", 0, ARGS_TEXT, &a.format, 0, 0, "F", "har or wiremock (required)"},
        {"--out", 0, ARGS_TEXT, &a.dir, 0, 0, "FOLDER",
         "where the files go; those of the same name are replaced (required)"},
        {0},
    };
    struct args_rest rest;
    struct export x = {0};
    struct fixtures *f = NULL;
    char dir[FILE_PATH_MAX];
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code)
        code = read_options(&a, &rest, &x, e);
    if (!code)
        code = fixtures_find(a.fixtures, dir, e);
    if (!code)
        code = fixtures_load(dir, print_error, out, &f, e);
    if (!code)
        code = export_words(&x, f, &rest, out, e);
    fixtures_free(f);
    if (code)
        return code == ERR_NOT_FOUND ? EXIT_USAGE : args_exit_code((enum err_code)code);
    say(&x, &out->text);
    return x.files ? EXIT_GOOD : EXIT_CHECK_FAILED;
}
