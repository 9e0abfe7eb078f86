/* harness distill: a recording becomes replies and a scenario. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/distill/distill.h"

static const char HELP[] =
    "harness distill FILE.har --out FOLDER\n"
    "\n"
    "Turns one task's recording into replies and a scenario under the folder of\n"
    "its upstream (the one that holds openapi.json). FILE.har is HTTP Archive 1.2\n"
    "as browsers, proxies and test tools write it; it may be compressed with gzip\n"
    "or lie in a zip.\n"
    "\n";

/* Notes come in the order of the polls; of very many the first are enough. */
struct told {
    struct command_output *out;
    const char *path; /* of the recording */
    unsigned count;
};
enum { TOLD_MAX = 20 };

static void tell(const struct err *note, void *arg)
{
    struct told *told = arg;
    if (told->count++ < TOLD_MAX)
        told->out->warn(told->out, note);
}

static void tell_rest(const struct told *told)
{
    struct err note;
    if (told->count <= TOLD_MAX)
        return;
    err_set(&note, ERR_OK, told->path, "and %u more", told->count - TOLD_MAX);
    told->out->warn(told->out, &note);
}

int command_distill(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct told told = {.out = out};
    struct distill_options o = {.name = "recorded", .notes = {tell, &told}};
    const struct args_option options[] = {
        {"--out", 0, ARGS_TEXT, &o.dir, 0, 0, "FOLDER", "the upstream's folder (required)"},
        {"--name", 0, ARGS_TEXT, &o.name, 0, 0, "NAME", "of the scenario (default: recorded)"},
        {"--task", 0, ARGS_TEXT, &o.task, 0, 0, "ID",
         "the task to take when the recording holds several"},
        {0},
    };
    struct args_rest rest;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "distill runs no command");
    if (!code && rest.count != 1)
        code = err_set(e, ERR_USAGE, NULL, "one recording is wanted, %d were given", rest.count);
    if (!code && !o.dir)
        code = err_set(e, ERR_USAGE, "--out", "the upstream's folder is wanted");
    if (code)
        return args_exit_code((enum err_code)code);

    struct recording recording;
    struct distilled done;
    told.path = rest.words[0];
    code = recording_read(told.path, &recording, e);
    if (code)
        return args_exit_code((enum err_code)code);
    code = distill(&recording, &o, &done, e);
    tell_rest(&told);
    recording_fini(&recording);
    if (code)
        return args_exit_code((enum err_code)code);
    buf_add_text(&out->text, "task ");
    buf_add_plain(&out->text, span_of(done.task));
    buf_addf(&out->text, ": %u %s became %u %s in %u %s: ", done.polls,
             text_count_word(done.polls, "poll", "polls"), done.replies,
             text_count_word(done.replies, "reply", "replies"), done.steps,
             text_count_word(done.steps, "step", "steps"));
    buf_add_plain(&out->text, span_of(done.path));
    buf_add_char(&out->text, '\n');
    if (done.tells_no_state)
        buf_add_text(&out->text, "no answer tells a state under this upstream's contract\n");
    return EXIT_GOOD;
}
