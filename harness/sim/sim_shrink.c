/* Shrinks by a table of simplifications: the first one that keeps the failure is taken, then all
 * are tried again. */
#include "sim_shrink.h"

#include <string.h>

enum { TRIES_MAX = 2000 };

/* One kind of simplification, such as leaving out a step; at says which one of its kind (the
 * at-th step). False when there are no more. True without a change of c means that this one
 * does not apply. */
typedef bool simpler(struct sim_case *c, uint32_t at);

static void make_last(struct scenario_step *step)
{
    step->polls = 1;
    step->for_ms = 0;
}

static bool without_step(struct sim_case *c, uint32_t at)
{
    if (at >= c->step_count)
        return false;
    if (c->step_count == 1)
        return true;
    memmove(&c->steps[at], &c->steps[at + 1], (c->step_count - at - 1) * sizeof c->steps[0]);
    c->step_count--;
    memset(&c->steps[c->step_count], 0, sizeof c->steps[0]);
    make_last(&c->steps[c->step_count - 1]);
    return true;
}

/* Leaves out a step and shortens the time limit with it: by an interval (at even), or so
 * that it comes after the second poll (at odd). A failure at the limit would be lost if only
 * the step went. */
static bool without_step_and_time(struct sim_case *c, uint32_t at)
{
    int64_t interval_ms = c->policy.interval_ms;
    if (at / 2 >= c->step_count)
        return false;
    if (c->step_count == 1 || interval_ms != sim_policy_plain(c->upstream).interval_ms)
        return true;
    int64_t sooner_ms = at % 2 == 0 ? c->policy.timeout_ms - interval_ms : 2 * interval_ms - 1;
    if (sooner_ms < interval_ms || sooner_ms > c->policy.timeout_ms)
        return true;
    c->policy.timeout_ms = sooner_ms;
    return without_step(c, at / 2);
}

static bool without_fault(struct sim_case *c, uint32_t at)
{
    struct scenario_step *step = &c->steps[at / SCENARIO_FAULTS_MAX];
    uint32_t f = at % SCENARIO_FAULTS_MAX;
    if (at / SCENARIO_FAULTS_MAX >= c->step_count)
        return false;
    if (f >= step->fault_count)
        return true;
    memmove(&step->faults[f], &step->faults[f + 1],
            (step->fault_count - f - 1) * sizeof step->faults[0]);
    memset(&step->faults[--step->fault_count], 0, sizeof step->faults[0]);
    return true;
}

static bool one_poll(struct sim_case *c, uint32_t at)
{
    if (at >= c->step_count)
        return false;
    make_last(&c->steps[at]);
    return true;
}

static bool half_the_polls(struct sim_case *c, uint32_t at)
{
    if (at >= c->step_count)
        return false;
    c->steps[at].polls -= c->steps[at].polls / 2;
    return true;
}

static bool plain_end(struct sim_case *c, uint32_t at)
{
    c->end = END_HOLD;
    return at == 0;
}

static bool plain_goal(struct sim_case *c, uint32_t at)
{
    c->goal = 0;
    for (uint32_t i = 0; i < c->step_count; i++)
        c->steps[i].state = sim_reading_of(c->upstream, c->steps[i].reply)->mock_states[0];
    return at == 0;
}

static bool plain_policy(struct sim_case *c, uint32_t at)
{
    struct sim_policy plain = sim_policy_plain(c->upstream);
    switch (at) {
    case 0: c->policy = plain; return true;
    case 1: c->policy.interval_ms = plain.interval_ms; return true;
    case 2: c->policy.attempt_ms = plain.attempt_ms; return true;
    case 3: c->policy.seed = plain.seed; return true;
    case 4: c->policy.timeout_ms = plain.timeout_ms; return true;
    case 5: c->policy.resends = plain.resends; return true;
    case 6: c->fault_seed = 1; return true;
    case 7: c->id = "sim"; return true;
    default: return false;
    }
}

/* Rounds the times of a step down to whole seconds. */
static bool round_times(struct sim_case *c, uint32_t at)
{
    if (at >= c->step_count)
        return false;
    if (c->steps[at].for_ms > 1000)
        c->steps[at].for_ms -= c->steps[at].for_ms % 1000;
    for (uint32_t i = 0; i < c->steps[at].fault_count; i++) {
        struct fault *f = &c->steps[at].faults[i];
        if (f->type->kind == FAULT_TIME && f->value > 1000)
            f->value -= f->value % 1000;
    }
    return true;
}

static simpler *const ways[] = {
    without_step, without_step_and_time, without_fault, plain_policy, plain_end, plain_goal,
    one_poll,     half_the_polls,        round_times};

/* Takes the first way that keeps the failure; false when none does. */
static bool step_down(struct sim_case *c, sim_still_fails *still, void *arg, uint32_t *tries)
{
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        for (uint32_t at = 0; *tries < TRIES_MAX; at++) {
            struct sim_case smaller = *c;
            if (!ways[w](&smaller, at))
                break;
            if (memcmp(&smaller, c, sizeof smaller) == 0)
                continue;
            ++*tries;
            if (still(&smaller, arg)) {
                *c = smaller;
                return true;
            }
        }
    }
    return false;
}

void sim_shrink(struct sim_case *c, sim_still_fails *still, void *arg)
{
    uint32_t tries = 0;
    while (tries < TRIES_MAX && step_down(c, still, arg, &tries))
        continue;
}
