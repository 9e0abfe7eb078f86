/* The manual clock: some thread moves it, and waits block until it has been moved far enough. */
#include "clock.h"

static int64_t add_or_max(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static int64_t manual_now_ms(struct clock *clock)
{
    struct clock_manual *c = (struct clock_manual *)(void *)clock;
    (void)pthread_mutex_lock(&c->lock);
    int64_t ms = c->ms;
    (void)pthread_mutex_unlock(&c->lock);
    return ms;
}

static void manual_wait_ms(struct clock *clock, int64_t ms)
{
    if (ms <= 0)
        return;
    struct clock_manual *c = (struct clock_manual *)(void *)clock;
    (void)pthread_mutex_lock(&c->lock);
    int64_t until = add_or_max(c->ms, ms);
    while (c->ms < until && !c->stopped)
        (void)pthread_cond_wait(&c->moved, &c->lock);
    (void)pthread_mutex_unlock(&c->lock);
}

void clock_manual_init(struct clock_manual *c, int64_t start_ms)
{
    *c = (struct clock_manual){
        .clock = {.now_ms = manual_now_ms, .wait_ms = manual_wait_ms},
        .ms = start_ms,
    };
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->moved, NULL);
}

void clock_manual_fini(struct clock_manual *c)
{
    (void)pthread_cond_destroy(&c->moved);
    (void)pthread_mutex_destroy(&c->lock);
}

void clock_manual_advance(struct clock_manual *c, int64_t ms)
{
    (void)pthread_mutex_lock(&c->lock);
    if (ms > 0)
        c->ms = add_or_max(c->ms, ms);
    (void)pthread_cond_broadcast(&c->moved);
    (void)pthread_mutex_unlock(&c->lock);
}

void clock_manual_stop(struct clock_manual *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->stopped = true;
    (void)pthread_cond_broadcast(&c->moved);
    (void)pthread_mutex_unlock(&c->lock);
}
