/* A clock that stands until its mover says that everybody sleeps, and then jumps to the earliest
 * time that somebody waits for.
 *
 * Many threads wait on it; one moves it. It wakes one waiter at a time: the mover sees to it that
 * all sleep again before it wakes the next, so that what happens at the same time happens in the
 * same order in every run. Thread safe. */
#ifndef UNDERSTUDY_BASE_CLOCK_EVENTS_H
#define UNDERSTUDY_BASE_CLOCK_EVENTS_H

#include "clock.h"

#include <pthread.h>

struct clock_waiter;

struct clock_events {
    struct clock clock; /* first: &events.clock is the clock; its speed is 0 */
    pthread_mutex_t lock;
    struct clock_waiter *first; /* by due_ns; of equals as they came */
    int64_t ns;                 /* Unix time */
    bool stopped;
};

void clock_events_init(struct clock_events *c, int64_t start_ms);
void clock_events_fini(struct clock_events *c); /* only when nobody waits any more */
int64_t clock_events_now_ns(struct clock_events *c); /* Unix nanoseconds */

/* The earliest time that a waiter waits for; INT64_MAX: there is none. */
int64_t clock_events_due_ns(struct clock_events *c);
/* Moves to ns, never back, and wakes nobody: what a look at a clock costs. */
void clock_events_pass(struct clock_events *c, int64_t ns);
/* Moves to ns, never back, and wakes the first waiter, when its time has come. */
void clock_events_wake(struct clock_events *c, int64_t ns);
void clock_events_stop(struct clock_events *c); /* every wait returns, now and later */

#endif
