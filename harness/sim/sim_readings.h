/* Readings: what the recorded replies mean, taken from the .want.json files beside them and from
 * the contract's goals. The simulation's oracle: it shares no code that reads a reply with
 * client or mock. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_READINGS_H
#define UNDERSTUDY_HARNESS_SIM_SIM_READINGS_H

#include "base/err.h"
#include "client/client.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_GOALS_MAX = 4 };

/* What a reply tells, roughly: the kinds that a random scenario draws from. */
enum sim_kind {
    SIM_OPEN,
    SIM_UNKNOWN,
    SIM_SUCCEEDED,
    SIM_FAILED,
    SIM_TRANSIENT, /* tells nothing, and may pass */
    SIM_REFUSED,
    SIM_KINDS
};

/* How a reply asks to be left alone. */
enum sim_retry_after {
    SIM_RETRY_AFTER_NONE,
    SIM_RETRY_AFTER_SECONDS,  /* counted from the end of the reply */
    SIM_RETRY_AFTER_DISTANCE, /* a date, moved on replay: counted from the moment of the answer */
    SIM_RETRY_AFTER_DATE      /* a date that stays as recorded: Unix milliseconds */
};

struct sim_reading {
    const struct reply *reply;
    enum task_error error;
    /* Under each goal, [0] is the default reading; as if there were no error. */
    enum task_state states[SIM_GOALS_MAX];
    bool good_news[SIM_GOALS_MAX];          /* the refusal says that the goal is reached */
    bool good_when_reported[SIM_GOALS_MAX]; /* the same, once a reply has told of the task */
    /* The contract's reading under each goal goes into scenarios; the model never looks at it. */
    enum reply_state mock_states[SIM_GOALS_MAX];
    /* It is another than the .want.json's: then the journal's state is not compared. */
    bool differs[SIM_GOALS_MAX];
    /* And so much so that a client which is good by the .want.json can be bad by the
     * contract: one says that the reply tells nothing, that the task is open, or that it has
     * ended, the other not. */
    bool disputed[SIM_GOALS_MAX];
    int progress;
    const char *status, *code, *reason, *url, *id; /* never NULL */
    enum sim_retry_after retry_after;
    int64_t retry_after_ms;
    /* The stamps may make the replayed body shorter or longer than the recorded one. */
    size_t body_least, body_most;
    struct json *want; /* owns the texts */
};

struct sim_upstream {
    const struct upstream *upstream;
    const char *goals[SIM_GOALS_MAX]; /* [0] is NULL: the default reading */
    uint32_t goal_count;
    struct sim_reading *readings; /* one for each of the upstream's replies, in their order */
    uint32_t *kinds[SIM_KINDS];   /* indexes of readings; not of those that heal on replay */
    uint32_t kind_counts[SIM_KINDS];
};

/* fixtures are lent. Every reply needs a reading, every upstream a reply of each kind. */
int sim_upstream_load(const struct fixtures *fixtures, const struct upstream *upstream,
                      struct sim_upstream *out, struct err *e);
void sim_upstream_free(struct sim_upstream *u);

/* The reading of one of the upstream's replies. */
const struct sim_reading *sim_reading_of(const struct sim_upstream *u, const struct reply *reply);
/* What the contract should read under a goal. */
enum reply_state sim_state_wanted(const struct sim_reading *r, uint32_t goal);

#endif
