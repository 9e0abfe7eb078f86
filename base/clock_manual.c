/* The manual clock: some thread moves it, and waits block until it has been moved far enough. */
#include "clock.h"

struct clock_manual_wait {
    int64_t until_ms;
    struct clock_manual_wait *next;
};

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
    struct clock_manual_wait own = {add_or_max(c->ms, ms), c->waits};
    c->waits = &own;
    while (c->ms < own.until_ms && !c->stopped)
        (void)pthread_cond_wait(&c->moved, &c->lock);
    struct clock_manual_wait **link = &c->waits;
    while (*link != &own)
        link = &(*link)->next;
    *link = own.next;
    (void)pthread_mutex_unlock(&c->lock);
}

static void auto_wait_ms(struct clock *clock, int64_t ms)
{
    clock_manual_advance((struct clock_manual *)(void *)clock, ms);
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

void clock_manual_init_auto(struct clock_manual *c, int64_t start_ms)
{
    clock_manual_init(c, start_ms);
    c->clock.wait_ms = auto_wait_ms;
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

void clock_manual_move_to(struct clock_manual *c, int64_t ms)
{
    (void)pthread_mutex_lock(&c->lock);
    if (ms > c->ms) {
        c->ms = ms;
        (void)pthread_cond_broadcast(&c->moved);
    }
    (void)pthread_mutex_unlock(&c->lock);
}

bool clock_manual_next_end(struct clock_manual *c, int64_t *ms)
{
    bool found = false;
    (void)pthread_mutex_lock(&c->lock);
    for (const struct clock_manual_wait *w = c->waits; w; w = w->next) {
        if (w->until_ms <= c->ms || (found && w->until_ms >= *ms))
            continue; /* over, though its thread has not run since; or a later one */
        *ms = w->until_ms;
        found = true;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return found;
}

void clock_manual_stop(struct clock_manual *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->stopped = true;
    (void)pthread_cond_broadcast(&c->moved);
    (void)pthread_mutex_unlock(&c->lock);
}
