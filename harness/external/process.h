/* Child processes: each is started, its output is read to its end, and then all that it has
 * started is killed, however it has detached itself, so that nothing outlives it. When this
 * program dies, of whatever cause, its children die with it. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_PROCESS_H
#define UNDERSTUDY_HARNESS_EXTERNAL_PROCESS_H

#include "base/buf.h"
#include "base/err.h"
#include "harness/tracer/tracer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    int exit_code;       /* 128 + the signal when one ended it */
    bool stopped;        /* it was still running at the limit */
    enum tracer_end end; /* of process_run_traced: why it was stopped */
    /* As text (kept.h): its standard output and, behind it, its standard error; and the latter alone. */
    struct buf output, errors;
};

/* Runs argv (argv[0] found on PATH) with the environment and an empty standard input, and blocks
 * until it ends, at most limit_ms of real time; of its output at most output_max bytes are kept, half of
 * them of each stream, and there the beginning and the end. Then all its descendants are killed, and none of
 * those of another call. ERR_NOT_FOUND when it cannot be started (e->where is the program),
 * ERR_FILE without pipes, ERR_MEMORY: there is nothing to free then. Thread safe. A thread that ends before
 * the call has returned takes the child with it. */
int process_run(char *const *argv, char *const *environment, int64_t limit_ms, size_t output_max,
                struct process *out, struct err *e);
/* As process_run, in the simulated time of the tracer, which is the caller's and new; the limits are
 * those of its options. Called on the thread that opened the tracer. ERR_FILE when it cannot be
 * traced. */
int process_run_traced(char *const *argv, char *const *environment, struct tracer *tracer,
                       size_t output_max, struct process *out, struct err *e);
void process_fini(struct process *p);

/* The path of a program as a shell would find it. ERR_NOT_FOUND says why there is none. e
 * may be NULL. */
int process_find(const char *program, char *out, size_t out_size, struct err *e);

#endif
