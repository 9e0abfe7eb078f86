/* Cases: a random scenario and a client's settings, made from one number. Plain values; texts
 * and replies are lent by the readings and the fixtures. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_CASE_H
#define UNDERSTUDY_HARNESS_SIM_SIM_CASE_H

#include "base/buf.h"
#include "sim_readings.h"
#include "mockserver/fixture/fixtures.h"

#include <stdint.h>

enum { SIM_STEPS_MAX = 8 };

/* A client's settings. interval_ms is never below the contract's, so a correct client
 * keeps all rules. */
struct sim_policy {
    int64_t interval_ms;
    int64_t timeout_ms; /* of the whole wait */
    int64_t attempt_ms; /* of one exchange */
    uint64_t seed;      /* of jitter and nonces; not 0 */
    uint64_t
        resends; /* 0 or 1: how often its HTTP library sends a request again by itself, at once, when the
                         * connection ended before the answer was whole */
};

struct sim_case {
    uint64_t seed; /* it was made from */
    const struct sim_upstream *upstream;
    uint32_t goal;                             /* index of the upstream's goals */
    const char *id;                            /* of the task */
    struct scenario_step steps[SIM_STEPS_MAX]; /* their state is what the contract reads */
    uint32_t step_count;
    enum scenario_end end;
    uint64_t fault_seed;
    struct sim_policy policy;
};

/* The same seed over the same upstreams makes the same case. */
void sim_case_make(const struct sim_upstream *upstreams, uint32_t upstream_count, uint64_t seed,
                   struct sim_case *out);

/* The rules that cannot be judged in this case, because of one of its replies contract and
 * .want.json say different things (sim_reading.disputed). *out is all of them. */
void sim_case_rules_off(const struct sim_case *c, struct rules_off *out);

/* The policy that `harness run` gives its client. */
struct sim_policy sim_policy_plain(const struct sim_upstream *u);

/* Appends the case as a scenario file, with what a good client reports at its end. */
void sim_case_write(const struct sim_case *c, enum scenario_outcome outcome, const char *title,
                    struct buf *out);

#endif
