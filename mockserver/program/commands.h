/* The commands of the program `mockserver`: one function each. */
#ifndef UNDERSTUDY_MOCKSERVER_PROGRAM_COMMANDS_H
#define UNDERSTUDY_MOCKSERVER_PROGRAM_COMMANDS_H

#include "base/err.h"

/* argv[0] is the command's name. Returns 0 when all went well, else the code of *e, which main prints. */
typedef int command_fn(int argc, char **argv, struct err *e);

command_fn serve_command;
command_fn record_command;
command_fn list_command;
command_fn healthcheck_command;

#endif
