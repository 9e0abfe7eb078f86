/* Answers to clock reads. */
#ifndef UNDERSTUDY_HARNESS_TRACER_CLOCK_READ_H
#define UNDERSTUDY_HARNESS_TRACER_CLOCK_READ_H

#include "machine.h"
#include "sim_time.h"

/* At the stop before clock_gettime, gettimeofday or time: writes the answer, and skips the call. */
void clock_read_answer(struct machine *m, const struct sim_time *now);

#endif
