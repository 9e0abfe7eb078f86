/* The reference model: the mock and a correct client, written a second time as simply as possible.
 *
 * The mock is a position in a list of steps. The client is given replies, whose meaning is
 * in the readings (sim_readings.h), and says what follows: the end of the wait, or the
 * times at which it may poll again. Pure functions of their arguments; shares no code with
 * mock and client. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_MODEL_H
#define UNDERSTUDY_HARNESS_SIM_SIM_MODEL_H

#include "sim_case.h"
#include "sim_faults.h"

#include <stdbool.h>
#include <stdint.h>

/* -- The mock ---------------------------------------------------------------------------------- */

struct sim_position {
    uint32_t step, polls;
    int64_t entered_ms;
    /* After the last step: no more replies, from the first step again, or its reply again. */
    bool over, looped, held;
};

/* What a poll gets. */
struct sim_turn {
    uint32_t step; /* the last one once it is over */
    bool over;
    const struct sim_reading *reading; /* NULL: the connection closes without a byte */
    struct sim_effect effect;
};

/* One poll takes its turn at now_ms (Unix milliseconds); moves the position. first: of this run.
 * The position must be all zero then. */
struct sim_turn sim_position_take(const struct sim_case *c, struct sim_position *position,
                                  bool first, int64_t now_ms);

/* -- The client -------------------------------------------------------------------------------- */

enum sim_stop {
    SIM_STOP_DONE,
    SIM_STOP_REFUSED,
    SIM_STOP_TIME,
    SIM_STOP_ASKED_TOO_LONG, /* asked to wait beyond its limit */
    SIM_STOP_TRANSIENT,      /* too many in a row */
    SIM_STOP_UNKNOWN,
    SIM_STOPS,
    SIM_GO_ON = SIM_STOPS
};
const char *sim_stop_name(enum sim_stop stop);

struct sim_received {
    const struct sim_reading *reading; /* NULL: no whole reply came */
    enum task_state state;             /* under the goal */
    enum task_error error;
};

struct sim_client_model {
    unsigned transients, unknowns; /* in a row */
    unsigned replies;              /* whole ones, of any kind */
    struct sim_received last;
    struct sim_received reported; /* the last with a state; reading is NULL until there was one */
};

/* What a correct client does next. With SIM_GO_ON the next poll comes least_ms..most_ms after
 * the reply, or, as the last one, exactly last_ms after it. */
struct sim_next {
    enum sim_stop stop;
    int64_t least_ms, most_ms; /* most_ms < least_ms: only last_ms is possible */
    int64_t last_ms;           /* -1: it cannot be the last poll */
    int64_t asked_ms;          /* the reply's Retry-After, where it counts; else -1 */
};

/* How long one exchange may take that begins after elapsed_ms. */
int64_t sim_attempt_ms(const struct sim_policy *p, int64_t elapsed_ms);

/* One exchange has ended. reading NULL: no whole reply came. began_ms and ended_ms are Unix
 * milliseconds, elapsed_ms is how long the client has waited in all by ended_ms. */
struct sim_next sim_client_on_reply(const struct sim_case *c, struct sim_client_model *client,
                                    const struct sim_reading *reading, int64_t began_ms,
                                    int64_t ended_ms, int64_t elapsed_ms);

#endif
