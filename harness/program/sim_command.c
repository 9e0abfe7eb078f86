/* harness sim: random scenarios against the model. */
#include "commands.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HELP[] =
    "harness sim [OPTION]...\n"
    "\n"
    "Makes a scenario, faults and a client's policy from each seed, runs the built-in\n"
    "client against the mock in simulated time, and compares with a plain model of\n"
    "both. A seed that fails is shrunk to a scenario file. Exits 1 when a seed fails,\n"
    "or when after 1000 seeds something was never reached.\n"
    "\n";

struct options {
    struct args_list fixtures;
    const char *out;
    struct args_list upstreams;
    int64_t seeds, first, within_ms;
};

/* Copies the fixtures with only the wanted upstreams, in their order. chosen has room for all. */
static int choose(const struct fixtures *all, const struct options *options,
                  struct upstream *chosen, struct fixtures *out, struct err *e)
{
    *out = *all;
    out->upstreams = chosen;
    out->upstream_count = 0;
    for (int i = 0; i < options->upstreams.count; i++) {
        const char *name = options->upstreams.values[i];
        const char *near = fixtures_nearest_upstream(all, name);
        if (!fixtures_upstream(all, name))
            return err_set(e, ERR_USAGE, "--upstream", "no upstream \"%s\"%s%s", name,
                           near ? "; the nearest is " : "", near ? near : "");
    }
    for (uint32_t i = 0; i < all->upstream_count; i++) {
        bool wanted = options->upstreams.count == 0;
        for (int k = 0; k < options->upstreams.count && !wanted; k++)
            wanted = strcmp(options->upstreams.values[k], all->upstreams[i].name) == 0;
        if (wanted)
            chosen[out->upstream_count++] = all->upstreams[i];
    }
    return 0;
}

/* -- What is printed --------------------------------------------------------------------------- */

/* Prints the failing seed, its shrunk case and the commands that repeat it. */
static int print_failure(const struct options *options, const struct sim_result *r,
                         struct command_output *out, struct err *e)
{
    char path[FILE_PATH_MAX];
    const struct sim_failure *f = &r->failure;
    buf_addf(&out->text, "seed %" PRIu64 " (%s) fails %s%s%s: %s\n", r->seed, r->upstream,
             sim_demand_name(r->found.demand), r->found.rule ? " " : "",
             r->found.rule ? r->found.rule : "", r->found.text);
    buf_addf(&out->text, "shrunk from %u to %u %s: %s\n%sclient: %s\n", r->steps_found, r->steps,
             text_count_word(r->steps, "step", "steps"), f->text, r->scenario, r->policy);
    buf_addf(&out->text, "again: harness sim --first %" PRIu64 " --seeds 1", r->seed);
    for (int i = 0; i < options->upstreams.count; i++)
        buf_addf(&out->text, " --upstream %s", options->upstreams.values[i]);
    buf_add_char(&out->text, '\n');
    if (!options->out)
        return EXIT_CHECK_FAILED;
    snprintf(path, sizeof path, "%s/%s/scenarios/sim-%" PRIu64 ".json", options->out, r->upstream,
             r->seed);
    int code = file_write(path, span_of(r->scenario), e);
    if (code)
        return args_exit_code((enum err_code)code);
    buf_addf(&out->text, "       harness run %s --transport direct\n", path);
    return EXIT_CHECK_FAILED;
}

/* Prints the result: the failure, or what was reached and what was not. Returns the exit code. */
static int print_result(const struct options *options, const struct fixtures *chosen,
                        const struct sim_result *r, struct command_output *out, struct err *e)
{
    struct sim_upstream names[FIXTURES_UPSTREAMS_MAX];
    memset(names, 0, sizeof names);
    for (uint32_t i = 0; i < chosen->upstream_count; i++)
        names[i].upstream = &chosen->upstreams[i];
    buf_addf(&out->text, "%" PRIu64 " %s from %" PRId64 ", %" PRIu64 " %s, digest %016" PRIx64 "\n",
             r->seeds, text_count_word(r->seeds, "seed", "seeds"), options->first, r->counts.polls,
             text_count_word(r->counts.polls, "poll", "polls"), r->digest);
    if (r->failed)
        return print_failure(options, r, out, e);
    sim_counts_write(&r->counts, names, chosen->upstream_count, &out->text);
    /* Some counters need several upstreams: one alone does not have every kind of credentials. */
    if (options->upstreams.count > 0 || r->missing[0] == '\0')
        return EXIT_GOOD;
    buf_add_text(&out->text, r->missing);
    return EXIT_CHECK_FAILED;
}

static void print_speed(const struct sim_result *r, int64_t took_ns,
                        const struct command_output *out)
{
    double seconds = (double)took_ns / 1e9;
    if (out->terminal)
        fprintf(stderr, "%.0f scenarios and %.0f polls a second\n", (double)r->seeds / seconds,
                (double)r->counts.polls / seconds);
}

/* Runs the simulation over the chosen upstreams and prints its result. */
static int run_chosen(const struct options *options, const struct fixtures *chosen,
                      struct sim_result *result, struct command_output *out, struct err *e)
{
    const struct sim_options o = {.fixtures = chosen,
                                  .client = task_wait,
                                  .first = (uint64_t)options->first,
                                  .seeds = (uint64_t)options->seeds,
                                  .milliseconds = options->within_ms};
    int64_t start_ns = clock_ticks_ns();
    int code = sim_run(&o, result, e);
    if (code)
        return args_exit_code((enum err_code)code);
    print_speed(result, clock_ticks_ns() - start_ns, out);
    return print_result(options, chosen, result, out, e);
}

static int simulate(const struct options *options, struct command_output *out, struct err *e)
{
    struct fixtures *all, chosen;
    int code = fixtures_load_all(options->fixtures.values, options->fixtures.count, NULL, NULL,
                                 &all, e);
    if (code)
        return args_exit_code((enum err_code)code);
    struct upstream *upstreams = calloc(all->upstream_count + 1, sizeof *upstreams);
    struct sim_result *result = malloc(sizeof *result);
    int exit_code;
    if (!upstreams || !result)
        exit_code = args_exit_code((enum err_code)err_set(e, ERR_MEMORY, NULL, "no memory"));
    else if ((code = choose(all, options, upstreams, &chosen, e)) != 0)
        exit_code = args_exit_code((enum err_code)code);
    else
        exit_code = run_chosen(options, &chosen, result, out, e);
    free(result);
    free(upstreams);
    fixtures_free(all);
    return exit_code;
}

int command_sim(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct options options = {.seeds = 10000, .first = 1};
    const struct args_option table[] = {
        {"--seeds", 0, ARGS_INT, &options.seeds, 1, INT64_MAX / 2, "N", "how many (default 10000)"},
        {"--first", 0, ARGS_INT, &options.first, 0, INT64_MAX / 2, "SEED", "the first (default 1)"},
        {"--seconds", 0, ARGS_DURATION, &options.within_ms, 0, 0, "S",
         "stop after so long (default: after the last seed)"},
        {"--upstream", 0, ARGS_LIST, &options.upstreams, 0, 0, "U",
         "draw from this one; may be repeated (default all)"},
        {"--out", 0, ARGS_TEXT, &options.out, 0, 0, "DIR",
         "where a failing seed's scenario is written (default nowhere)"},
        {"--fixtures", 0, ARGS_LIST, &options.fixtures, 0, 0, "DIR",
         "the folder of upstreams (default ./fixtures, else the installed one); may be given "
         "again"},
        {0},
    };
    struct args_rest rest;
    int exit_code = command_options(table, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!exit_code && rest.after)
        exit_code = err_set(e, ERR_USAGE, "--",
                            "sim is for the built-in client; harness run judges one of your own");
    if (!exit_code && rest.count > 0)
        exit_code = err_set(e, ERR_USAGE, NULL, "\"%s\" is one word too many", rest.words[0]);
    if (exit_code)
        return args_exit_code((enum err_code)exit_code);
    return simulate(&options, out, e);
}
