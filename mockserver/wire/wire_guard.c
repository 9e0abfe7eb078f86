/* Looks at the deadlines of a wire's threads, and cuts the connections that are beyond theirs. */
#include "wire_guard.h"

#include "wire_socket.h"

#include "base/clock.h"

#include <sys/socket.h>
#include <time.h>

static const int64_t LOOK_NS = 1000000000;

void guard_init(struct watchman *g, uint32_t patience_ms)
{
    pthread_condattr_t attr;
    *g = (struct watchman){.patience_ns = (int64_t)patience_ms * 1000000};
    pthread_mutex_init(&g->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&g->told, &attr);
    pthread_condattr_destroy(&attr);
}

/* Under the lock: guard_end waits for it, so the connection is still the one that was meant. */
static void cut(const struct watchman *g, struct guarded *one, int64_t now_ns)
{
    int_least64_t due_ns = atomic_load(&one->due_ns);
    if (due_ns <= 0 || now_ns < due_ns
        || !atomic_compare_exchange_strong(&one->due_ns, &due_ns, -1))
        return;
    int fd = socket_find(g->port, atomic_load(&one->peer_port));
    if (fd >= 0)
        shutdown(fd, atomic_load(&one->reads) ? SHUT_RD : SHUT_RDWR);
}

static void *look(void *arg)
{
    struct watchman *g = arg;
    int64_t step_ns = g->patience_ns < LOOK_NS ? g->patience_ns : LOOK_NS;
    pthread_mutex_lock(&g->lock);
    while (!g->stopping) {
        int64_t until_ns = clock_ticks_ns() + step_ns;
        struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                                 .tv_nsec = (long)(until_ns % 1000000000)};
        pthread_cond_timedwait(&g->told, &g->lock, &until);
        int64_t now_ns = clock_ticks_ns();
        for (struct guarded *one = g->first; one; one = one->next)
            cut(g, one, now_ns);
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

bool guard_start(struct watchman *g, int port)
{
    g->port = port;
    g->running = pthread_create(&g->thread, NULL, look, g) == 0;
    return g->running;
}

void guard_fini(struct watchman *g)
{
    pthread_mutex_lock(&g->lock);
    g->stopping = true;
    pthread_cond_signal(&g->told);
    pthread_mutex_unlock(&g->lock);
    if (g->running)
        pthread_join(g->thread, NULL);
    pthread_cond_destroy(&g->told);
    pthread_mutex_destroy(&g->lock);
}

void guard_add(struct watchman *g, struct guarded *one)
{
    atomic_init(&one->due_ns, 0);
    atomic_init(&one->peer_port, 0);
    atomic_init(&one->reads, false);
    pthread_mutex_lock(&g->lock);
    one->next = g->first;
    g->first = one;
    pthread_mutex_unlock(&g->lock);
}

void guard_remove(struct watchman *g, struct guarded *one)
{
    pthread_mutex_lock(&g->lock);
    struct guarded **at = &g->first;
    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    pthread_mutex_unlock(&g->lock);
}

void guard_begin(const struct watchman *g, struct guarded *one, int peer_port, bool reads)
{
    atomic_store(&one->peer_port, peer_port);
    atomic_store(&one->reads, reads);
    atomic_store(&one->due_ns, clock_ticks_ns() + g->patience_ns);
}

bool guard_end(struct watchman *g, struct guarded *one)
{
    if (atomic_exchange(&one->due_ns, 0) >= 0)
        return false;
    pthread_mutex_lock(&g->lock); /* the cut is over when the lock is free */
    pthread_mutex_unlock(&g->lock);
    return true;
}
