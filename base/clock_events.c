/* The clock moved by events: a list of waiters, each with a descriptor of its own. */
#include "clock_events.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct clock_waiter {
    struct clock_waiter *next;
    int64_t due_ns;
    int fd; /* an eventfd */
};

static const int64_t MS_NS = 1000000;

static int64_t add_or_max(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

int64_t clock_events_now_ns(struct clock_events *c)
{
    (void)pthread_mutex_lock(&c->lock);
    int64_t ns = c->ns;
    (void)pthread_mutex_unlock(&c->lock);
    return ns;
}

static int64_t events_now_ms(struct clock *clock)
{
    return clock_events_now_ns((struct clock_events *)(void *)clock) / MS_NS;
}

/* Called with the lock held. */
static void enlist(struct clock_events *c, struct clock_waiter *w)
{
    struct clock_waiter **at = &c->first;
    while (*at && (*at)->due_ns <= w->due_ns)
        at = &(*at)->next;
    w->next = *at;
    *at = w;
}

/* Waits for a descriptor and not for a condition: whoever looks at the thread's state can tell that
 * from a wait for a lock, which somebody else may hold. */
static void events_wait_ms(struct clock *clock, int64_t ms)
{
    struct clock_events *c = (struct clock_events *)(void *)clock;
    struct clock_waiter w = {.fd = eventfd(0, EFD_CLOEXEC)};
    struct pollfd ready = {.fd = w.fd, .events = POLLIN};
    (void)pthread_mutex_lock(&c->lock);
    bool waits = ms > 0 && !c->stopped && w.fd >= 0;
    if (waits) {
        w.due_ns = ms > INT64_MAX / MS_NS ? INT64_MAX : add_or_max(c->ns, ms * MS_NS);
        enlist(c, &w);
    }
    (void)pthread_mutex_unlock(&c->lock);
    while (waits && poll(&ready, 1, -1) <= 0)
        continue;
    if (w.fd >= 0)
        (void)close(w.fd);
}

void clock_events_init(struct clock_events *c, int64_t start_ms)
{
    *c = (struct clock_events){
        .clock = {.now_ms = events_now_ms, .wait_ms = events_wait_ms},
        .ns = start_ms * MS_NS,
    };
    (void)pthread_mutex_init(&c->lock, NULL);
}

void clock_events_fini(struct clock_events *c)
{
    (void)pthread_mutex_destroy(&c->lock);
}

int64_t clock_events_due_ns(struct clock_events *c)
{
    (void)pthread_mutex_lock(&c->lock);
    int64_t ns = c->first ? c->first->due_ns : INT64_MAX;
    (void)pthread_mutex_unlock(&c->lock);
    return ns;
}

void clock_events_pass(struct clock_events *c, int64_t ns)
{
    (void)pthread_mutex_lock(&c->lock);
    c->ns = ns > c->ns ? ns : c->ns;
    (void)pthread_mutex_unlock(&c->lock);
}

/* Called with the lock held. */
static void wake_first(struct clock_events *c)
{
    struct clock_waiter *w = c->first;
    c->first = w->next;
    (void)eventfd_write(w->fd, 1);
}

void clock_events_wake(struct clock_events *c, int64_t ns)
{
    (void)pthread_mutex_lock(&c->lock);
    c->ns = ns > c->ns ? ns : c->ns;
    if (c->first && c->first->due_ns <= c->ns)
        wake_first(c);
    (void)pthread_mutex_unlock(&c->lock);
}

void clock_events_stop(struct clock_events *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->stopped = true;
    while (c->first)
        wake_first(c);
    (void)pthread_mutex_unlock(&c->lock);
}
