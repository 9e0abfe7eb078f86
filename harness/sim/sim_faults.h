/* What each fault does to an answer, told a second time: the model's half of the table of faults. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_FAULTS_H
#define UNDERSTUDY_HARNESS_SIM_SIM_FAULTS_H

#include "base/err.h"
#include "sim_readings.h"
#include "mockserver/plan/fault.h"

#include <stdbool.h>
#include <stdint.h>

/* An answer under its faults. */
struct sim_effect {
    int64_t late_ms; /* before its first byte */
    bool lost;       /* not every byte of it comes */
    bool silent;     /* not a byte of it comes */
};

/* ERR_NOT_FOUND when a fault of the table has no row here. */
int sim_faults_known(struct err *e);

struct sim_effect sim_effect_of(const struct scenario_step *step, const struct sim_reading *r);

/* A parameter whose effect on this reply is beyond doubt. */
uint32_t sim_fault_draw(const struct fault_type *type, const struct sim_reading *r,
                        uint64_t random);

#endif
