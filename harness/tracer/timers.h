/* Timers of a client, which go off on the run's clock: alarm, setitimer, POSIX timers, timerfd.
 *
 * The kernel's own are never started. When one is due, its signal is sent, or its descriptor made
 * readable. Called by the tracing thread. */
#ifndef UNDERSTUDY_HARNESS_TRACER_TIMERS_H
#define UNDERSTUDY_HARNESS_TRACER_TIMERS_H

#include "sim_time.h"
#include "tracee.h"

enum { TIMERS_MAX = 1024 }; /* of one client; the oldest makes room */

struct timer;
struct timers {
    struct timer *list;
    uint32_t count;
    size_t room;
    bool refused; /* one of a descriptor that we could not get: it runs in real time */
};

void timers_fini(struct timers *t);

/* At the stop before a call of CALL_SETS_TIMER: answers it, or lets it pass. True: the thread is to
 * be stopped again at the end of the call, for timers_after. */
bool timers_before(struct timers *t, struct tracee *one, struct machine *m,
                   const struct sim_time *now);
void timers_after(struct timers *t, const struct tracee *one, const struct machine *m);
/* All timers of a process end with exec, but for alarms and descriptors. */
void timers_exec(struct timers *t, pid_t pid);

/* The earliest time at which one goes off; INT64_MAX: none. */
int64_t timers_due_ns(const struct timers *t);
/* Lets one go off that is due at now_ns: of equals the first that was set. */
void timers_fire(struct timers *t, struct tracees *tracees, int64_t now_ns);

/* A signal is about to be delivered: makes one of ours look as if the kernel's timer had sent it. */
void timers_signal(const struct tracee *one);

#endif
