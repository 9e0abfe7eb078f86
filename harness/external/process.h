/* Child processes: started in a group of their own, read to the end, ended with the whole group. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_PROCESS_H
#define UNDERSTUDY_HARNESS_EXTERNAL_PROCESS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    int exit_code;     /* 128 + the signal when one ended it */
    bool stopped;      /* it was still running at the limit */
    struct buf output; /* both streams; what is beyond the maximum is read and dropped */
};

/* Runs argv (found on PATH) with the environment to its end, at most limit_ms of real time; then its
 * whole group is killed. ERR_NOT_FOUND when it cannot be started: e->where is the program. Thread safe. */
int process_run(char *const *argv, char *const *environment, int64_t limit_ms, size_t output_max,
                struct process *out, struct err *e);
void process_fini(struct process *p);

/* Kills every group that is running, and those to come as soon as they start: for a signal handler. */
void process_stop_all(void); /* async-signal-safe */

/* The path of a program as a shell would find it. ERR_NOT_FOUND says why there is none. e may be NULL. */
int process_find(const char *program, char *out, size_t out_size, struct err *e);

#endif
