/* The policy: what to do after one exchange. A pure function of what is known.
 *
 *   - an open task is asked again after the interval
 *   - what the service refuses for good ends the wait, and so does a URL or a certificate that
 *     makes every exchange fail
 *   - "not found" as the very first answer is repeated once, after the interval: the task may be
 *     newer than the replica that answered
 *   - after a transient failure the wait grows: for the n-th in a row it is
 *     random(interval, min(backoff_max, interval * 2^(n-1))), never below the interval
 *   - Retry-After on 429, 503 and on an answer lengthens the wait. It never shortens it, and a poll
 *     never comes before its time: when that is past the deadline, the wait ends now
 *   - when the interval after the next poll would end past the deadline, the next poll is the last,
 *     and is moved to POLICY_LAST_TRY_MS before the deadline, where that is later
 *   - it gives up after the deadline, after more than POLICY_TRANSIENT_MAX transient failures in a
 *     row, and after more than POLICY_UNKNOWN_MAX unknown statuses in a row, each counted alone */
#ifndef UNDERSTUDY_CLIENT_POLL_POLICY_H
#define UNDERSTUDY_CLIENT_POLL_POLICY_H

#include "client/client.h"

enum {
    POLICY_TRANSIENT_MAX = 8,
    POLICY_UNKNOWN_MAX = 60,
    POLICY_BACKOFF_MAX_MS = 60000,
    POLICY_LAST_TRY_MS = 1000 /* what a last poll has left for its answer */
};

struct policy {
    int64_t interval_ms; /* > 0 */
    int64_t timeout_ms;  /* > 0 */
};

struct policy_fact {
    enum task_state state; /* under the goal */
    /* Of a lost exchange TRANSIENT, LIMIT, or PERMANENT when a repeat would be lost too. */
    enum task_error error;
    bool first;             /* the first answer of a wait for a task not seen before */
    int http_status;        /* 0: no reply */
    int64_t retry_after_ms; /* -1: not said */
    int64_t elapsed_ms;     /* since the wait began */
    unsigned transients;    /* exchanges in a row without a readable state, this one included */
    unsigned unknowns;      /* unknown statuses in a row, this one included */
    uint64_t random;        /* any number, for the jitter; used when transients > 1 */
};

enum policy_verb {
    POLICY_WAIT,    /* wait_ms, then poll */
    POLICY_DONE,    /* the task succeeded or failed */
    POLICY_REFUSED, /* the service refused for good, or cannot be asked */
    POLICY_GIVE_UP_TIME,
    POLICY_GIVE_UP_RETRY_AFTER, /* asked to wait beyond the deadline */
    POLICY_GIVE_UP_TRANSIENT,
    POLICY_GIVE_UP_UNKNOWN
};

struct policy_answer {
    enum policy_verb verb;
    int64_t wait_ms; /* 0 unless POLICY_WAIT */
};

struct policy_answer policy_decide(const struct policy *p, const struct policy_fact *fact);

#endif
