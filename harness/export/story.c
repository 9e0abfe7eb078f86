/* A scenario as polls get it. */
#include "story.h"

#include "base/grow.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int story_add(struct story *s, const struct story_answer *a, struct err *e)
{
    if (s->count == STORY_ANSWERS_MAX)
        return err_set(e, ERR_LIMIT, s->mount, "is answered more than %d times: too long to export",
                       STORY_ANSWERS_MAX);
    struct story_answer *list = grow(s->answers, s->count, &s->room, sizeof *list,
                                     STORY_ANSWERS_MAX);
    if (!list)
        return err_set(e, ERR_MEMORY, s->mount, "no memory for its answers");
    s->answers = list;
    s->answers[s->count++] = *a;
    return 0;
}

void story_close(struct story *s)
{
    free(s->answers);
    *s = (struct story){0};
}

/* The id that a reply was recorded with. */
static bool recorded_id(const struct reply *r, char *out, size_t out_size)
{
    for (uint32_t i = 0; r && i < r->stamp_count; i++) {
        const struct reply_stamp *stamp = &r->stamps[i];
        if (stamp->source != STAMP_TASK_ID || !stamp->quoted || stamp->len < 3)
            continue;
        struct span id = span_cut(r->body, stamp->at + 1U, stamp->len - 2U);
        if (text_is_name(id))
            return span_copy(id, out, out_size);
    }
    return false;
}

void story_name_task(struct story *s, const char *id)
{
    if (id && span_copy(span_of(id), s->task, sizeof s->task))
        return;
    for (uint32_t i = 0; i < s->count; i++)
        if (recorded_id(s->answers[i].reply, s->task, sizeof s->task))
            return;
    snprintf(s->task, sizeof s->task, "task-1");
}

/* What is left of an answer when the last fault that cuts has been at it. */
static void take_faults(struct story_answer *a, const struct scenario_step *step)
{
    a->delay_ms = fault_delay_ms(step->faults, step->fault_count);
    for (uint32_t i = 0; i < step->fault_count; i++)
        switch (step->faults[i].type->effect) {
        case FAULT_NOTHING:
        case FAULT_LATE:
        case FAULT_LATE_UP_TO:
        case FAULT_DRIPS: break;
        case FAULT_STALLS:
        case FAULT_LOST:
        case FAULT_BODY_CUT: a->came = ANSWER_CUT; break;
        case FAULT_SILENCE: a->came = ANSWER_SILENCE; break;
        }
}

int story_of_scenario(struct story *s, const struct upstream *u, const struct scenario *scenario,
                      struct err *e)
{
    int64_t now_ms = 0;
    int64_t interval_ms = u->contract.polite.interval_ms;
    interval_ms = interval_ms > 0 ? interval_ms : STORY_INTERVAL_MS;
    *s = (struct story){.upstream = u, .end = scenario->end};
    snprintf(s->name, sizeof s->name, "%s-%s", u->name, scenario->name);
    snprintf(s->mount, sizeof s->mount, "%s:%s", u->name, scenario->name);
    int code = 0;
    for (uint32_t i = 0; !code && i < scenario->step_count; i++) {
        const struct scenario_step *step = &scenario->steps[i];
        struct story_answer a = {.reply = step->reply};
        int64_t until_ms = now_ms + step->for_ms;
        uint32_t polls = 0;
        take_faults(&a, step);
        while (!code && (step->polls ? polls < step->polls : now_ms < until_ms)) {
            a.at_ms = now_ms;
            code = story_add(s, &a, e);
            now_ms += interval_ms + a.delay_ms;
            polls++;
        }
    }
    story_name_task(s, scenario->id);
    return code;
}
