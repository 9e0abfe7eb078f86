/* Looks at each thread twice, and at the connections in between: nobody ran, so nobody can have
 * sent or woken anything behind our back. */
#include "quiet.h"

#include "asleep.h"
#include "base/clock.h"
#include "base/grow.h"
#include "flight.h"
#include "loopback.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS_MAX = 65536, LINES_MAX = 65536 };
static const int64_t LOCK_PATIENCE_NS = 5 * INT64_C(1000000000);

struct sleeper {
    pid_t pid, tid;
    struct asleep asleep;
    uint64_t held_turns; /* when it was first seen to wait for a lock, or for the kernel */
    int64_t held_ns;
};

struct line {
    struct flight flight;
    bool closed;
};

struct quiet {
    uint64_t number; /* no other has it, even at the same address */
    pthread_mutex_t lock;
    struct sleeper *sleepers; /* the one last found awake comes first */
    size_t sleeper_count, sleeper_room;
    struct line *lines;
    size_t line_count, line_room;
    int flight_fd;
    struct loopback *loopback; /* NULL: nobody settles it */
    struct err failed;
};

/* The set that this thread has joined last. */
static _Thread_local uint64_t joined;

int quiet_open(struct quiet **out, struct err *e)
{
    static atomic_uint_fast64_t numbers;
    struct quiet *q = *out = calloc(1, sizeof *q);
    if (!q)
        return err_set(e, ERR_MEMORY, NULL, "no memory for simulated time");
    q->number = atomic_fetch_add(&numbers, 1) + 1;
    q->flight_fd = flight_open();
    pthread_mutex_init(&q->lock, NULL);
    return 0;
}

void quiet_close(struct quiet *q)
{
    if (!q)
        return;
    for (size_t i = 0; i < q->sleeper_count; i++)
        asleep_close(&q->sleepers[i].asleep);
    if (q->flight_fd >= 0)
        close(q->flight_fd);
    pthread_mutex_destroy(&q->lock);
    free(q->sleepers);
    free(q->lines);
    free(q);
}

/* -- Threads -------------------------------------------------------------------------------------- */

static void drop(struct quiet *q, size_t i)
{
    asleep_close(&q->sleepers[i].asleep);
    q->sleepers[i] = q->sleepers[--q->sleeper_count];
}

static void drop_tid(struct quiet *q, pid_t tid)
{
    for (size_t i = 0; i < q->sleeper_count; i++)
        if (q->sleepers[i].tid == tid) {
            drop(q, i);
            return;
        }
}

/* One that is there already is opened anew: a thread that ended may have left its number to it. */
static int add(struct quiet *q, pid_t pid, pid_t tid, struct err *e)
{
    struct sleeper s = {.pid = pid, .tid = tid};
    int code = asleep_open(pid, tid, &s.asleep, e);
    if (code)
        return code;
    drop_tid(q, tid);
    struct sleeper *more = grow(q->sleepers, q->sleeper_count, &q->sleeper_room, sizeof s,
                                THREADS_MAX);
    if (!more) {
        asleep_close(&s.asleep);
        return err_set(e, ERR_MEMORY, NULL, "no memory for %zu threads", q->sleeper_count + 1);
    }
    q->sleepers = more;
    q->sleepers[q->sleeper_count++] = s;
    return 0;
}

int quiet_add(struct quiet *q, pid_t pid, pid_t tid, struct err *e)
{
    pthread_mutex_lock(&q->lock);
    int code = add(q, pid, tid, e);
    pthread_mutex_unlock(&q->lock);
    return code;
}

void quiet_remove(struct quiet *q, pid_t tid)
{
    pthread_mutex_lock(&q->lock);
    drop_tid(q, tid);
    pthread_mutex_unlock(&q->lock);
}

static void keep_failure(struct quiet *q, const struct err *e)
{
    pthread_mutex_lock(&q->lock);
    if (q->failed.code == ERR_OK)
        q->failed = *e;
    pthread_mutex_unlock(&q->lock);
}

void quiet_join(struct quiet *q)
{
    struct err e;
    if (joined == q->number)
        return;
    if (quiet_add(q, getpid(), gettid(), &e) != 0)
        keep_failure(q, &e);
    joined = q->number;
}

void quiet_leave(struct quiet *q)
{
    quiet_remove(q, gettid());
    if (joined == q->number)
        joined = 0;
}

int quiet_failure(struct quiet *q, struct err *e)
{
    pthread_mutex_lock(&q->lock);
    struct err failed = q->failed;
    pthread_mutex_unlock(&q->lock);
    return failed.code == ERR_OK ? 0 : err_set(e, failed.code, failed.where, "%s", failed.what);
}

/* -- Connections ---------------------------------------------------------------------------------- */

void quiet_connected(struct quiet *q, uint16_t port, uint16_t peer_port)
{
    struct line line = {.flight = {.ports = {port, peer_port}}};
    struct err e;
    pthread_mutex_lock(&q->lock);
    struct line *more = grow(q->lines, q->line_count, &q->line_room, sizeof line, LINES_MAX);
    if (more) {
        q->lines = more;
        q->lines[q->line_count++] = line;
    }
    pthread_mutex_unlock(&q->lock);
    if (!more) {
        err_set(&e, ERR_MEMORY, NULL, "no memory for a connection");
        keep_failure(q, &e);
    }
}

void quiet_disconnected(struct quiet *q, uint16_t port, uint16_t peer_port)
{
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < q->line_count; i++)
        if (q->lines[i].flight.ports[0] == port && q->lines[i].flight.ports[1] == peer_port)
            q->lines[i].closed = true;
    pthread_mutex_unlock(&q->lock);
}

static bool nothing_flies(struct quiet *q)
{
    for (size_t i = 0; i < q->line_count;) {
        if (!flight_is_empty(q->flight_fd, &q->lines[i].flight))
            return false;
        if (q->lines[i].closed)
            q->lines[i] = q->lines[--q->line_count];
        else
            i++;
    }
    return true;
}

/* -- The check ------------------------------------------------------------------------------------ */

/* True when it sleeps because others run: somebody holds a lock, or the kernel works for it.
 * Condition variables, semaphores and joins wait by FUTEX_WAIT_BITSET, mutexes by FUTEX_WAIT. */
static bool is_held(const struct sleeper *s, const struct asleep_call *call)
{
    return call->deeply
        || (call->number == SYS_futex && ((int)call->args[1] & FUTEX_CMD_MASK) == FUTEX_WAIT
            && s->pid == getpid());
}

static bool sleeps(struct sleeper *s, const struct asleep_call *call)
{
    if (!is_held(s, call)) {
        s->held_ns = 0;
        return true;
    }
    int64_t now_ns = clock_ticks_ns();
    if (s->held_ns == 0 || s->held_turns != s->asleep.turns)
        s->held_ns = now_ns;
    s->held_turns = s->asleep.turns;
    return now_ns - s->held_ns > LOCK_PATIENCE_NS;
}

static bool awake_is(struct quiet *q, size_t i)
{
    struct sleeper first = q->sleepers[0];
    q->sleepers[0] = q->sleepers[i];
    q->sleepers[i] = first;
    return false;
}

static bool all_sleep(struct quiet *q)
{
    for (size_t i = 0; i < q->sleeper_count;) {
        struct asleep_call call;
        if (!asleep_known(&q->sleepers[i].asleep, &call))
            return awake_is(q, i);
        if (call.ended) {
            drop(q, i);
            continue;
        }
        if (!sleeps(&q->sleepers[i], &call)) {
            q->sleepers[i].asleep.slept = false; /* it may go on at any time: look anew */
            return awake_is(q, i);
        }
        i++;
    }
    return true;
}

static bool still_sleep(struct quiet *q)
{
    for (size_t i = 0; i < q->sleeper_count; i++)
        if (!asleep_still(&q->sleepers[i].asleep))
            return awake_is(q, i);
    return true;
}

void quiet_settles(struct quiet *q, struct loopback *loopback)
{
    q->loopback = loopback;
}

bool quiet_lines_rest(struct quiet *q)
{
    pthread_mutex_lock(&q->lock);
    bool rest = nothing_flies(q);
    pthread_mutex_unlock(&q->lock);
    return rest;
}

bool quiet_check(struct quiet *q)
{
    pthread_mutex_lock(&q->lock);
    bool quiet = all_sleep(q);
    if (quiet && q->loopback)
        loopback_settle(q->loopback);
    quiet = quiet && nothing_flies(q) && still_sleep(q);
    pthread_mutex_unlock(&q->lock);
    return quiet;
}
