/* The time that a client sees: one line of nanoseconds, shown by two clocks. */
#ifndef UNDERSTUDY_HARNESS_TRACER_SIM_TIME_H
#define UNDERSTUDY_HARNESS_TRACER_SIM_TIME_H

#include <stdint.h>
#include <time.h>

/* What the monotonic clocks show at the start of a run: a machine that has been up for a while. */
#define SIM_UPTIME_NS (1000 * INT64_C(1000000000))

struct sim_time {
    int64_t ns;       /* Unix time now */
    int64_t start_ns; /* and at the start of the run */
};

#define SIM_SECOND_NS INT64_C(1000000000)

/* What the clock (clockid_t) shows now. */
int64_t sim_clock_ns(const struct sim_time *t, int clock);
/* The Unix time at which the clock shows ns; INT64_MAX when that is out of reach. */
int64_t sim_when_clock_shows(const struct sim_time *t, int clock, int64_t ns);
/* The Unix time in ns nanoseconds, likewise. ns < 0: now. */
int64_t sim_in(const struct sim_time *t, int64_t ns);
/* -1 for what no kernel accepts; INT64_MAX at most. */
int64_t sim_span_ns(int64_t seconds, int64_t fraction, int64_t fractions_of_a_second);

#endif
