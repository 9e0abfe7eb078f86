/* Counters: what a simulation has reached. A zero after many seeds means that something
 * was never tried. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_COUNTS_H
#define UNDERSTUDY_HARNESS_SIM_SIM_COUNTS_H

#include "base/buf.h"
#include "harness/rules/rules.h"
#include "sim_case.h"

#include <stdint.h>

enum { SIM_COUNTS_MAX = 32 };

enum sim_group {
    SIM_COUNT_UPSTREAMS, /* cases of each */
    SIM_COUNT_ANSWERS,   /* polls: what came */
    SIM_COUNT_FAULTS,    /* polls that were answered under each */
    SIM_COUNT_RULES,     /* runs in which each rule had something to judge */
    SIM_COUNT_OUTCOMES,  /* runs */
    SIM_COUNT_STOPS,     /* runs: why the client stopped */
    SIM_COUNT_ENDS,      /* runs that went on past the last step, by the scenario's end */
    SIM_GROUPS
};

/* Of SIM_COUNT_ANSWERS: the states, then the errors but NONE, then these. */
enum {
    SIM_ANSWER_LOST = TASK_FAILED + 1 + TASK_ERROR_LIMIT,
    SIM_ANSWER_TIMED_OUT,
    SIM_ANSWER_RESENT, /* lost, and the client's library asked again by itself */
    SIM_ANSWERS
};

struct sim_counts {
    uint64_t runs, polls;
    uint64_t of[SIM_GROUPS][SIM_COUNTS_MAX];
};

/* One more of a rule or fault. */
void sim_count_rule(struct sim_counts *counts, const struct rule *rule);
void sim_count_fault(struct sim_counts *counts, const struct fault_type *type);

/* upstreams: those that were drawn from, in their order. Appends a line a group. */
void sim_counts_write(const struct sim_counts *counts, const struct sim_upstream *upstreams,
                      uint32_t upstream_count, struct buf *out);

/* Appends "GROUP: NAME" of each counter that is still zero, a line each; returns how many. */
unsigned sim_counts_missing(const struct sim_counts *counts, const struct sim_upstream *upstreams,
                            uint32_t upstream_count, struct buf *out);

#endif
