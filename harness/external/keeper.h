/* The keeper: a process that stands between the harness and one client, and never calls exec.
 *
 * Whatever its client starts stays below it (PR_SET_CHILD_SUBREAPER), daemons too: so it can end
 * all of it, and nothing of another client's. When the harness dies, of whatever cause, the kernel
 * sends it KEEPER_STOP (PR_SET_PDEATHSIG); when it dies itself, the kernel kills its client. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_KEEPER_H
#define UNDERSTUDY_HARNESS_EXTERNAL_KEEPER_H

#include "harness/tracer/filter.h"

#include <signal.h>
#include <sys/types.h>

enum { KEEPER_STOP = SIGTERM }; /* tells it to kill its client and all that this has started */

struct keeper_errand {
    const char *path; /* of the client's program, as execve takes it */
    char *const *argv;
    char *const *environment;
    pid_t parent; /* the process that forks the keeper */
    int output;   /* the client's standard output */
    int errors;   /* and its standard error */
    int report; /* closed when the client runs; errno is written to it when it cannot be started */
    sigset_t mask; /* the client's signal mask */
    /* Of a client in simulated time; NULL otherwise. Before it calls exec it writes its own number,
     * negative, to report, waits for a byte from go, and puts the filter on. */
    const struct filter *filter;
    int go;
    int go_from; /* the tracer's end of that pipe: a copy of it here would keep the pipe open */
};

/* Called in a child just forked, with all signals blocked. Starts the client, waits until it has
 * ended or is to end, kills what it has left, and exits: with the client's exit code, or with
 * 128 + the signal that ended it. Never returns. The thread that forked must live on meanwhile:
 * the kernel takes its end for the parent's. */
_Noreturn void keeper_run(struct keeper_errand *errand);

#endif
