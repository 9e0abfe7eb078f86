/* harness: replays scenarios, checks fixtures, turns recordings into scenarios. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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
    {"sim", command_sim, "run random scenarios against a plain model"},
    {NULL, NULL, NULL},
};

enum { OUTPUT_MAX = 64 << 20 };

static void flush(struct command_output *o)
{
    (void)fwrite(o->text.p, 1, o->text.n, stdout);
    (void)fflush(stdout);
    buf_reset(&o->text);
}

static void progress(struct command_output *o, const char *line)
{
    if (o->terminal)
        fprintf(stderr, "\r\033[K%s", line);
}

static int help(FILE *to)
{
    fprintf(to, "harness COMMAND [OPTION]...\n\n");
    for (int i = 0; commands[i].name; i++)
        fprintf(to, "  %-8s  %s\n", commands[i].name, commands[i].help);
    fprintf(to, "\n\"harness COMMAND --help\" says more.\n");
    return to == stdout ? EXIT_GOOD : EXIT_USAGE;
}

static int unknown_command(const char *word)
{
    const char *names[sizeof commands / sizeof commands[0]];
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        names[i] = commands[i].name;
    const char *near = text_nearest(word, names);
    fprintf(stderr, "harness: \"%s\" is no command%s%s\n", word, near ? "; nearest: " : "",
            near ? near : "");
    return EXIT_USAGE;
}

static int run(command_run *command, int argc, char **argv)
{
    struct err e = {0};
    struct command_output out = {
        .flush = flush,
        .progress = progress,
        .colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
        .terminal = isatty(STDERR_FILENO),
    };
    buf_init(&out.text, OUTPUT_MAX);
    int code = command(argc, argv, &out, &e);
    flush(&out);
    buf_fini(&out.text);
    if (e.code != ERR_OK)
        fprintf(stderr, "harness: %s%s%s\n", e.where, e.where[0] != '\0' ? ": " : "", e.what);
    return code;
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
    obey_signals();
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    for (int i = 0; commands[i].name; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run(commands[i].run, argc - 1, argv + 1);
    return unknown_command(argv[1]);
}
