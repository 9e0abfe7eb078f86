/* The model of the mock: which step a poll gets. The model of the client: what it does
 * after each reply. */
#include "sim_model.h"

/* The limits of client/poll/policy.h, written down a second time on purpose: the model shares no
 * code with what it is compared with. */
enum { TRANSIENTS_MAX = 8, UNKNOWNS_MAX = 60, BACKOFF_MAX_MS = 60000, LAST_TRY_MS = 1000 };

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* -- The mock ---------------------------------------------------------------------------------- */

static void enter(struct sim_position *position, uint32_t step, int64_t now_ms)
{
    position->step = step;
    position->polls = 0;
    position->entered_ms = now_ms;
}

static bool is_done(const struct sim_case *c, const struct sim_position *position, int64_t now_ms)
{
    const struct scenario_step *step = &c->steps[position->step];
    if (step->polls > 0)
        return position->polls == step->polls;
    return now_ms >= position->entered_ms + step->for_ms;
}

static void leave(const struct sim_case *c, struct sim_position *position, int64_t now_ms)
{
    if (position->step < c->step_count - 1) {
        enter(position, position->step + 1, now_ms);
        return;
    }
    switch (c->end) {
    case END_HOLD: position->held = true; break;
    case END_LOOP:
        position->looped = true;
        enter(position, 0, now_ms);
        break;
    case END_GONE:
    case END_DROP: position->over = true; break;
    }
}

struct sim_turn sim_position_take(const struct sim_case *c, struct sim_position *position,
                                  bool first, int64_t now_ms)
{
    if (first)
        enter(position, 0, now_ms);
    else if (!position->over && !position->held && is_done(c, position, now_ms))
        leave(c, position, now_ms);
    position->polls++;
    struct sim_turn turn = {.step = position->step, .over = position->over};
    if (!position->over) {
        const struct scenario_step *step = &c->steps[position->step];
        turn.reading = sim_reading_of(c->upstream, step->reply);
        turn.effect = sim_effect_of(step, turn.reading);
        return turn;
    }
    turn.effect.lost = turn.effect.silent = c->end == END_DROP;
    if (c->end == END_GONE)
        turn.reading = sim_reading_of(c->upstream,
                                      upstream_reply(c->upstream->upstream, "error.not_found"));
    return turn;
}

/* -- The client -------------------------------------------------------------------------------- */

const char *sim_stop_name(enum sim_stop stop)
{
    static const char *const names[] = {
        [SIM_STOP_DONE] = "the task ended",
        [SIM_STOP_REFUSED] = "refused for good",
        [SIM_STOP_TIME] = "out of time",
        [SIM_STOP_ASKED_TOO_LONG] = "asked to wait too long",
        [SIM_STOP_TRANSIENT] = "too many troubles",
        [SIM_STOP_UNKNOWN] = "too many unknown statuses",
        [SIM_GO_ON] = "polls on",
    };
    return names[stop];
}

int64_t sim_attempt_ms(const struct sim_policy *p, int64_t elapsed_ms)
{
    return smaller(p->attempt_ms, larger(p->timeout_ms - elapsed_ms, LAST_TRY_MS));
}

/* What the client understands of a reply, under its goal. r NULL: no whole reply came. */
static struct sim_received understand(const struct sim_case *c,
                                      const struct sim_client_model *client,
                                      const struct sim_reading *r)
{
    if (!r)
        return (struct sim_received){.error = TASK_ERROR_TRANSIENT};
    if (r->meets_goal[c->goal] || (r->meets_goal_if_seen[c->goal] && client->reported.reading))
        return (struct sim_received){.reading = r, .state = TASK_SUCCEEDED};
    return (struct sim_received){.reading = r, .state = r->states[c->goal], .error = r->error};
}

/* Retry-After in milliseconds from the end of the reply; -1 without one, and on statuses where
 * it does not count. */
static int64_t asked_for(const struct sim_reading *r, int64_t began_ms, int64_t ended_ms)
{
    int status = r ? r->reply->status : 0;
    if (status != 429 && status != 503 && (status < 200 || status > 299))
        return -1;
    switch (r->retry_after) {
    case SIM_RETRY_AFTER_NONE: return -1;
    case SIM_RETRY_AFTER_SECONDS: return r->retry_after_ms;
    case SIM_RETRY_AFTER_DATE: return larger(r->retry_after_ms - ended_ms, 0);
    case SIM_RETRY_AFTER_DISTANCE: break;
    }
    int64_t until_ms = began_ms + r->retry_after_ms;
    return larger((until_ms + 999) / 1000 * 1000 - ended_ms, 0); /* dates know whole seconds */
}

static bool is_refusal(enum task_error error)
{
    return error == TASK_ERROR_PERMANENT || error == TASK_ERROR_NOT_FOUND
        || error == TASK_ERROR_UNAUTHORIZED;
}

/* The longest wait that a client's random backoff may choose after so many transient failures
 * in a row. */
static int64_t longest_backoff(const struct sim_policy *p, unsigned transients)
{
    int64_t doubled = p->interval_ms;
    for (unsigned n = 1; n < transients; n++)
        doubled = smaller(2 * doubled, BACKOFF_MAX_MS);
    return larger(doubled, p->interval_ms);
}

static struct sim_next wait_on(const struct sim_policy *p, const struct sim_client_model *client,
                               int64_t asked_ms, int64_t elapsed_ms)
{
    int64_t left = p->timeout_ms - elapsed_ms;
    int64_t least = larger(p->interval_ms, asked_ms);
    int64_t most = asked_ms < 0 ? longest_backoff(p, client->transients) : least;
    if (left < p->interval_ms)
        return (struct sim_next){.stop = SIM_STOP_TIME};
    if (left < least)
        return (struct sim_next){.stop = SIM_STOP_ASKED_TOO_LONG};
    struct sim_next next = {.stop = SIM_GO_ON, .least_ms = least, .most_ms = most, .last_ms = -1};
    if (most > left - p->interval_ms) { /* no further poll would fit after it: it may be the last */
        next.most_ms = left - p->interval_ms;
        next.last_ms = larger(least, left - LAST_TRY_MS);
    }
    return next;
}

/* A task that is not there at the first answer may be too new: one more poll, where one fits. */
static struct sim_next repeat_once(const struct sim_policy *p,
                                   const struct sim_client_model *client, int64_t asked_ms,
                                   int64_t elapsed_ms)
{
    struct sim_next next = wait_on(p, client, asked_ms, elapsed_ms);
    if (next.stop != SIM_GO_ON)
        next = (struct sim_next){.stop = SIM_STOP_REFUSED};
    next.asked_ms = asked_ms;
    return next;
}

struct sim_next sim_client_on_reply(const struct sim_case *c, struct sim_client_model *client,
                                    const struct sim_reading *reading, int64_t began_ms,
                                    int64_t ended_ms, int64_t elapsed_ms)
{
    struct sim_received received = understand(c, client, reading);
    struct sim_next next = {.asked_ms = asked_for(reading, began_ms, ended_ms)};
    bool tells = received.error == TASK_ERROR_NONE;
    bool first = reading && client->replies++ == 0;
    client->last = received;
    client->transients = tells ? 0 : client->transients + 1;
    if (tells)
        client->unknowns = received.state == TASK_UNKNOWN ? client->unknowns + 1 : 0;
    if (tells && (received.state == TASK_SUCCEEDED || received.state == TASK_FAILED))
        next.stop = SIM_STOP_DONE;
    else if (first && received.error == TASK_ERROR_NOT_FOUND)
        next = repeat_once(&c->policy, client, next.asked_ms, elapsed_ms);
    else if (is_refusal(received.error))
        next.stop = SIM_STOP_REFUSED;
    else if (client->transients > TRANSIENTS_MAX)
        next.stop = SIM_STOP_TRANSIENT;
    else if (client->unknowns > UNKNOWNS_MAX)
        next.stop = SIM_STOP_UNKNOWN;
    else {
        int64_t asked_ms = next.asked_ms;
        next = wait_on(&c->policy, client, asked_ms, elapsed_ms);
        next.asked_ms = asked_ms;
    }
    if (tells && next.stop == SIM_GO_ON)
        client->reported = received;
    return next;
}
