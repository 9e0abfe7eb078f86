/* Readings: what the recorded replies mean, taken from the .want.json files beside them and from
 * the contract's goals.
 *
 * They are what the simulation holds client and mock to, so they share no code with
 * either that reads a reply. Loaded once, then only read: any thread may. Source of the
 * files' form: docs/formats.md. */
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
    SIM_TRANSIENT, /* no state of the task, and may be different the next time */
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
    /* The arrays have an element for each goal; [0] is the default reading. */
    enum task_state states[SIM_GOALS_MAX];  /* TASK_UNKNOWN with an error */
    bool meets_goal[SIM_GOALS_MAX];         /* it is a refusal that means success under the goal */
    bool meets_goal_if_seen[SIM_GOALS_MAX]; /* the same, once an earlier reply knew the task */
    /* What the contract reads. It goes into scenarios; the model never looks at it. */
    enum reply_state mock_states[SIM_GOALS_MAX];
    /* The contract reads another state than the .want.json says: the journal's state
     * is not compared. */
    bool differs[SIM_GOALS_MAX];
    /* They even differ on whether the task is open, has ended, or cannot be known. A client that
     * is correct by the .want.json can then break a rule that goes by the contract, so such
     * rules are turned off. */
    bool disputed[SIM_GOALS_MAX];
    int progress;                                  /* 0..100, -1 when not said */
    const char *status, *code, *reason, *url, *id; /* never NULL */
    enum sim_retry_after retry_after;
    int64_t retry_after_ms; /* as retry_after says */
    /* The stamps may make the replayed body shorter or longer than the recorded one. */
    size_t body_least, body_most;
    struct json *want; /* owns the texts */
};

struct sim_upstream {
    const struct upstream *upstream;
    const char *goals[SIM_GOALS_MAX]; /* [0] is NULL: the default reading */
    uint32_t goal_count;
    bool has_content; /* a task that succeeded without a URL has its content operation's address */
    struct sim_reading *readings; /* one for each of the upstream's replies, in their order */
    /* Indexes of readings by kind, without those that stamps correct on replay. */
    uint32_t *kinds[SIM_KINDS];
    uint32_t kind_counts[SIM_KINDS];
};

/* upstream is lent. ERR_FILE or ERR_SYNTAX when a reply has no readable
 * .want.json, ERR_NOT_FOUND when the upstream has no reply of some kind, ERR_MEMORY. On error
 * there is nothing to free. */
int sim_upstream_load(const struct upstream *upstream, struct sim_upstream *out, struct err *e);
void sim_upstream_free(struct sim_upstream *u);

/* The reading of one of the upstream's replies. */
const struct sim_reading *sim_reading_of(const struct sim_upstream *u, const struct reply *reply);
/* What the contract should read under a goal. */
enum reply_state sim_state_wanted(const struct sim_reading *r, uint32_t goal);

#endif
