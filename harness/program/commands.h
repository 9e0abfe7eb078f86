/* The programs' commands: each reads its own options, does its work and returns an exit code. */
#ifndef UNDERSTUDY_HARNESS_PROGRAM_COMMANDS_H
#define UNDERSTUDY_HARNESS_PROGRAM_COMMANDS_H

#include "base/args.h"
#include "base/buf.h"
#include "base/err.h"

/* Where a command puts its output; main makes it. A command appends to text and may call flush;
 * main flushes once more at the end. */
struct command_output {
    struct buf text;
    /* Writes text to standard output and empties it. */
    void (*flush)(struct command_output *o);
    /* Shows a line in place on standard error when that is a terminal; "" takes it away. */
    void (*progress)(struct command_output *o, const char *line);
    /* Writes a warning or a note, which changes no exit code, to standard error, after what text
     * holds. */
    void (*warn)(struct command_output *o, const struct err *warning);
    bool colour;   /* standard output is a terminal that wants colours */
    bool terminal; /* standard error is a terminal */
};

/* Runs a command and returns its exit code (base/args.h). argv[0] is the command's own name.
 * When *e has a code, main prints it; *e is all zero before. Called once, on the main thread. */
typedef int command_run(int argc, char **argv, struct command_output *out, struct err *e);

/* Reads a command's options as args_read does. With --help it writes the help text and the options to *out: rest->help is
 * then true, nothing is wrong, and the command has nothing more to do than to return EXIT_GOOD. */
int command_options(const struct args_option *options, int argc, char **argv, const char *help,
                    struct args_rest *rest, struct command_output *out, struct err *e);

command_run command_run_scenarios;
command_run command_check;
command_run command_distill;
command_run command_scan;
command_run command_export;
command_run command_sim;
command_run command_merge;
command_run command_ci;
command_run command_init;
command_run command_list;
command_run command_where;

#endif
