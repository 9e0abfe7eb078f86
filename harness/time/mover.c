/* Looks, again and again, whether everybody waits; then lets one of those go on. */
#include "mover.h"

#include <sched.h>
#include <stdlib.h>

/* Pauses between two looks: turns given away first, since most things take microseconds. */
enum { YIELDS = 8, PAUSE_MIN_US = 20, PAUSE_MAX_US = 1000 };

struct mover {
    struct clock_events *clock;
    struct quiet *quiet;
    pthread_t thread;
};

static void pause_for(uint32_t looks)
{
    if (looks < YIELDS) {
        sched_yield();
        return;
    }
    uint32_t doublings = looks - YIELDS < 6 ? looks - YIELDS : 6;
    int64_t us = (int64_t)PAUSE_MIN_US << doublings;
    clock_pause_ns((us < PAUSE_MAX_US ? us : PAUSE_MAX_US) * 1000);
}

static void *move(void *arg)
{
    struct mover *m = arg;
    uint32_t looks = 0;
    while (clock_events_await(m->clock)) {
        if (!quiet_check(m->quiet)) {
            pause_for(looks++);
            continue;
        }
        int64_t due_ns = clock_events_due_ns(m->clock);
        if (due_ns < INT64_MAX) /* else a stranger has ended its wait just now */
            clock_events_wake(m->clock, due_ns);
        looks = 0;
    }
    return NULL;
}

static void join(void *quiet)
{
    quiet_join(quiet);
}

int mover_start(struct clock_events *clock, struct quiet *quiet, struct mover **out, struct err *e)
{
    struct mover *m = *out = malloc(sizeof *m);
    if (m) {
        *m = (struct mover){.clock = clock, .quiet = quiet};
        clock->on_wait = join;
        clock->on_wait_arg = quiet;
        if (pthread_create(&m->thread, NULL, move, m) == 0)
            return 0;
    }
    free(m);
    *out = NULL;
    return err_set(e, ERR_MEMORY, NULL, "no memory or thread to move simulated time");
}

void mover_stop(struct mover *m)
{
    if (!m)
        return;
    clock_events_stop(m->clock);
    pthread_join(m->thread, NULL);
    free(m);
}
