/* Decides after each exchange: wait, give up, or done. The polling loop acts on it. */
#include "policy.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_transient(enum task_error error)
{
    return error == TASK_ERROR_TRANSIENT || error == TASK_ERROR_SYNTAX
        || error == TASK_ERROR_CONTRACT || error == TASK_ERROR_LIMIT;
}

/* A random wait between the interval and a ceiling that doubles with each transient failure in a
 * row, up to POLICY_BACKOFF_MAX_MS: clients that failed together do not come back together. */
static int64_t backoff(const struct policy *p, const struct policy_fact *fact)
{
    int64_t ceiling = p->interval_ms;
    for (unsigned n = 1; n < fact->transients && ceiling < POLICY_BACKOFF_MAX_MS; n++)
        ceiling *= 2;
    ceiling = most(least(ceiling, POLICY_BACKOFF_MAX_MS), p->interval_ms);
    uint64_t range = (uint64_t)(ceiling - p->interval_ms) + 1;
    return p->interval_ms + (int64_t)(fact->random % range);
}

/* Where RFC 9110 gives Retry-After a meaning for polls: 429, 503, and an answer. */
static bool heeds_retry_after(int http_status)
{
    return http_status == 429 || http_status == 503 || (http_status >= 200 && http_status < 300);
}

static struct policy_answer wait_or_give_up(const struct policy *p, const struct policy_fact *fact)
{
    int64_t left = p->timeout_ms - fact->elapsed_ms;
    int64_t floor = p->interval_ms;
    int64_t wait = fact->transients > 0 ? backoff(p, fact) : p->interval_ms;
    if (fact->retry_after_ms >= 0 && heeds_retry_after(fact->http_status)) {
        floor = most(floor, fact->retry_after_ms);
        wait = floor;
    }
    if (floor > left) {
        bool asked = floor > p->interval_ms && p->interval_ms <= left;
        return (struct policy_answer){.verb = asked ? POLICY_GIVE_UP_RETRY_AFTER
                                                    : POLICY_GIVE_UP_TIME};
    }
    if (wait > left - p->interval_ms) /* no further poll would fit: make this one the last, late */
        wait = most(floor, left - POLICY_LAST_TRY_MS);
    return (struct policy_answer){.verb = POLICY_WAIT, .wait_ms = wait};
}

/* A task that is not found at the very first answer may be too new for the replica that was asked.
 * Where no repeat fits, it stays refused. */
static struct policy_answer repeat_once(const struct policy *p, const struct policy_fact *fact)
{
    struct policy_answer a = wait_or_give_up(p, fact);
    return a.verb == POLICY_WAIT ? a : (struct policy_answer){.verb = POLICY_REFUSED};
}

struct policy_answer policy_decide(const struct policy *p, const struct policy_fact *fact)
{
    if (fact->state == TASK_SUCCEEDED || fact->state == TASK_FAILED)
        return (struct policy_answer){.verb = POLICY_DONE};
    if (fact->error == TASK_ERROR_NOT_FOUND && fact->first)
        return repeat_once(p, fact);
    if (fact->error != TASK_ERROR_NONE && !is_transient(fact->error))
        return (struct policy_answer){.verb = POLICY_REFUSED};
    if (fact->transients > POLICY_TRANSIENT_MAX)
        return (struct policy_answer){.verb = POLICY_GIVE_UP_TRANSIENT};
    if (fact->unknowns > POLICY_UNKNOWN_MAX)
        return (struct policy_answer){.verb = POLICY_GIVE_UP_UNKNOWN};
    return wait_or_give_up(p, fact);
}
