/* How long a step lasts, and what follows it. */
#include "position.h"

static int64_t later_by(int64_t from_ms, int64_t ms)
{
    int64_t sum = 0;
    return __builtin_add_overflow(from_ms, ms, &sum) ? INT64_MAX : sum;
}

static const struct scenario_step *step_of(const struct position *p)
{
    return &p->scenario->steps[p->step];
}

static void enter(struct position *p, uint32_t step, int64_t now_ms)
{
    p->step = step;
    p->step_polls = 0;
    p->entered_ms = now_ms;
    enum reply_state state = step_of(p)->state;
    bool ended = reply_state_is_end(state);
    if (p->started_ms < 0 && (ended || state == REPLY_STATE_RUNNING))
        p->started_ms = now_ms;
    if (p->finished_ms < 0 && ended)
        p->finished_ms = now_ms;
}

void position_begin(struct position *p, const struct scenario *scenario, int64_t now_ms)
{
    *p = (struct position){.scenario = scenario,
                           .created_ms = now_ms,
                           .last_ms = now_ms,
                           .answered_ms = now_ms,
                           .started_ms = -1,
                           .finished_ms = -1};
    enter(p, 0, now_ms);
}

/* False when the task stays where it is for ever. */
static bool has_more(const struct position *p)
{
    const struct scenario *s = p->scenario;
    return !p->over && !p->cancelled && (p->step + 1 < s->step_count || s->end != END_HOLD);
}

/* True when a poll at now_ms leaves the step. */
static bool is_due(const struct position *p, int64_t now_ms)
{
    const struct scenario_step *step = step_of(p);
    return has_more(p)
        && (step->polls != 0 ? p->step_polls >= step->polls
                             : now_ms - p->entered_ms >= step->for_ms);
}

/* Never before the last poll: where two come at once, the time of the second may have been read
 * before the first one moved the clock. */
int64_t position_asked_ms(const struct position *p, int64_t now_ms, int64_t pace_ms)
{
    if (pace_ms == 0 || p->polls == 0)
        return now_ms;
    int64_t least_ms = is_due(p, now_ms) ? p->last_ms : later_by(p->answered_ms, pace_ms);
    return now_ms > least_ms ? now_ms : least_ms;
}

void position_move(struct position *p, int64_t now_ms)
{
    const struct scenario *s = p->scenario;
    if (p->polls == 0)
        p->entered_ms = p->last_ms = p->answered_ms = now_ms;
    if (!is_due(p, now_ms))
        return;
    if (p->step + 1 < s->step_count)
        enter(p, p->step + 1, now_ms);
    else if (s->end == END_LOOP)
        enter(p, 0, now_ms);
    else
        p->over = true;
}

void position_count(struct position *p, int64_t now_ms)
{
    const struct scenario_step *step = step_of(p);
    p->polls++;
    p->step_polls++;
    p->last_ms = now_ms;
    p->answered_ms = now_ms;
    if (!p->over)
        p->answered_ms = later_by(now_ms, fault_delay_ms(step->faults, step->fault_count));
}

bool position_next_ms(const struct position *p, int64_t now_ms, int64_t *at_ms)
{
    const struct scenario_step *step = step_of(p);
    *at_ms = later_by(p->entered_ms, step->for_ms);
    return step->polls == 0 && has_more(p) && *at_ms > now_ms;
}
