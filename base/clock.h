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

struct clock {
    int64_t (*now_ms)(struct clock *c);
    /* Returns when ms have passed on this clock. ms <= 0 returns at once. */
    void (*wait_ms)(struct clock *c, int64_t ms);
    /* Milliseconds of this clock in one real millisecond; 0: not tied to real
     * time (simulated, manual). */
    uint32_t speed;
};

int64_t clock_now(struct clock *c);           /* Unix milliseconds */
void clock_wait(struct clock *c, int64_t ms); /* blocks the calling thread; ms <= 0: not at all */

/* As clock_wait, but returns true as soon as fd is readable; false when ms have passed. On a clock
 * that is not tied to real time fd is looked at before and after the wait only. */
bool clock_wait_or_readable(struct clock *c, int64_t ms, int fd);

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

#endif
