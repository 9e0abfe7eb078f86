/* Waits of a client's threads: entered without their time limit, ended when simulated time has
 * reached it. Called by the tracing thread, with the thread stopped. */
#ifndef UNDERSTUDY_HARNESS_TRACER_WAIT_H
#define UNDERSTUDY_HARNESS_TRACER_WAIT_H

#include "sim_time.h"
#include "tracee.h"

/* At the stop before the call. True: t->wait is under way, and the thread is to be stopped again
 * at the end of the call; false: the call waits for no time, and goes on as it is. */
bool wait_begin(struct tracee *t, const struct call *call, struct machine *m,
                const struct sim_time *now, uint64_t order);
/* At the stop before restart_syscall; as wait_begin. */
bool wait_resume(struct tracee *t, const struct machine *m);
/* At the stop behind the call: puts everything as if the kernel had kept the limit itself. */
void wait_end(struct tracee *t, struct machine *m, const struct sim_time *now);

/* True when a call's result, seen by a tracer, says that a signal, or the tracer, interrupted it. */
bool wait_is_interrupted(long result);

#endif
