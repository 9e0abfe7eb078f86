/* What each fault does to an answer, foretold from its row's effect and never from its rewrite. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_FAULTS_H
#define UNDERSTUDY_HARNESS_SIM_SIM_FAULTS_H

#include "sim_readings.h"
#include "mockserver/plan/fault.h"

#include <stdbool.h>
#include <stdint.h>

/* An answer under its faults. */
struct sim_effect {
    int64_t first_ms;  /* before its first byte */
    int64_t chance_ms; /* by chance, up to so much later */
    int64_t more_ms;   /* from its first byte to its last */
    bool lost;         /* not every byte of it comes */
    bool silent;       /* not a byte of it comes */
};

/* All faults of a step together. */
struct sim_effect sim_effect_of(const struct scenario_step *step, const struct sim_reading *r);

/* A fault whose effect on this reply is beyond doubt. */
struct fault sim_fault_draw(const struct fault_type *type, const struct sim_reading *r,
                            uint64_t random);
/* One whose effect is foretold for steps that have no other. */
bool sim_fault_stands_alone(const struct fault_type *type);

#endif
