/* harness run: runs scenarios against the built-in client, or others, judges and reports. */
#include "run_play.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/run/failed.h"
#include "harness/run/repeat.h"
#include "harness/tracer/tracer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run_arguments {
    struct args_list fixtures;
    const char *transport;
    const char *clock;
    struct args_list reports;
    struct args_list profiles;
    const char *fail_on;
    int64_t threads;
    int64_t speed;
    int64_t seed; /* -1: not given */
    const char *known;
    bool update_known;
    const char *failed;
    const char *shard_text;
    struct shard shard;
    int64_t repeats;
};

static const char HELP[] =
    "harness run [SCENARIO | UPSTREAM | FOLDER]... [-- CLIENT ARG...]\n"
    "\n"
    "Runs scenarios against the built-in client, or any program, and judges its conduct. A "
    "scenario\n"
    "is a file or \"upstream:scenario\"; 'doubao:*' and doubao:success,failure are several. "
    "Without "
    "words\n"
    "every scenario of the fixtures runs.\n"
    "\n"
    "A client stands after --, or is the \"command\" of a profile; of several profiles each is "
    "judged,\n"
    "side by side. It is started once a scenario. In its arguments {base_url} {task_id} {token} "
    "{interval}\n"
    "{timeout} {app_id} {secret} {goal} {upstream} {asset_url} {speed} {prompt} are replaced; its\n"
    "environment has MOCK_BASE_URL and so on. Interval and timeout are in seconds. A client that "
    "creates\n"
    "its tasks needs no {task_id}: {prompt} is what it may ask for.\n"
    "\n";

static int read_transport(const char *word, struct run_options *o, struct err *e)
{
    static const char *const words[] = {"direct", "wire", "both", NULL};
    o->direct = strcmp(word, "direct") == 0 || strcmp(word, "both") == 0;
    o->wire = strcmp(word, "wire") == 0 || strcmp(word, "both") == 0;
    if (o->direct || o->wire)
        return 0;
    const char *near = text_nearest(word, words);
    return err_set(e, ERR_USAGE, "--transport", "\"%s\" is not direct, wire or both%s%s", word,
                   near ? "; nearest: " : "", near ? near : "");
}

/* Prints an error of the fixtures. The loader calls it for each, not just the first, and for warnings. */
static void print_error(const struct err *e, void *arg)
{
    struct command_output *out = arg;
    if (e->code == ERR_OK)
        out->warn(out, e);
    else
        buf_addf(&out->text, "%s: %s\n", e->where, e->what);
}

static void note(struct command_output *out, const char *where, const char *what)
{
    struct err e;
    err_set(&e, ERR_USAGE, where, "%s", what);
    out->warn(out, &e);
}

static int read_fail_on(const char *level, struct run_options *o, struct err *e)
{
    static const char *const words[] = {"required", "remark", NULL};
    o->fail_on_remark = level && strcmp(level, "remark") == 0;
    if (!level || o->fail_on_remark || strcmp(level, "required") == 0)
        return 0;
    const char *near = text_nearest(level, words);
    return err_set(e, ERR_USAGE, "--fail-on", "\"%s\" is not required or remark%s%s", level,
                   near ? "; nearest: " : "", near ? near : "");
}

/* Decides how the time of clients passes: *speed is 0 when it is simulated, and how many times faster
 * than real time otherwise. Says so when that is not what the user may think. */
static int read_clock(const struct run_arguments *a, const struct args_rest *rest,
                      struct command_output *out, uint32_t *speed, struct err *e)
{
    static const char *const words[] = {"events", "real", NULL};
    struct err why;
    bool events = !a->clock || strcmp(a->clock, "events") == 0;
    *speed = a->speed > 0 ? (uint32_t)a->speed : 1;
    if (!events && strcmp(a->clock, "real") != 0) {
        const char *near = text_nearest(a->clock, words);
        return err_set(e, ERR_USAGE, "--clock", "\"%s\" is not events or real%s%s", a->clock,
                       near ? "; nearest: " : "", near ? near : "");
    }
    if (!events || (!rest->after && a->profiles.count == 0))
        return 0;
    if (tracer_check(&why) == 0) {
        *speed = 0;
        if (a->speed > 0)
            note(out, "--speed",
                 "is not needed: a client's time is simulated, and its waits take none");
        return 0;
    }
    if (a->clock)
        return err_set(e, ERR_FILE, "--clock events", "%s", why.what);
    char text[ERR_WHAT_MAX];
    snprintf(text, sizeof text, "is real, times %u, and not simulated: %.150s", *speed, why.what);
    note(out, "the client's time", text);
    return 0;
}

static int read_clients(const struct run_arguments *a, const struct args_rest *rest,
                        struct run_options *o, struct clients *clients, struct command_output *out,
                        struct err *e)
{
    uint32_t speed;
    int code = read_clock(a, rest, out, &speed, e);
    if (!code)
        code = clients_read(&a->profiles, rest->after, speed, clients, e);
    if (o->threads == 0)
        o->threads = clients->count > 0 ? RUN_CLIENTS_DEFAULT : RUN_THREADS_DEFAULT;
    if (!code && clients->count == 0 && o->speed > 0)
        note(out, "--speed",
             "is for a client of your own: the built-in one's time moves by events and takes none");
    if (code || clients->count == 0)
        return code;
    if (!o->wire)
        return err_set(e, ERR_USAGE, "--transport",
                       "a client of your own runs on the wire: direct is for the built-in one");
    o->direct = false;
    return 0;
}

static int exit_code_of(int code)
{
    /* A client's program that is missing is a fault of the environment, not of the command line. */
    return code == ERR_NOT_FOUND ? EXIT_ENVIRONMENT : args_exit_code((enum err_code)code);
}

/* The scenarios that the words name, or those that failed, or what of the first failed. */
static int select_jobs(struct run_options *o, const struct run_arguments *a,
                       const struct failed *failed, const struct args_rest *rest, struct jobs *jobs,
                       struct err *e)
{
    int code = failed->document && rest->count == 0
        ? failed_select(failed, o->fixtures, jobs, e)
        : jobs_select(o->fixtures, rest->words, rest->count, jobs, e);
    if (!code && failed->document && rest->count > 0)
        failed_narrow(failed, jobs);
    if (!code)
        shard_take(&a->shard, jobs);
    return code;
}

/* Makes jobs of every client's, and leaves out what is not for it. */
static int prepare_jobs(const struct run_options *o, const struct clients *clients,
                        const struct failed *failed, struct jobs *jobs, struct err *e)
{
    int code = jobs_check_goals(o->fixtures, clients->list, clients->count, e);
    if (!code)
        code = jobs_for_clients(jobs, clients->list, clients->count, e);
    if (!code && failed->document)
        code = failed_keep(failed, jobs, e);
    return code;
}

static int play_selected(struct run_options *o, const struct run_arguments *a,
                         const struct clients *clients, const struct jobs *jobs,
                         struct reports *reports, struct command_output *out, struct err *e)
{
    char folder[FILE_PATH_MAX];
    struct known *known = NULL;
    struct run_play play = {
        .run = o,
        .clients = clients,
        .jobs = jobs,
        .again = {.fixtures = o->fixtures, .known = a->known, .fail_on_remark = o->fail_on_remark},
        .shard = a->shard,
        .known_path = a->known,
        .update_known = a->update_known,
        .repeats = (uint32_t)a->repeats};
    int code = a->known ? known_open(a->known, a->update_known, &known, e) : 0;
    if (code)
        return args_exit_code((enum err_code)code);
    play.known = known;
    play.again.folder = getcwd(folder, sizeof folder);
    int exit_code = run_play(&play, reports, out, e);
    known_close(known);
    return exit_code;
}

static int select_and_run(struct run_options *o, const struct run_arguments *a,
                          const struct failed *failed, const struct args_rest *rest,
                          struct reports *reports, struct command_output *out, struct err *e)
{
    struct jobs jobs = {0};
    struct clients clients = {0};
    int code = fixtures_load_all(a->fixtures.values, a->fixtures.count, print_error, out,
                                 &o->fixtures, e);
    if (code)
        return args_exit_code((enum err_code)code);
    int exit_code = select_jobs(o, a, failed, rest, &jobs, e) != 0 ? EXIT_USAGE : -1;
    if (exit_code < 0) {
        code = read_clients(a, rest, o, &clients, out, e);
        if (!code)
            code = prepare_jobs(o, &clients, failed, &jobs, e);
        exit_code = code ? exit_code_of(code)
                         : play_selected(o, a, &clients, &jobs, reports, out, e);
    }
    clients_fini(&clients);
    jobs_fini(&jobs);
    fixtures_free(o->fixtures);
    return exit_code;
}

/* Reads the report of --failed: the seed, and the clients when the command line names none. */
static int read_failed(struct run_arguments *a, struct args_rest *rest, struct failed *failed,
                       struct err *e)
{
    if (!a->failed)
        return 0;
    int code = failed_open(a->failed, failed, e);
    if (!code && a->seed < 0)
        a->seed = failed_seed(failed);
    if (!code && !rest->after && a->profiles.count == 0)
        code = failed_clients(failed, &a->profiles, &rest->after, e);
    return code;
}

static int read_rest(struct run_arguments *a, struct args_rest *rest, struct failed *failed,
                     struct run_options *o, struct reports *reports, struct err *e)
{
    if (a->update_known && !a->known)
        return err_set(e, ERR_USAGE, "--update-known", "wants --known FILE: the file to write");
    int code = read_transport(a->transport, o, e);
    if (!code)
        code = read_fail_on(a->fail_on, o, e);
    if (!code && a->shard_text)
        code = shard_read(a->shard_text, &a->shard, e);
    if (!code)
        code = read_failed(a, rest, failed, e);
    if (!code)
        code = reports_open(&a->reports, reports, e);
    if (!code)
        code = reports_add_ci(reports, e);
    o->threads = (uint32_t)a->threads;
    o->speed = (uint32_t)a->speed;
    o->seed = a->seed < 0 ? 1 : (uint64_t)a->seed;
    return code;
}

int command_run_scenarios(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct run_arguments a = {.transport = "both", .seed = -1, .repeats = 1};
    char names[REPORT_NAMES_MAX], report_help[REPORT_NAMES_MAX + 64];
    snprintf(report_help, sizeof report_help, "%s; may be given again (default: table)",
             report_names(" or ", names, sizeof names));
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_LIST, &a.fixtures, 0, 0, "DIR",
         "the fixtures (default: ./fixtures, else the installed ones); may be given again to add "
         "packs"},
        {"--transport", 0, ARGS_TEXT, &a.transport, 0, 0, "T",
         "direct, wire or both; both checks that they agree (default: both)"},
        {"--jobs", 'j', ARGS_INT, &a.threads, 1, RUN_THREADS_MAX, "N",
         "scenarios on the wire at once (default: one a processor, with a client of your own 4)"},
        {"--clock", 0, ARGS_TEXT, &a.clock, 0, 0, "C",
         "of a client of your own: events simulates its time, which moves when all wait; real is "
         "the machine's, or --speed times faster (default: events, where it can be traced)"},
        {"--speed", 0, ARGS_INT, &a.speed, 0, RUN_SPEED_MAX, "N",
         "how much faster than real time it runs for a client of your own with --clock real "
         "(default: 1)"},
        {"--seed", 0, ARGS_INT, &a.seed, 0, INT64_MAX, "N", "of everything random (default: 1)"},
        {"--fail-on", 0, ARGS_TEXT, &a.fail_on, 0, 0, "LEVEL",
         "required or remark: a remark fails too (default: required)"},
        {"--report", 0, ARGS_LIST, &a.reports, 0, 0, "R[=FILE]", report_help},
        {"--profile", 0, ARGS_LIST, &a.profiles, 0, 0, "FILE",
         "how to start a client and read its outcome: command, arguments, auth, exit codes and "
         "regexes; may be given again"},
        {"--known", 0, ARGS_TEXT, &a.known, 0, 0, "FILE",
         "findings that are accepted: only new ones fail, and repaired ones that are still in it"},
        {"--update-known", 0, ARGS_SWITCH, &a.update_known, 0, 0, NULL,
         "write what failed to the file of --known (default: only read it)"},
        {"--failed", 0, ARGS_TEXT, &a.failed, 0, 0, "FILE",
         "run again what did not pass, by an earlier --report json=FILE, with its seed and clients "
         "unless others are named"},
        {"--shard", 0, ARGS_TEXT, &a.shard_text, 0, 0, "I/N",
         "run every Nth scenario from the Ith on: N machines share a run, and harness merge joins "
         "their JSON reports (default: all)"},
        {"--repeat", 0, ARGS_INT, &a.repeats, 1, REPEAT_MAX, "N",
         "run everything so often, and say which verdicts differ (default: 1)"},
        {0},
    };
    struct args_rest rest;
    struct run_options o = {0};
    struct reports reports = {0};
    struct failed failed = {0};
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code)
        code = read_rest(&a, &rest, &failed, &o, &reports, e);
    int exit_code = code ? args_exit_code((enum err_code)code)
                         : select_and_run(&o, &a, &failed, &rest, &reports, out, e);
    reports_fini(&reports);
    failed_fini(&failed);
    return exit_code;
}
