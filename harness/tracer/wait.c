/* Reads how long a call wants to wait, takes the limit away, and plays its end. */
#include "wait.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>

enum {
    SETS_BYTES = 128, /* select's sets, for FD_SETSIZE descriptors */
    SELECT_SETS = 3,
    /* What a call interrupted by a signal returns inside the kernel, where a tracer sees it; see
     * include/linux/errno.h. */
    KERNEL_ERESTARTSYS = 512,
    KERNEL_ERESTART_RESTARTBLOCK = 516
};

/* -- The limit -------------------------------------------------------------------------------- */

/* Nanoseconds that the argument says: of struct timeval, or struct timespec. -1: none that could be
 * waited for. */
static int64_t read_span(const struct machine *m, uint64_t at, bool is_timeval)
{
    int64_t parts[2];
    if (!machine_peek(m->tid, at, parts, sizeof parts))
        return -1;
    /* select takes more than a million microseconds. */
    if (is_timeval && parts[0] >= 0 && parts[1] >= 1000000)
        return sim_span_ns(parts[0] + parts[1] / 1000000, parts[1] % 1000000, 1000000);
    return sim_span_ns(parts[0], parts[1], is_timeval ? 1000000 : SIM_SECOND_NS);
}

/* The clock that an absolute limit is of; -1: the limit is relative; -2: of a clock that counts
 * work. */
enum { RELATIVE = -1, NOT_OURS = -2 };
static int clock_of(const struct call *call, const struct machine *m)
{
    int op = (int)machine_arg(m, 1);
    int clock = (int)machine_arg(m, 0);
    switch (call->form) {
    case LIMIT_FUTEX:
        if ((op & FUTEX_CMD_MASK) == FUTEX_WAIT)
            return RELATIVE;
        return op & FUTEX_CLOCK_REALTIME || (op & FUTEX_CMD_MASK) == FUTEX_LOCK_PI
            ? CLOCK_REALTIME
            : CLOCK_MONOTONIC;
    case LIMIT_SLEEP:
        if (!calls_is_clock(clock))
            return NOT_OURS;
        return op & TIMER_ABSTIME ? clock : RELATIVE;
    case LIMIT_REALTIME: return CLOCK_REALTIME;
    case LIMIT_CLOCK: return (int)machine_arg(m, call->limit + 1);
    default: return RELATIVE;
    }
}

static bool is_sleep(const struct call *call)
{
    return call->number == SYS_nanosleep || call->number == SYS_clock_nanosleep;
}

/* False when the call is the kernel's to answer: it does not wait, or its limit is wrong. */
static bool read_due(const struct call *call, const struct machine *m, const struct sim_time *now,
                     int64_t *due_ns)
{
    uint64_t limit = machine_arg(m, call->limit);
    if (call->form == LIMIT_MS) {
        *due_ns = sim_in(now, (int64_t)(int32_t)limit * 1000000);
        return (int32_t)limit > 0;
    }
    int64_t ns = read_span(m, limit, call->form == LIMIT_TIMEVAL);
    int clock = clock_of(call, m);
    /* Of no time at all the kernel makes a short sleep, in which it looks like one without an end. */
    bool sleeps_anyway = is_sleep(call) || call->form == LIMIT_FUTEX;
    if (ns < 0 || clock == NOT_OURS || (clock == RELATIVE && ns == 0 && !sleeps_anyway))
        return false;
    *due_ns = clock == RELATIVE ? sim_in(now, ns) : sim_when_clock_shows(now, clock, ns);
    return true;
}

/* -- Beginning -------------------------------------------------------------------------------- */

/* A sleep becomes a poll of nothing, which only a signal ends. */
static void take_limit_away(const struct call *call, struct machine *m)
{
    if (is_sleep(call)) {
        machine_set_call(m, SYS_ppoll);
        for (int i = 0; i < MACHINE_ARGS; i++)
            machine_set_arg(m, i, 0);
    } else {
        machine_set_arg(m, call->limit, call->form == LIMIT_MS ? UINT32_MAX : 0);
    }
}

static bool is_same_call(const struct machine *a, const struct machine *b)
{
    for (int i = 0; i < MACHINE_ARGS; i++)
        if (machine_arg(a, i) != machine_arg(b, i))
            return false;
    return machine_call(a) == machine_call(b) && machine_ip(a) == machine_ip(b)
        && machine_stack(a) == machine_stack(b);
}

bool wait_begin(struct tracee *t, const struct call *call, struct machine *m,
                const struct sim_time *now, uint64_t order)
{
    struct wait *w = &t->wait;
    struct wait new = {.call = call, .before = *m, .order = order};
    if (!read_due(call, m, now, &new.due_ns)) {
        w->call = NULL;
        return false;
    }
    /* Interrupted by a signal that the program does not see, the kernel makes the call anew. */
    if (w->call == call && w->interrupted && is_same_call(&w->before, m))
        new.due_ns = w->due_ns;
    *w = new;
    take_limit_away(call, m);
    return machine_write(m);
}

bool wait_resume(struct tracee *t, const struct machine *m)
{
    if (!t->wait.call || !t->wait.interrupted)
        return false;
    t->wait.before = *m;
    t->wait.interrupted = t->wait.over = false;
    return true;
}

/* -- Ending ----------------------------------------------------------------------------------- */

bool wait_is_interrupted(long result)
{
    return result == -EINTR
        || (result <= -KERNEL_ERESTARTSYS && result >= -KERNEL_ERESTART_RESTARTBLOCK);
}

/* The kernel clears select's sets when the time is over, but not when it is interrupted. */
static void clear_sets(const struct machine *before)
{
    static const char nothing[SETS_BYTES];
    int64_t descriptors = (int32_t)machine_arg(before, 0);
    size_t bytes = (size_t)(descriptors < 0 ? 0 : (descriptors + 63) / 64 * 8);
    for (int i = 1; i <= SELECT_SETS; i++)
        if (machine_arg(before, i) != 0)
            machine_poke(before->tid, machine_arg(before, i), nothing,
                         bytes < SETS_BYTES ? bytes : SETS_BYTES);
}

/* Where the kernel writes how much time was left; 0: nowhere. A sleep tells it only when it was
 * interrupted, and none of an absolute time. */
static uint64_t left_at(const struct wait *w, bool interrupted)
{
    const struct machine *m = &w->before;
    if (w->call->form == LIMIT_TIMEVAL)
        return machine_arg(m, w->call->limit);
    if (w->call->number == SYS_nanosleep)
        return interrupted ? machine_arg(m, 1) : 0;
    if (w->call->number == SYS_clock_nanosleep)
        return interrupted && !(machine_arg(m, 1) & TIMER_ABSTIME) ? machine_arg(m, 3) : 0;
    return w->call->form == LIMIT_LEFT ? machine_arg(m, w->call->limit) : 0;
}

static void write_left(const struct wait *w, int64_t now_ns, bool interrupted)
{
    int64_t left_ns = w->due_ns > now_ns ? w->due_ns - now_ns : 0;
    int64_t parts[2] = {left_ns / SIM_SECOND_NS, left_ns % SIM_SECOND_NS};
    uint64_t at = left_at(w, interrupted);
    if (w->call->form == LIMIT_TIMEVAL)
        parts[1] /= 1000;
    if (at != 0)
        machine_poke(w->before.tid, at, parts, sizeof parts);
}

void wait_end(struct tracee *t, struct machine *m, const struct sim_time *now)
{
    struct wait *w = &t->wait;
    bool interrupted = wait_is_interrupted(machine_result(m));
    long result = machine_result(m);
    if (interrupted && w->over) {
        result = w->call->timed_out;
        interrupted = false;
        if (w->call->number == SYS_pselect6 || w->call->form == LIMIT_TIMEVAL)
            clear_sets(&w->before);
    }
    write_left(w, now->ns, interrupted);
    machine_set_call(m, machine_call(&w->before));
    for (int i = 0; i < MACHINE_ARGS; i++)
        machine_set_arg(m, i, machine_arg(&w->before, i));
    machine_set_result(m, result); /* last: on arm64 it is an argument's register */
    machine_write(m);
    w->interrupted = interrupted;
    if (!interrupted)
        w->call = NULL;
}
