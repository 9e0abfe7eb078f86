/* The clock of events: a list of waiters by time, of which one at a time is let go. */
#include "clock_events.h"

#include <sys/eventfd.h>

#define NS_IN_MS INT64_C(1000000)

static struct clock_events *events_of(struct clock *clock)
{
    return (struct clock_events *)(void *)clock;
}

static int64_t ns_of(int64_t ms)
{
    int64_t ns = 0;
    return __builtin_mul_overflow(ms, NS_IN_MS, &ns) ? (ms < 0 ? INT64_MIN : INT64_MAX) : ns;
}

static int64_t add_or_max(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* -- The list, under the lock -------------------------------------------------------------------- */

static void take_out(struct clock_events *c, struct clock_alarm *a)
{
    struct clock_alarm **at = &c->first;
    while (*at && *at != a)
        at = &(*at)->next;
    if (*at)
        *at = a->next;
    a->waits = false;
}

/* Wakes the thread while the lock is held: on return the kernel counts it as awake. */
static void ring(struct clock_events *c, struct clock_alarm *a)
{
    take_out(c, a);
    c->rings++;
    if (a->fd >= 0)
        eventfd_write(a->fd, 1);
    else
        pthread_cond_signal(a->woken);
}

static void put_in(struct clock_events *c, struct clock_alarm *a)
{
    struct clock_alarm **at = &c->first;
    while (*at && (*at)->due_ns <= a->due_ns)
        at = &(*at)->next;
    a->next = *at;
    a->waits = true;
    *at = a;
    if (c->stopped)
        ring(c, a);
    else
        pthread_cond_signal(&c->came);
}

static void ring_all(struct clock_events *c)
{
    while (c->first)
        ring(c, c->first);
}

/* -- Waiting -------------------------------------------------------------------------------------- */

static int64_t events_now_ms(struct clock *clock)
{
    return clock_events_now_ns(events_of(clock)) / NS_IN_MS;
}

static void events_wait_ms(struct clock *clock, int64_t ms)
{
    struct clock_events *c = events_of(clock);
    pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
    struct clock_alarm alarm = {.fd = -1, .woken = &woken};
    if (ms <= 0)
        return;
    if (c->on_wait)
        c->on_wait(c->on_wait_arg);
    pthread_mutex_lock(&c->lock);
    alarm.due_ns = add_or_max(c->ns, ns_of(ms));
    put_in(c, &alarm);
    while (alarm.waits)
        pthread_cond_wait(&woken, &c->lock);
    pthread_mutex_unlock(&c->lock);
    pthread_cond_destroy(&woken);
}

/* One that is due already is rung when its turn comes, by the mover, like any other. */
static void events_alarm_set(struct clock *clock, struct clock_alarm *a, int64_t at_ms)
{
    struct clock_events *c = events_of(clock);
    clock_alarm_clear(clock, a);
    if (c->on_wait)
        c->on_wait(c->on_wait_arg);
    pthread_mutex_lock(&c->lock);
    a->due_ns = ns_of(at_ms);
    put_in(c, a);
    pthread_mutex_unlock(&c->lock);
}

static void events_alarm_clear(struct clock *clock, struct clock_alarm *a)
{
    struct clock_events *c = events_of(clock);
    eventfd_t rung;
    pthread_mutex_lock(&c->lock);
    if (a->waits)
        take_out(c, a);
    else
        eventfd_read(a->fd, &rung); /* fails, without waiting, when it has not rung */
    pthread_mutex_unlock(&c->lock);
}

/* -- The rest ------------------------------------------------------------------------------------- */

void clock_events_init(struct clock_events *c, int64_t start_ms)
{
    *c = (struct clock_events){
        .clock = {.now_ms = events_now_ms,
                  .wait_ms = events_wait_ms,
                  .alarm_set = events_alarm_set,
                  .alarm_clear = events_alarm_clear},
        .ns = ns_of(start_ms),
    };
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->came, NULL);
}

void clock_events_fini(struct clock_events *c)
{
    pthread_cond_destroy(&c->came);
    pthread_mutex_destroy(&c->lock);
}

void clock_events_restart(struct clock_events *c, int64_t start_ms)
{
    pthread_mutex_lock(&c->lock);
    c->ns = ns_of(start_ms);
    pthread_mutex_unlock(&c->lock);
}

void clock_events_stop(struct clock_events *c)
{
    pthread_mutex_lock(&c->lock);
    c->stopped = true;
    ring_all(c);
    pthread_cond_broadcast(&c->came);
    pthread_mutex_unlock(&c->lock);
}

int64_t clock_events_now_ns(struct clock_events *c)
{
    pthread_mutex_lock(&c->lock);
    int64_t ns = c->ns;
    pthread_mutex_unlock(&c->lock);
    return ns;
}

static int64_t earliest_ns(const struct clock_events *c)
{
    return c->first ? c->first->due_ns : INT64_MAX;
}

int64_t clock_events_due_ns(struct clock_events *c)
{
    pthread_mutex_lock(&c->lock);
    int64_t ns = earliest_ns(c);
    pthread_mutex_unlock(&c->lock);
    return ns;
}

bool clock_events_await(struct clock_events *c)
{
    pthread_mutex_lock(&c->lock);
    while (earliest_ns(c) == INT64_MAX && !c->stopped)
        pthread_cond_wait(&c->came, &c->lock);
    bool goes_on = !c->stopped;
    pthread_mutex_unlock(&c->lock);
    return goes_on;
}

void clock_events_pass(struct clock_events *c, int64_t ns)
{
    pthread_mutex_lock(&c->lock);
    c->ns = ns > c->ns ? ns : c->ns;
    pthread_mutex_unlock(&c->lock);
}

bool clock_events_wake(struct clock_events *c, int64_t ns)
{
    pthread_mutex_lock(&c->lock);
    c->ns = ns > c->ns ? ns : c->ns;
    struct clock_alarm *due = c->first && c->first->due_ns <= c->ns ? c->first : NULL;
    if (due)
        ring(c, due);
    pthread_mutex_unlock(&c->lock);
    return due;
}

uint64_t clock_events_rings(struct clock_events *c)
{
    pthread_mutex_lock(&c->lock);
    uint64_t rings = c->rings;
    pthread_mutex_unlock(&c->lock);
    return rings;
}
