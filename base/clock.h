/* Clocks: how all code of this project reads the time and waits, so that time can be simulated or
 * sped up.
 *
 * A clock gives Unix milliseconds that never go back. Nothing else in the tree calls time,
 * clock_gettime or sleep; the calls are in clock_real.c alone. */
#ifndef UNDERSTUDY_BASE_CLOCK_H
#define UNDERSTUDY_BASE_CLOCK_H

#include "err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct clock_alarm;

struct clock {
    int64_t (*now_ms)(struct clock *c);
    /* Returns when ms have passed on this clock. ms <= 0 returns at once. */
    void (*wait_ms)(struct clock *c, int64_t ms);
    /* Both or neither (clock_has_alarms). */
    void (*alarm_set)(struct clock *c, struct clock_alarm *a, int64_t at_ms);
    void (*alarm_clear)(struct clock *c, struct clock_alarm *a);
    /* Milliseconds of this clock in one real millisecond; 0: not tied to real
     * time (simulated, manual). */
    uint32_t speed;
};

int64_t clock_now(struct clock *c);           /* Unix milliseconds */
void clock_wait(struct clock *c, int64_t ms); /* blocks the calling thread; ms <= 0: not at all */

/* As clock_wait, but returns true as soon as fd is readable; false when ms have passed. On a clock
 * that is not tied to real time and has no alarms, fd is looked at before and after the wait only. */
bool clock_wait_or_readable(struct clock *c, int64_t ms, int fd);

/* Alarms: how a wait for descriptors ends at a time of a clock that no time-out of poll can follow
 * (clock_events.h). Other clocks have none: there a time-out, divided by the speed, does. */
bool clock_has_alarms(const struct clock *c);

/* One alarm, of one thread. */
struct clock_alarm {
    int fd;         /* an eventfd: readable from the alarm's time on, until it is set or cleared */
    int64_t due_ns; /* the clock's, as all that follows */
    struct clock_alarm *next;
    pthread_cond_t *woken; /* signalled instead, when fd is -1 */
    bool waits;            /* set, and not yet due */
};

/* ERR_LIMIT when no descriptor is free; *a is then safe to close. Cleared before it is closed. */
int clock_alarm_open(struct clock_alarm *a, struct err *e);
void clock_alarm_close(struct clock_alarm *a);
/* Only on a clock that has alarms. One that is set again forgets its first time. */
void clock_alarm_set(struct clock *c, struct clock_alarm *a, int64_t at_ms);
void clock_alarm_clear(struct clock *c, struct clock_alarm *a); /* may be called twice */

/* The machine's clock: Unix time at the first call, then monotonic. Thread safe, never freed. */
struct clock *clock_real(void);

/* A clock that starts at the machine's present time and runs `speed` times faster (1..100000).
 * Thread safe. A wait of ms takes at least ms / speed real milliseconds. */
struct clock_scaled {
    struct clock clock; /* first: &scaled.clock is the clock */
    int64_t start_ms;
    int64_t start_ns;
};
void clock_scaled_init(struct clock_scaled *c, uint32_t speed);

/* A simulated clock: waiting moves it and returns at once. For one thread. */
struct clock_sim {
    struct clock clock;
    int64_t ms;
};
void clock_sim_init(struct clock_sim *c, int64_t start_ms);

/* A clock that stands still until some thread moves it: wait blocks until it has been moved far
 * enough or is stopped. Thread safe. clock_manual_fini only when nobody waits any more. */
struct clock_manual {
    struct clock clock;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int64_t ms;
    bool stopped;
    struct clock_manual_wait *waits; /* those that are blocked, on their own stacks */
};
void clock_manual_init(struct clock_manual *c, int64_t start_ms);
/* The same, but nobody needs to move it for those who wait: a wait moves it to its own end, and
 * returns at once. */
void clock_manual_init_auto(struct clock_manual *c, int64_t start_ms);
void clock_manual_fini(struct clock_manual *c);
void clock_manual_advance(struct clock_manual *c, int64_t ms); /* ms >= 0 */
void clock_manual_move_to(struct clock_manual *c, int64_t ms); /* not at all when ms has passed */
/* When the first of the blocked waits ends. False when nobody waits for a time to come. */
bool clock_manual_next_end(struct clock_manual *c, int64_t *ms);
void clock_manual_stop(struct clock_manual *c); /* every wait returns, now and later */

/* Nanoseconds of the machine's monotonic clock: to measure how long something took. What a client
 * or the mock does must not depend on it. */
int64_t clock_ticks_ns(void);

/* Sleeps for so many real nanoseconds: for whoever makes simulated time, and has none to wait on. */
void clock_pause_ns(int64_t ns);

#endif
