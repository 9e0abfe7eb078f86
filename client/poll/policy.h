/* The policy: what to do after one exchange. A pure function of what is known.
 *
 *   - an open task is asked again after the interval
 *   - what the service refuses for good ends the wait, and so does a URL or a certificate that
 *     makes every exchange fail
 *   - after a transient failure the wait grows: random(interval, min(backoff_max, interval * 2^(n-1))) for the
 *     n-th transient failure in a row, never below the interval
 *   - Retry-After on 429, 503 and on an answer lengthens the wait. It never shortens it, and a poll
 *     never comes before its time: when that is past the deadline, the wait ends now
 *   - when no polite poll would fit after the next one, the next is the last try, and is moved to
 *     the latest moment that leaves it time to be answered
 *   - it gives up after the deadline, after more than transient_max transient failures in a row, and after
 *     more than unknown_max unknown statuses in a row; each has its own count */
#ifndef UNDERSTUDY_CLIENT_POLL_POLICY_H
#define UNDERSTUDY_CLIENT_POLL_POLICY_H

#include "client/client.h"

enum {
    POLICY_TRANSIENT_MAX = 8,
    POLICY_UNKNOWN_MAX = 60,
    POLICY_BACKOFF_MAX_MS = 60000,
    POLICY_LAST_TRY_MS = 1000 /* what a last try is left with */
};

struct policy {
    int64_t interval_ms; /* > 0 */
    int64_t timeout_ms;  /* > 0 */
};

struct policy_fact {
    enum task_state state; /* under the goal */
    enum task_error error; /* of a lost exchange TRANSIENT, LIMIT, or PERMANENT: no use to repeat */
    int http_status;       /* 0: no reply */
    int64_t retry_after_ms; /* -1: not said */
    int64_t elapsed_ms;     /* since the wait began */
    unsigned transients;    /* exchanges in a row that told nothing, this one included */
    unsigned unknowns;      /* unknown statuses in a row, this one included */
    uint64_t random;        /* any number: the jitter */
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
