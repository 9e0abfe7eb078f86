/* harness check: fixtures load and are held against themselves, recordings and a live service against a contract. */
#include "check_fixtures.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "commands.h"
#include "harness/check/check.h"
#include "harness/check/told.h"

#include <stdio.h>
#include <string.h>

static const char HELP[] =
    "harness check [FOLDER | FILE.har]...\n"
    "harness check --live UPSTREAM=URL --task ID\n"
    "\n"
    "Loads fixtures and says everything that is wrong with them. Each reply is held\n"
    "against its .want.json and its contract; so are the answers of a recording, and\n"
    "of a service that is asked once, against the contract of their upstream. What a\n"
    "contract demands and a reply lacks is a warning, which fails nothing unless\n"
    "--fail-on says so.\n"
    "\n";

enum { SECRET_MAX = 1024 };

struct check_arguments {
    const char *fixtures, *upstream, *live, *fail_on, *max_age, *secret_file;
    struct args_list reports;
    struct check_live service;
    int64_t app_id;
    bool verbose;
};

/* Prints one finding as text, counts it, and hands it to the reports. */
static void tell(const struct check_finding *f, void *arg)
{
    struct check_run *run = arg;
    struct buf *text = &run->out->text;
    struct buf what;
    check_told_add(&run->told, f);
    if (!run->told.prints_text || (f->level == CHECK_NOTE && !run->told.notes))
        return;
    buf_init(&what, 1 << 20);
    check_told_what(&what, f);
    if (f->level == CHECK_WRONG) {
        buf_addf(text, "%s: %s\n", f->e->where, what.p);
    } else {
        struct err warning;
        err_set(&warning, ERR_OK, f->e->where, "%s: %s", check_level_name(f->level), what.p);
        run->out->warn(run->out, &warning);
    }
    buf_fini(&what);
}

/* -- Recordings --------------------------------------------------------------------------------- */

static void ignore(const struct check_finding *f, void *arg)
{
    (void)f, (void)arg;
}

static int no_upstream(const char *option, const char *name, const struct fixtures *f,
                       struct err *e)
{
    const char *near = fixtures_nearest_upstream(f, name);
    return err_set(e, ERR_USAGE, option, "no upstream \"%s\"%s%s", name, near ? "; nearest: " : "",
                   near ? near : "");
}

/* The one whose operations most of the recording's requests are. */
static int choose_upstream(const struct fixtures *f, const char *path, const struct upstream **out,
                           struct err *e)
{
    struct check_age any = {0};
    uint32_t most = 0;
    char names[ERR_WHAT_MAX] = "";
    size_t n = 0;
    bool several = false;
    *out = NULL;
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        uint32_t answers = 0;
        int code = check_recording(path, f, &f->upstreams[i], &any, ignore, NULL, &answers, e);
        if (code)
            return code;
        if (answers < most || !answers)
            continue;
        several = answers == most;
        n = several ? n : 0;
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", several ? ", " : "",
                              f->upstreams[i].name);
        n = n < sizeof names ? n : sizeof names - 1;
        most = answers;
        *out = &f->upstreams[i];
    }
    if (!most)
        return err_set(e, ERR_NOT_FOUND, path, "holds no request of an upstream's contract");
    return several ? err_set(e, ERR_USAGE, "--upstream",
                             "which one? The requests of %.100s are those of %.300s", path, names)
                   : 0;
}

static int check_file(const struct check_arguments *a, const struct fixtures *f, const char *path,
                      struct check_run *run, struct err *e)
{
    const struct upstream *u = a->upstream ? fixtures_upstream(f, a->upstream) : NULL;
    uint32_t answers = 0, before = run->told.counts[CHECK_WRONG];
    if (a->upstream && !u)
        return no_upstream("--upstream", a->upstream, f, e);
    int code = u ? 0 : choose_upstream(f, path, &u, e);
    if (!code)
        code = check_recording(path, f, u, &run->age, tell, run, &answers, e);
    if (!code && !answers)
        code = err_set(e, ERR_NOT_FOUND, path,
                       "holds no answer of %s: no request is one of its "
                       "contract's operations",
                       u->name);
    if (code || !run->told.prints_text || run->told.counts[CHECK_WRONG] != before)
        return code;
    buf_add_plain(&run->out->text, span_of(path));
    buf_addf(&run->out->text, ": %u %s of %s: good\n", answers,
             text_count_word(answers, "answer", "answers"), u->name);
    return 0;
}

/* -- A live service ------------------------------------------------------------------------------- */

static int ask_live(struct check_arguments *a, const struct fixtures *f, struct check_run *run,
                    struct err *e)
{
    char name[REPLY_NAME_MAX];
    const char *equals = strchr(a->live, '=');
    uint32_t before = run->told.counts[CHECK_WRONG];
    if (!equals
        || !span_copy((struct span){a->live, (size_t)(equals - a->live)}, name, sizeof name))
        return err_set(e, ERR_USAGE, "--live", "UPSTREAM=URL is wanted, not \"%s\"", a->live);
    if (!a->service.task || !a->service.task[0])
        return err_set(e, ERR_USAGE, "--task", "which task? --live asks for one");
    const struct upstream *u = fixtures_upstream(f, name);
    if (!u)
        return no_upstream("--live", name, f, e);
    struct buf secret;
    buf_init(&secret, SECRET_MAX);
    int code = a->secret_file ? file_read_stream(a->secret_file, &secret, e) : 0;
    while (secret.n && strchr("\r\n", secret.p[secret.n - 1]))
        secret.p[--secret.n] = '\0';
    a->service.secret = a->secret_file ? secret.p : NULL;
    a->service.base_url = equals + 1;
    a->service.app_id = (uint32_t)a->app_id;
    code = code ? code : check_live(u, &a->service, tell, run, e);
    buf_fini(&secret);
    if (!code && run->told.prints_text && run->told.counts[CHECK_WRONG] == before) {
        buf_add_plain_url(&run->out->text, span_of(a->service.base_url));
        buf_addf(&run->out->text, ": 1 answer of %s: good\n", u->name);
    }
    return code;
}

/* -- All of it ------------------------------------------------------------------------------------ */

static bool is_recording(const char *word)
{
    size_t n = strlen(word);
    return !file_is_dir(word)
        && (file_exists(word) || (n > 4 && strcmp(word + n - 4, ".har") == 0));
}

/* What needs the contracts of --fixtures: recordings and the live service. */
static int check_by_contracts(struct check_arguments *a, const struct args_rest *rest,
                              struct check_run *run, struct err *e)
{
    char dir[FILE_PATH_MAX];
    struct fixtures *f = NULL;
    bool wanted = a->live;
    for (int i = 0; i < rest->count; i++)
        wanted = wanted || is_recording(rest->words[i]);
    if (!wanted)
        return 0;
    int code = fixtures_find(a->fixtures, dir, e);
    if (!code)
        code = fixtures_load(dir, NULL, NULL, &f, e);
    for (int i = 0; !code && i < rest->count; i++)
        if (is_recording(rest->words[i]))
            code = check_file(a, f, rest->words[i], run, e);
    if (!code && a->live)
        code = ask_live(a, f, run, e);
    fixtures_free(f);
    return code;
}

static int check_all(struct check_arguments *a, const struct args_rest *rest, struct check_run *run,
                     struct err *e)
{
    char dir[FILE_PATH_MAX];
    int code = 0;
    if (rest->count == 0 && !a->live) {
        code = fixtures_find(a->fixtures, dir, e);
        return code ? code : check_fixtures(dir, run, e);
    }
    for (int i = 0; !code && i < rest->count; i++)
        if (!is_recording(rest->words[i]))
            code = check_fixtures(rest->words[i], run, e);
    return code ? code : check_by_contracts(a, rest, run, e);
}

static int read_rest(struct check_arguments *a, const struct args_rest *rest, struct check_run *run,
                     enum check_level *fail_on, struct err *e)
{
    int code = check_told_open(&a->reports, &run->told, e);
    run->told.notes = a->verbose;
    run->age.now_s = clock_now(clock_real()) / 1000;
    *fail_on = CHECK_WRONG;
    if (!code && rest->after)
        code = err_set(e, ERR_USAGE, "--", "check runs no command");
    if (!code && a->fail_on && !check_level_read(a->fail_on, fail_on, e))
        code = ERR_USAGE;
    if (!code && a->max_age && !check_age_read(a->max_age, &run->age.max_s))
        code = err_set(e, ERR_USAGE, "--max-age", "\"%s\" is no age: 90d, 12h ... are", a->max_age);
    return code;
}

/* The exit code, after what is to be printed. */
static int end(struct check_run *run, enum check_level fail_on, struct err *e)
{
    struct buf *printed = NULL;
    uint32_t wrong = run->told.counts[CHECK_WRONG], failed = 0;
    int code = check_told_end(&run->told, &printed, e);
    if (printed)
        buf_add_span(&run->out->text, buf_span(printed));
    if (wrong > 0 && run->told.prints_text)
        buf_addf(&run->out->text, "%u %s wrong\n", wrong,
                 text_count_word(wrong, "thing is", "things are"));
    for (int level = CHECK_WRONG; level <= (int)fail_on; level++)
        failed += run->told.counts[level];
    if (failed)
        return EXIT_CHECK_FAILED;
    return code ? args_exit_code((enum err_code)code) : EXIT_GOOD;
}

int command_check(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct check_arguments a = {.service.timeout_ms = 30000};
    struct check_run run = {.out = out, .tell = tell};
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_TEXT, &a.fixtures, 0, 0, "DIR",
         "what to check without words, and whose contracts recordings and services are held "
         "against "
         "(default: ./fixtures, else the installed ones)"},
        {"--upstream", 0, ARGS_TEXT, &a.upstream, 0, 0, "U",
         "whose contract recordings are held against (default: the one that their requests fit)"},
        {"--live", 0, ARGS_TEXT, &a.live, 0, 0, "U=URL",
         "ask the service at URL once, as the contract of U polls"},
        {"--task", 0, ARGS_TEXT, &a.service.task, 0, 0, "ID", "the task that --live asks for"},
        {"--token", 0, ARGS_TEXT, &a.service.token, 0, 0, "T",
         "what --live proves itself by; better in the variable (default: none is sent)"},
        {"--app-id", 0, ARGS_INT, &a.app_id, 0, UINT32_MAX, "N", "of signed requests"},
        {"--secret-file", 0, ARGS_TEXT, &a.secret_file, 0, 0, "F",
         "file that holds the secret of signed requests"},
        {"--timeout", 0, ARGS_DURATION, &a.service.timeout_ms, 0, 0, "D",
         "of --live (default: 30s)"},
        {"--max-age", 0, ARGS_TEXT, &a.max_age, 0, 0, "AGE",
         "warn of replies that are older, as 90d or 12h, by their Date header, else by the time in "
         "the recording (default: any age is good)"},
        {"--fail-on", 0, ARGS_TEXT, &a.fail_on, 0, 0, "LEVEL",
         "wrong, warning or note: what makes the exit code 1 (default: wrong)"},
        {"--report", 0, ARGS_LIST, &a.reports, 0, 0, "R[=FILE]",
         "text, json or github; may be given again (default: text)"},
        {"--verbose", 0, ARGS_SWITCH, &a.verbose, 0, 0, NULL,
         "tell notes too, what the contracts do not describe among them (default: do not)"},
        {0},
    };
    struct args_rest rest;
    enum check_level fail_on = CHECK_WRONG;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (code)
        return args_exit_code((enum err_code)code);
    code = read_rest(&a, &rest, &run, &fail_on, e);
    if (!code)
        code = check_all(&a, &rest, &run, e);
    int exit_code = code ? args_exit_code((enum err_code)code) : end(&run, fail_on, e);
    check_told_fini(&run.told);
    return exit_code;
}
