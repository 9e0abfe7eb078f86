/* The clock of events: it stands still while anybody has something to do, and moves from one thing
 * that is waited for to the next.
 *
 * Many threads wait on it. One, its mover, moves it: when all others sleep, it moves the clock to
 * the earliest time that is waited for and lets one waiter go; when all sleep again, the next. What
 * happens at which time, and in which order, then depends on nothing but what the threads do.
 * harness/time/ has movers.
 *
 * Unix time in nanoseconds; waits and alarms come in whole milliseconds, as with every clock. All
 * functions are thread safe, but for init, fini and restart, which want that nobody waits. */
#ifndef UNDERSTUDY_BASE_CLOCK_EVENTS_H
#define UNDERSTUDY_BASE_CLOCK_EVENTS_H

#include "clock.h"

struct clock_events {
    struct clock clock; /* first: &events.clock is the clock. It has alarms */
    pthread_mutex_t lock;
    pthread_cond_t came; /* somebody waits, or the clock was stopped */
    int64_t ns;
    struct clock_alarm *first; /* all that wait: the earliest first, equals as they came */
    uint64_t rings;            /* waits that have been ended */
    bool stopped;
    /* Called by each thread that is about to wait; NULL: nobody asks. Set before anybody waits. */
    void (*on_wait)(void *arg);
    void *on_wait_arg;
};

void clock_events_init(struct clock_events *c, int64_t start_ms);
void clock_events_fini(struct clock_events *c);
/* Begins anew at start_ms, which may lie before the present. */
void clock_events_restart(struct clock_events *c, int64_t start_ms);
void clock_events_stop(struct clock_events *c); /* every wait returns, now and later */

int64_t clock_events_now_ns(struct clock_events *c);

/* -- For its mover ------------------------------------------------------------------------------ */

/* The earliest time that somebody waits for; INT64_MAX when nobody does, or only for ever. */
int64_t clock_events_due_ns(struct clock_events *c);
/* Blocks until there is such a time; false when the clock was stopped. */
bool clock_events_await(struct clock_events *c);
/* Moves to ns, never back, and wakes nobody: a program that spins on its clock pays for each look. */
void clock_events_pass(struct clock_events *c, int64_t ns);
/* Moves to ns, never back, and wakes exactly one waiter that is due then: the earliest, of equals the
 * one that came first. False when none was due. The waiter is awake, to the kernel, on return. */
bool clock_events_wake(struct clock_events *c, int64_t ns);
/* How many waits have been ended so far: while it stays the same the clock has woken nobody. */
uint64_t clock_events_rings(struct clock_events *c);

#endif
