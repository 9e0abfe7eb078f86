/* The programs' commands: each reads its own options, does its work and returns an exit code. */
#ifndef UNDERSTUDY_HARNESS_PROGRAM_COMMANDS_H
#define UNDERSTUDY_HARNESS_PROGRAM_COMMANDS_H

#include "base/buf.h"
#include "base/err.h"

/* argv[0] is the command's own name. out gets what belongs on standard output; it is written
 * out when it grows and at the end by `flush`, which main gives. On a usage or environment
 * error *e says why. */
struct command_output {
    struct buf text;
    void (*flush)(struct command_output *o);
    /* Shows a line in place on standard error when that is a terminal; "" takes it away. */
    void (*progress)(struct command_output *o, const char *line);
    bool colour;
    bool terminal; /* of standard error */
};

typedef int command_run(int argc, char **argv, struct command_output *out, struct err *e);

command_run command_run_scenarios;
command_run command_check;
command_run command_distill;
command_run command_sim;

#endif
