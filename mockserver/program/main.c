/* The program `mockserver`: picks the command, prints what went wrong, exits. */
#include "commands.h"

#include "base/args.h"
#include "base/buf.h"
#include "base/output.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static const struct command {
    const char *name;
    command_fn *run;
    const char *help;
} commands[] = {
    {"serve", serve_command, "answer from the fixtures (this is what runs without a command)"},
    {"record", record_command,
     "stand between a client and the real service, and write what passes"},
    {"list", list_command, "what there is: upstreams, scenarios, faults"},
    {"healthcheck", healthcheck_command, "ask a mock on this machine whether it answers"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int print_help(struct err *e)
{
    struct buf text;
    buf_init(&text, 1 << 12);
    buf_add_text(&text, "usage: mockserver [COMMAND] [OPTION...]\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        buf_addf(&text, "  %-13s%s\n", commands[i].name, commands[i].help);
    buf_add_text(&text,
                 "\nmockserver COMMAND --help lists the options of a command, --version says which "
                 "this is.\n");
    int code = output_write(buf_span(&text), e);
    buf_fini(&text);
    return code;
}

static const struct command *find_command(const char *name, struct err *e)
{
    const char *names[COMMANDS + 1] = {0};
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(name, names[i]) == 0)
            return &commands[i];
    }
    const char *nearest = text_nearest(name, names);
    err_set(e, ERR_USAGE, name, "no such command; %s%s",
            nearest ? "did you mean " : "the first is ", nearest ? nearest : names[0]);
    return NULL;
}

static int print_version(struct err *e)
{
    return output_write(span_of("mockserver " UNDERSTUDY_VERSION "\n"), e);
}

static int run(int argc, char **argv, struct err *e)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return print_version(e);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
        return print_help(e);
    bool named = argc > 1 && argv[1][0] != '-';
    const struct command *command = find_command(named ? argv[1] : "serve", e);
    return command ? command->run(argc - named, argv + named, e) : ERR_USAGE;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    output_begin();
    int code = run(argc, argv, &e);
    return output_end("mockserver", args_exit_code((enum err_code)code), &e);
}
