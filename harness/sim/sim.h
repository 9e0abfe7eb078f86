/* The simulation: random scenarios, faults and policies on the direct transport; the real client
 * and the real mock are compared with a plain model of both (sim_model.h), and the client's conduct
 * is judged by all rules.
 *
 * Deterministic: a seed makes the same case and the same journal, whatever ran before it. One
 * thread. docs/sim.md says more. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_H
#define UNDERSTUDY_HARNESS_SIM_SIM_H

#include "base/buf.h"
#include "base/err.h"
#include "sim_counts.h"
#include "sim_judge.h"
#include "sim_world.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SIM_SEEDS_TO_REACH_ALL = 1000, /* after so many a counter at zero is a failure */
    SIM_REPEAT_EVERY = 64          /* seeds between two that are run twice */
};

struct sim_options {
    const struct fixtures *fixtures; /* the upstreams to draw from; lent */
    sim_client *client;              /* task_wait */
    uint64_t first;
    uint64_t seeds;
    int64_t milliseconds; /* stop after so long, by the machine's clock; 0: only after all seeds */
};

struct sim_result {
    struct sim_counts counts;
    uint64_t seeds;  /* that were run, the failing one included */
    uint64_t digest; /* of all journals and results */
    bool failed;
    uint64_t seed; /* the failing one, its failure and case as they were found */
    struct sim_failure found;
    struct sim_failure failure; /* and after shrinking */
    uint32_t steps_found, steps;
    char upstream[REPLY_NAME_MAX];
    char policy[160];    /* of the shrunk case */
    char scenario[8192]; /* the shrunk case as a file */
    char missing[2048]; /* counters at zero, a line each; "" when there are none or too few seeds */
};

/* Runs the seeds first, first + 1 ... until one fails or all have run. Returns 0 also when one
 * failed (out->failed); an error means that the simulation could not take place: a fault without
 * a row in sim_faults.c or an upstream without
 * a reply of some kind (ERR_NOT_FOUND), a .want.json file (ERR_FILE,
 * ERR_SYNTAX), ERR_MEMORY. Nothing is to be freed. */
int sim_run(const struct sim_options *options, struct sim_result *out, struct err *e);

#endif
