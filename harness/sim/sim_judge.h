/* Judges one simulated run: against the model, then by every rule. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_JUDGE_H
#define UNDERSTUDY_HARNESS_SIM_SIM_JUDGE_H

#include "harness/testbed/evidence.h"
#include "sim_case.h"
#include "sim_counts.h"

#include <stdbool.h>
#include <stdint.h>

/* What is demanded of every run; a failing case is shrunk as long as it fails the same demand. */
enum sim_demand {
    SIM_DEMAND_NONE,
    SIM_DEMAND_ENDS,   /* the run ends within its bounds */
    SIM_DEMAND_STEP,   /* each poll gets the step and reply that the model says */
    SIM_DEMAND_ANSWER, /* and gets it as whole and as late as the faults say */
    SIM_DEMAND_PACE,   /* each poll comes when a good client may poll */
    SIM_DEMAND_STOP,   /* never a poll past the end, never an end before it */
    SIM_DEMAND_RESULT, /* the client reports what the last replies said */
    SIM_DEMAND_RULE,   /* no rule finds anything wrong with the client */
    SIM_DEMAND_REPEAT  /* the same seed gives the same journal, byte for byte */
};
const char *sim_demand_name(enum sim_demand demand);

struct sim_failure {
    enum sim_demand demand; /* SIM_DEMAND_NONE: all is well */
    const char *rule;       /* SIM_DEMAND_RULE: its name */
    uint32_t poll;          /* from 1; 0 when it is no single one */
    char text[512];
};

/* What a good client would have reported, for the scenario's expectation. */
struct sim_wanted {
    bool known; /* false when the run failed before its end was clear */
    enum scenario_outcome outcome;
};

/* Fills *out (SIM_DEMAND_NONE when nothing failed) and *wanted, and adds to counts. scenario is
 * the evidence's; its `expect` is filled with what the model says. Pure otherwise. */
void sim_judge(const struct sim_case *c, struct scenario *scenario, const struct evidence *evidence,
               struct sim_counts *counts, struct sim_wanted *wanted, struct sim_failure *out);

#endif
