/* harness: replays scenarios, checks fixtures, turns recordings into scenarios, finds secrets in both. */
#include "commands.h"

#include "base/args.h"
#include "base/output.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    command_run *run;
    const char *help;
} commands[] = {
    {"run", command_run_scenarios, "replay scenarios against a client and judge it"},
    {"check", command_check, "check every file under a fixtures folder"},
    {"distill", command_distill, "turn a recording (HAR) into replies and a scenario"},
    {"scan", command_scan, "find secrets in recordings and fixtures"},
    {"export", command_export, "turn scenarios and runs into files of other tools (HAR, WireMock)"},
    {"sim", command_sim, "run random scenarios against a plain model"},
    {"merge", command_merge, "join the reports of a run's shards"},
    {"init", command_init, "write a good client to start from, and its test"},
    {"ci", command_ci, "print a job for GitHub Actions or GitLab"},
    {"list", command_list, "what there is: upstreams, scenarios, rules, faults"},
    {"where", command_where, "which fixtures are taken, and why"},
    {NULL, NULL, NULL},
};

enum { OUTPUT_MAX = 64 << 20 };

static void flush(struct command_output *o)
{
    output_write(buf_span(&o->text), NULL); /* output_end says so when it fails */
    buf_reset(&o->text);
}

static void warn(struct command_output *o, const struct err *warning)
{
    flush(o);
    fprintf(stderr, "%s: %s\n", warning->where, warning->what);
}

static void progress(struct command_output *o, const char *line)
{
    if (o->terminal)
        fprintf(stderr, "\r\033[K%s", line);
}

static void add_help(struct buf *out)
{
    buf_add_text(out, "harness COMMAND [OPTION]...\n\n");
    for (int i = 0; commands[i].name; i++)
        buf_addf(out, "  %-8s  %s\n", commands[i].name, commands[i].help);
    buf_add_text(out,
                 "\n\"harness COMMAND --help\" says more, \"harness --version\" which this is.\n");
}

static int unknown_command(const char *word, struct err *e)
{
    const char *names[sizeof commands / sizeof commands[0]];
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        names[i] = commands[i].name;
    const char *near = text_nearest(word, names);
    err_set(e, ERR_USAGE, NULL, "\"%s\" is no command%s%s", word, near ? "; nearest: " : "",
            near ? near : "");
    return EXIT_USAGE;
}

static command_run *find_command(const char *word)
{
    for (int i = 0; commands[i].name; i++)
        if (strcmp(commands[i].name, word) == 0)
            return commands[i].run;
    return NULL;
}

/* The command that the first word names, or help. */
static int run(int argc, char **argv, struct command_output *out, struct err *e)
{
    const char *word = argc < 2 ? "--help" : argv[1];
    command_run *command = find_command(word);
    if (command)
        return command(argc - 1, argv + 1, out, e);
    if (strcmp(word, "--version") == 0) {
        buf_add_text(&out->text, "harness " UNDERSTUDY_VERSION "\n");
        return EXIT_GOOD;
    }
    if (strcmp(word, "--help") != 0 && strcmp(word, "-h") != 0 && strcmp(word, "help") != 0)
        return unknown_command(word, e);
    add_help(&out->text);
    if (argc >= 2)
        return EXIT_GOOD;
    fputs(out->text.p, stderr);
    buf_reset(&out->text);
    return EXIT_USAGE;
}

/* Signals that end a program end this one, and its clients with it (external/process.c), even where
 * a shell has started it in the background, which makes it ignore two of them. Ignoring SIGHUP is
 * kept: that is what nohup is for. */
static void obey_signals(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGQUIT};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        signal(ends[i], SIG_DFL);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct command_output out = {
        .flush = flush,
        .warn = warn,
        .progress = progress,
        .colour = isatty(STDOUT_FILENO) && !args_variable("NO_COLOR"),
        .terminal = isatty(STDERR_FILENO),
    };
    output_begin();
    obey_signals();
    buf_init(&out.text, OUTPUT_MAX);
    int code = run(argc, argv, &out, &e);
    flush(&out);
    buf_fini(&out.text);
    return output_end("harness", code, &e);
}
