/* Which step a poll gets, and what a good client makes of the replies that came. */
#include "sim_model.h"

/* What the client promises (client/policy.h), written down a second time. */
enum { TROUBLES_MAX = 8, UNKNOWNS_MAX = 60, BACKOFF_MAX_MS = 60000, LAST_TRY_MS = 1000 };

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* -- The mock ---------------------------------------------------------------------------------- */

static void enter(struct sim_position *place, uint32_t step, int64_t now_ms)
{
    place->step = step;
    place->polls = 0;
    place->entered_ms = now_ms;
}

static bool is_done(const struct sim_case *c, const struct sim_position *place, int64_t now_ms)
{
    const struct scenario_step *step = &c->steps[place->step];
    if (step->polls > 0)
        return place->polls == step->polls;
    return now_ms >= place->entered_ms + step->for_ms;
}

static void leave(const struct sim_case *c, struct sim_position *place, int64_t now_ms)
{
    if (place->step < c->step_count - 1) {
        enter(place, place->step + 1, now_ms);
        return;
    }
    switch (c->end) {
    case END_HOLD: place->held = true; break;
    case END_LOOP:
        place->looped = true;
        enter(place, 0, now_ms);
        break;
    case END_GONE:
    case END_DROP: place->over = true; break;
    }
}

struct sim_turn sim_position_take(const struct sim_case *c, struct sim_position *place, bool first,
                                  int64_t now_ms)
{
    if (first)
        enter(place, 0, now_ms);
    else if (!place->over && !place->held && is_done(c, place, now_ms))
        leave(c, place, now_ms);
    place->polls++;
    struct sim_turn turn = {.step = place->step, .over = place->over};
    if (!place->over) {
        const struct scenario_step *step = &c->steps[place->step];
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

static struct sim_received hear(const struct sim_case *c, const struct sim_client_model *client,
                                const struct sim_reading *r)
{
    if (!r)
        return (struct sim_received){.error = TASK_ERROR_TRANSIENT};
    if (r->good_news[c->goal] || (r->good_when_reported[c->goal] && client->reported.reading))
        return (struct sim_received){.reading = r, .state = TASK_SUCCEEDED};
    return (struct sim_received){.reading = r, .state = r->states[c->goal], .error = r->error};
}

/* Milliseconds from the end of the reply; -1 when it asks for nothing, or may not. */
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

/* The widest that the n-th transient failure in a row may spread the wait. */
static int64_t spread(const struct sim_policy *p, unsigned transients)
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
    int64_t most = asked_ms < 0 ? spread(p, client->transients) : least;
    if (left < p->interval_ms)
        return (struct sim_next){.stop = SIM_STOP_TIME};
    if (left < least)
        return (struct sim_next){.stop = SIM_STOP_ASKED_TOO_LONG};
    struct sim_next next = {.stop = SIM_GO_ON, .least_ms = least, .most_ms = most, .last_ms = -1};
    if (most > left - p->interval_ms) { /* nothing would fit after it: then it is the last try */
        next.most_ms = left - p->interval_ms;
        next.last_ms = larger(least, left - LAST_TRY_MS);
    }
    return next;
}

struct sim_next sim_client_on_reply(const struct sim_case *c, struct sim_client_model *client,
                                    const struct sim_reading *reading, int64_t began_ms,
                                    int64_t ended_ms, int64_t elapsed_ms)
{
    struct sim_received received = hear(c, client, reading);
    struct sim_next next = {.asked_ms = asked_for(reading, began_ms, ended_ms)};
    bool tells = received.error == TASK_ERROR_NONE;
    client->last = received;
    client->transients = tells ? 0 : client->transients + 1;
    if (tells)
        client->unknowns = received.state == TASK_UNKNOWN ? client->unknowns + 1 : 0;
    if (tells && (received.state == TASK_SUCCEEDED || received.state == TASK_FAILED))
        next.stop = SIM_STOP_DONE;
    else if (is_refusal(received.error))
        next.stop = SIM_STOP_REFUSED;
    else if (client->transients > TROUBLES_MAX)
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
