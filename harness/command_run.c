/* harness run: scenarios against the built-in client, judged. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/report.h"
#include "harness/run.h"

#include <stdio.h>
#include <string.h>

struct run_arguments {
    const char *fixtures;
    const char *transport;
    const char *report;
    int64_t threads;
    int64_t speed;
    int64_t seed;
};

static const char HELP[] =
    "harness run [SCENARIO | UPSTREAM | FOLDER]...\n"
    "\n"
    "Runs scenarios against the built-in client and judges its conduct. A scenario is a file or\n"
    "\"upstream:scenario\"; without words every scenario of the fixtures runs.\n"
    "\n";

struct printing {
    struct report report;
    struct command_output *out;
};

static void on_result(const struct run_result *result, void *arg)
{
    struct printing *p = arg;
    report_result(&p->report, result);
    p->out->flush(p->out);
}

static int read_transport(const char *word, struct run_options *o, struct err *e)
{
    static const char *const words[] = {"direct", "wire", "both", NULL};
    o->direct = strcmp(word, "direct") == 0 || strcmp(word, "both") == 0;
    o->wire = strcmp(word, "wire") == 0 || strcmp(word, "both") == 0;
    if (o->direct || o->wire)
        return 0;
    const char *near = text_nearest(word, words);
    return err_set(e, ERR_USAGE, "--transport", "\"%s\" is not direct, wire or both%s%s", word,
                   near != NULL ? "; nearest: " : "", near != NULL ? near : "");
}

static int read_report(const char *word, const struct report_type **type, struct err *e)
{
    *type = report_type(word);
    if (*type != NULL)
        return 0;
    const char *near = text_nearest(word, report_names());
    return err_set(e, ERR_USAGE, "--report", "\"%s\" is no report (table, tap)%s%s", word,
                   near != NULL ? "; nearest: " : "", near != NULL ? near : "");
}

static uint32_t count_upstreams(const struct jobs *jobs)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < jobs->count; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = jobs->list[k].upstream == jobs->list[i].upstream;
        count += !seen;
    }
    return count;
}

static int run_selected(struct run_options *o, const struct jobs *jobs,
                        const struct report_type *type, struct command_output *out, struct err *e)
{
    struct printing p = {.out = out};
    struct report_options options = {.colour = out->colour,
                                     .seed = o->seed,
                                     .total = jobs->count,
                                     .upstreams = count_upstreams(jobs)};
    report_begin(&p.report, type, &options, &out->text);
    int failed = run_jobs(o, jobs, on_result, &p, e);
    if (failed != 0)
        return args_exit_code((enum err_code)failed);
    report_end(&p.report);
    return p.report.counts.failed + p.report.counts.inconclusive > 0 ? EXIT_CHECK_FAILED
                                                                     : EXIT_GOOD;
}

/* Every fault of the fixtures is told, not just the first. */
static void tell(const struct err *e, void *arg)
{
    struct command_output *out = arg;
    buf_addf(&out->text, "%s: %s\n", e->where, e->what);
}

int command_run_scenarios(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct run_arguments a = {"fixtures", "both", "table", RUN_THREADS_DEFAULT, 0, 1};
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_TEXT, &a.fixtures, 0, 0, "DIR", "the fixtures (default: fixtures)"},
        {"--transport", 0, ARGS_TEXT, &a.transport, 0, 0, "T",
         "direct, wire or both; both checks that they agree (default: both)"},
        {"--jobs", 'j', ARGS_INT, &a.threads, 1, RUN_THREADS_MAX, "N",
         "scenarios on the wire at once (default: 24)"},
        {"--speed", 0, ARGS_INT, &a.speed, 0, RUN_SPEED_MAX, "N",
         "how much faster time runs on the wire (default: 0, chosen so that it takes seconds)"},
        {"--seed", 0, ARGS_INT, &a.seed, 0, INT64_MAX, "N", "of everything random (default: 1)"},
        {"--report", 0, ARGS_TEXT, &a.report, 0, 0, "R", "table or tap (default: table)"},
        {0},
    };
    struct args_rest rest;
    struct run_options o = {0};
    const struct report_type *type = NULL;
    int failed = args_read(options, argc, argv, &rest, e);
    if (failed == 0 && rest.help) {
        buf_add_text(&out->text, HELP);
        args_help(options, &out->text);
        return EXIT_GOOD;
    }
    if (failed == 0)
        failed = read_transport(a.transport, &o, e);
    if (failed == 0)
        failed = read_report(a.report, &type, e);
    if (failed == 0)
        failed = fixtures_load(a.fixtures, tell, out, &o.fixtures, e);
    if (failed != 0)
        return args_exit_code((enum err_code)failed);

    o.threads = (uint32_t)a.threads;
    o.speed = (uint32_t)a.speed;
    o.seed = (uint64_t)a.seed;
    struct jobs jobs = {0};
    failed = jobs_select(o.fixtures, rest.words, rest.count, &jobs, e);
    int code = failed != 0 ? EXIT_USAGE : run_selected(&o, &jobs, type, out, e);
    jobs_fini(&jobs);
    fixtures_free(o.fixtures);
    return code;
}
