/* The system calls that have to do with time: a row each.
 *
 * All others, and these when they are not asked to wait for a time, are never stopped, and cost
 * nothing. Source: the man page of each call; timeouts that are pointers are NULL for "no limit". */
#ifndef UNDERSTUDY_HARNESS_TRACER_CALLS_H
#define UNDERSTUDY_HARNESS_TRACER_CALLS_H

#include <stdbool.h>
#include <stdint.h>

/* What the tracer does with a call. */
enum call_kind {
    CALL_READS_CLOCK, /* answered by the tracer */
    CALL_WAITS,       /* entered without its time limit, and ended when that is over */
    CALL_SETS_TIMER,  /* answered by the tracer, which remembers it */
    CALL_SETS_SOCKET, /* likewise: a socket's own time limits */
    CALL_CONNECTS,    /* made as it is, and noted */
    CALL_LISTENS,     /* likewise, once it has succeeded */
    CALL_RESTARTS,    /* restart_syscall: a wait that a signal had interrupted goes on */
    CALL_REFUSED      /* ENOSYS: it can wait where nobody sees it, and programs do without it */
};

/* How a wait's limit is given, in argument `limit`. */
enum call_limit {
    LIMIT_MS,       /* an int; negative: none */
    LIMIT_TIMEVAL,  /* relative; what is left is written back */
    LIMIT_TIMESPEC, /* relative */
    LIMIT_LEFT,     /* relative; what is left is written back */
    LIMIT_FUTEX,    /* relative or absolute, by the operation in argument 1 */
    LIMIT_SLEEP,    /* clock_nanosleep: by the flags in argument 1, of the clock in argument 0 */
    LIMIT_REALTIME, /* absolute */
    LIMIT_CLOCK     /* absolute, of the clock in argument limit + 1 (futex_waitv) */
};

struct call {
    const char *name;
    long number;
    enum call_kind kind;
    int limit; /* its argument; -1: none */
    enum call_limit form;
    int timed_out; /* what it returns when the limit is over: 0 or -errno */
};

extern const struct call calls[];
extern const int calls_count;

/* NULL: of no concern. */
const struct call *calls_find(long number);

/* The last clock (clockid_t) that shows a time: CLOCK_TAI, which the C library hides behind a feature macro. */
enum { CALLS_CLOCK_LAST = 11 };

/* True for clocks that show the time of day, or time since some start; not for those that count
 * what a processor has done. */
bool calls_is_clock(int clock);
/* True for those of them that show Unix time. */
bool calls_is_wall_clock(int clock);

#endif
