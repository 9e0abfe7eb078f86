/* The reference model: the mock and a good client once more, as plainly as they can be said.
 *
 * The mock is a place in a list of steps. The client is a mind that hears replies, whose
 * meaning stands in the readings, and says what comes next: an end, or the moments at which it
 * may poll again. */
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
    bool over, looped, held; /* what its end has come to */
};

/* What a poll gets. */
struct sim_turn {
    uint32_t step; /* the last one once it is over */
    bool over;
    const struct sim_reading *reading; /* NULL: the connection closes without a byte */
    struct sim_effect effect;
};

/* The first poll needs an all-zero place and is told as such. */
struct sim_turn sim_position_take(const struct sim_case *c, struct sim_position *place, bool first,
                                  int64_t now_ms);

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
    struct sim_received last,
        reported; /* told.reading is NULL until a reply has told of the task */
};

/* SIM_GO_ON: the next poll comes within least_ms..most_ms after the reply, or last_ms after it. */
struct sim_next {
    enum sim_stop stop;
    int64_t least_ms, most_ms; /* most_ms < least_ms: not so */
    int64_t last_ms;           /* -1: not so */
    int64_t asked_ms;          /* what the reply asked for, where it may; -1 */
};

/* How long one exchange may take that begins after elapsed_ms. */
int64_t sim_attempt_ms(const struct sim_policy *p, int64_t elapsed_ms);

/* reading NULL: nothing came. began_ms and ended_ms are Unix time, elapsed_ms is at the end. */
struct sim_next sim_client_on_reply(const struct sim_case *c, struct sim_client_model *client,
                                    const struct sim_reading *reading, int64_t began_ms,
                                    int64_t ended_ms, int64_t elapsed_ms);

#endif
