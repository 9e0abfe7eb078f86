/* Plays jobs: prints what the reports add, counts what is bad, and tells of known findings and repeats at the end. */
#include "run_play.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness/run/repeat.h"

#include <stdio.h>
#include <string.h>

struct printing {
    struct reports *reports;
    struct command_output *out;
    const struct report_options *options;
    struct repeat *repeat;
    bool again;         /* the reports have told it: a repeat */
    uint32_t done, bad; /* scenarios, of every client */
    uint32_t not_run;   /* of those reported */
    uint32_t bad_again; /* results of repeats */
    int64_t began_ns;
};

enum { ESTIMATE_FROM_S = 5, NEXT_MAX = 2048 };

/* ", about 2 m left": from so long on, as if the rest took as long as what is done. */
static const char *time_left(const struct printing *p, char *out, size_t out_size)
{
    int64_t took_ms = (clock_ticks_ns() - p->began_ns) / 1000000;
    char text[32];
    out[0] = '\0';
    if (took_ms < ESTIMATE_FROM_S * 1000 || p->done == 0 || p->again)
        return out;
    int64_t left_s = took_ms * (p->options->total - p->done) / p->done / 1000 + 1;
    if (left_s > 90)
        left_s = (left_s + 30) / 60 * 60;
    snprintf(out, out_size, ", about %s left", text_of_ms(left_s * 1000, text, sizeof text));
    return out;
}

static void show_progress(struct printing *p)
{
    const struct report_options *o = p->options;
    char line[192] = "", left[64];
    char what[64] = "scenarios";
    if (report_several(o))
        snprintf(what, sizeof what, "(%u clients x %u scenarios)", o->client_count,
                 report_scenarios(o));
    if (p->done < o->total)
        snprintf(line, sizeof line, "%u of %u %s done, %u not good%s", p->done, o->total, what,
                 p->bad, time_left(p, left, sizeof left));
    p->out->progress(p->out, line);
}

/* run_on_done: on any thread of the pool, one call at a time. */
static void on_done(const struct run_result *result, void *arg)
{
    struct printing *p = arg;
    p->done++;
    p->bad += !report_is_good(result);
    show_progress(p);
}

/* Hands on what the printed report has added, with the progress line out of the way. */
static void print_some(struct printing *p)
{
    struct buf *printed = reports_printed(p->reports);
    if (printed->n == 0)
        return;
    p->out->progress(p->out, "");
    buf_move(&p->out->text, printed);
    p->out->flush(p->out);
    show_progress(p);
}

/* run_on_result: likewise, in the order of the jobs. */
static void on_result(const struct run_result *result, void *arg)
{
    struct printing *p = arg;
    repeat_count(p->repeat, result);
    if (p->again) {
        p->bad_again += !report_is_good(result);
        return;
    }
    p->not_run += result->failed.code != ERR_OK;
    reports_result(p->reports, result);
    print_some(p);
}

static bool is_known(const struct run_result *result, void *known)
{
    return known_judge(known, result);
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

/* -- What is told at the end, on standard error ------------------------------------------------- */

struct telling {
    struct command_output *out;
    const char *where;
};

static void tell(const char *line, void *arg)
{
    const struct telling *t = arg;
    struct err e;
    err_set(&e, ERR_USAGE, t->where, "%s", line);
    t->out->warn(t->out, &e);
}

/* Returns how many known findings are repaired, and still in the file. */
static uint32_t end_known(const struct run_play *play, struct command_output *out)
{
    struct telling t = {out, play->known_path};
    return play->known ? known_end(play->known, tell, &t) : 0;
}

static void end_repeats(const struct run_play *play, const struct repeat *repeat,
                        struct command_output *out)
{
    struct telling t = {out, "--repeat"};
    char line[128];
    if (play->repeats < 2)
        return;
    uint32_t differ = repeat_end(repeat, tell, &t);
    snprintf(line, sizeof line, "%u runs: %u of %u verdicts %s", play->repeats, differ,
             play->jobs->count, differ == 1 ? "differs" : "differ");
    tell(line, &t);
}

/* The fixtures, unless they are found without being named. */
static void add_fixtures(struct buf *line, const struct fixtures *f)
{
    char found[FILE_PATH_MAX];
    if (f->more_count == 0 && fixtures_find(NULL, found, NULL) == 0 && strcmp(found, f->dir) == 0)
        return;
    for (uint32_t i = 0; i <= f->more_count; i++) {
        buf_add_text(line, " --fixtures ");
        buf_add_plain(line, span_of(i == 0 ? f->dir : f->more[i - 1]));
    }
}

/* What to run next, when several are not good: a single one says so itself. */
static void tell_next(const struct run_play *play, const struct reports *reports,
                      struct command_output *out)
{
    const struct report_totals *t = &reports->totals;
    uint32_t bad = t->failed + t->inconclusive;
    const char *file = NULL;
    struct telling tell_of = {out, "next"};
    struct buf line;
    for (int i = 0; i < reports->count && !file; i++)
        if (reports->list[i].type == &report_json)
            file = reports->list[i].path;
    if (bad < 2 || play->known)
        return; /* what is known is told in a way of its own */
    buf_init(&line, NEXT_MAX);
    if (file) {
        buf_add_text(&line, "harness run --failed ");
        buf_add_plain(&line, span_of(file));
        add_fixtures(&line, play->again.fixtures);
        buf_addf(&line, " runs these %u alone", bad);
    } else {
        buf_addf(&line, "with --report json=FILE, harness run --failed FILE runs these %u alone",
                 bad);
    }
    if (line.broken == ERR_OK)
        tell(line.p, &tell_of);
    buf_fini(&line);
}

/* -- Playing ---------------------------------------------------------------------------------- */

static int play_jobs(const struct run_play *play, struct printing *p, struct err *e)
{
    struct run_options *o = play->run;
    o->on_done = on_done;
    o->on_done_arg = p;
    o->is_known = play->known ? is_known : NULL;
    o->is_known_arg = play->known;
    int code = run_jobs(o, play->jobs, on_result, p, e);
    o->on_done = NULL;
    p->again = true;
    for (uint32_t i = 1; !code && i < play->repeats; i++)
        code = run_jobs(o, play->jobs, on_result, p, e);
    return code;
}

/* Failures decide the exit code. Files that cannot be written, and runs that did not take place, count as
 * "environment" when there is nothing else. */
static int finish(const struct run_play *play, struct printing *p, struct err *e)
{
    const struct report_totals *t = &p->reports->totals;
    p->done = p->options->total;
    int code = reports_end(p->reports, e);
    print_some(p);
    uint32_t repaired = end_known(play, p->out);
    end_repeats(play, p->repeat, p->out);
    tell_next(play, p->reports, p->out);
    if (!code && play->update_known)
        code = known_write(play->known, e);
    if (t->failed + t->inconclusive > p->not_run || repaired > 0)
        return EXIT_CHECK_FAILED;
    if (code)
        return args_exit_code((enum err_code)code);
    if (p->not_run > 0)
        return EXIT_ENVIRONMENT;
    return p->bad_again > 0 ? EXIT_CHECK_FAILED : EXIT_GOOD;
}

int run_play(const struct run_play *play, struct reports *reports, struct command_output *out,
             struct err *e)
{
    const char *github = args_variable("GITHUB_WORKSPACE");
    struct report_options options = {.colour = out->colour,
                                     .seed = play->run->seed,
                                     .shard = play->shard,
                                     .total = play->jobs->count,
                                     .upstreams = count_upstreams(play->jobs),
                                     .clients = play->clients->list,
                                     .client_count = play->clients->count,
                                     .again = play->again,
                                     .workspace = github ? github : args_variable("CI_PROJECT_DIR"),
                                     .step_summary = args_variable("GITHUB_STEP_SUMMARY")};
    struct repeat repeat;
    struct printing p = {.reports = reports,
                         .out = out,
                         .options = &options,
                         .repeat = &repeat,
                         .began_ns = clock_ticks_ns()};
    int code = repeat_init(play->jobs->count, &repeat, e);
    if (!code) {
        reports_begin(reports, &options);
        code = play_jobs(play, &p, e);
    }
    int exit_code = code ? args_exit_code((enum err_code)code) : finish(play, &p, e);
    repeat_fini(&repeat);
    return exit_code;
}
