/* Runs: every job on its transports, judged, the transports compared, and the results handed
 * on in order. */
#ifndef UNDERSTUDY_HARNESS_RUN_RUN_H
#define UNDERSTUDY_HARNESS_RUN_RUN_H

#include "harness/external/external.h"
#include "jobs.h"
#include "harness/testbed/evidence.h"
#include "harness/rules/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    RUN_THREADS_MAX = 64,
    RUN_THREADS_DEFAULT = RUN_THREADS_MAX,
    RUN_CLIENTS_DEFAULT = 4,
    RUN_SPEED_MAX = 100000
};

struct run_result;

/* Called as soon as a result is there, in any order, on the thread that ran it, one call
 * at a time. */
typedef void run_on_done(const struct run_result *result, void *arg);

/* Whether a result failed as it is known to; called before on_done, likewise. */
typedef bool run_is_known(const struct run_result *result, void *arg);

struct run_options {
    struct fixtures *fixtures; /* lent */
    bool direct, wire; /* both: parity is checked too. Only the built-in client runs direct */
    uint32_t threads;  /* wire runs at once, 1..RUN_THREADS_MAX; of the built-in client no more
                          than there are processors */
    /* Of the wire for clients of others, at most RUN_SPEED_MAX; 0: 1. The built-in client has time
     * that moves by events. */
    uint32_t speed;
    bool fail_on_remark; /* a remark fails as what is REQUIRED does */
    uint64_t seed;
    run_on_done *on_done; /* NULL: nobody watches */
    void *on_done_arg;
    run_is_known *is_known; /* NULL: nothing is */
    void *is_known_arg;
};

/* One transport's half of a result. */
struct run_half {
    bool ran;
    struct evidence evidence;
    struct verdict verdict;
    char *output; /* of an external client; NULL otherwise */
};

enum parity { PARITY_NOT_CHECKED, PARITY_HOLDS, PARITY_BROKEN };

struct run_result {
    struct job job;
    struct run_half direct;
    struct run_half wire;
    enum parity parity;
    char parity_why[256];
    bool known;        /* it failed, and is not counted as failed */
    struct err failed; /* code: the run did not take place */
};

enum verdict_kind run_verdict(const struct run_result *r); /* the worst of halves and parity */
/* True when the scenario runs on none of the chosen transports, or is left out. */
bool run_skipped(const struct run_result *r);

/* result is lent for the call. */
typedef void run_on_result(const struct run_result *result, void *arg);

/* Runs every job and calls on_result for each, in the order of the jobs, one call at a time,
 * on any of the pool's threads; returns when all have been handed on. An error means that
 * nothing was run (ERR_MEMORY, or no testbed). A job that could not be run has an error in
 * `failed` of its result. */
int run_jobs(const struct run_options *options, const struct jobs *jobs, run_on_result *on_result,
             void *arg, struct err *e);

#endif
