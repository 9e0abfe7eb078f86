/* Evidence made by hand: a trace row by row, for rules that must be judged at their boundaries. */
#ifndef UNDERSTUDY_TESTS_HARNESS_EVIDENCE_H
#define UNDERSTUDY_TESTS_HARNESS_EVIDENCE_H

#include "harness/testbed/evidence.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 32 };

/* Whole unless it says otherwise. */
struct row {
    int64_t began_ms, ended_ms;
    enum reply_state state;
    unsigned flags; /* beside JOURNAL_WHOLE */
    bool cut;       /* not delivered whole */
    uint32_t step;
};

struct world {
    struct reply replies[4];
    struct scenario_step steps[4];
    struct scenario scenario;
    struct upstream upstream;
    struct poll polls[ROWS_MAX];
    struct evidence evidence;
};

/* An upstream with a polite interval of 5 s and 2 polls a second; a scenario that expects success. */
static inline struct world *world_of(struct world *w, const struct row *rows, uint32_t count)
{
    memset(w, 0, sizeof *w);
    w->upstream.contract.polite.interval_ms = 5000;
    w->upstream.contract.polite.per_second = 2;
    w->scenario = (struct scenario){.steps = w->steps, .step_count = 4, .title = "made by hand"};
    w->scenario.expect.polls_max = UINT32_MAX;
    w->scenario.expect.within_ms = 3600000;
    for (uint32_t i = 0; i < 4; i++) {
        snprintf(w->replies[i].name, sizeof w->replies[i].name, "reply%u", i);
        w->steps[i] = (struct scenario_step){.reply = &w->replies[i], .polls = 1};
    }
    for (uint32_t i = 0; i < count; i++) {
        bool terminal = rows[i].state == REPLY_STATE_SUCCEEDED
            || rows[i].state == REPLY_STATE_FAILED;
        unsigned flags = rows[i].flags;
        flags |= rows[i].cut ? 0u : (unsigned)JOURNAL_COMPLETE;
        flags |= terminal ? (unsigned)JOURNAL_TERMINAL : 0u;
        w->polls[i] = (struct poll){.began_ms = rows[i].began_ms,
                                    .ended_ms = rows[i].ended_ms,
                                    .retry_after_ms = -1,
                                    .reply = &w->replies[rows[i].step],
                                    .step = rows[i].step,
                                    .status = 200,
                                    .state = rows[i].state,
                                    .flags = (uint16_t)flags,
                                    .ended = true};
    }
    w->evidence = (struct evidence){.upstream = &w->upstream,
                                    .scenario = &w->scenario,
                                    .told_bound_ms = 3600000,
                                    .own_interval_ms = -1,
                                    .result = {.outcome = TASK_OUTCOME_SUCCEEDED, .polls = count},
                                    .trace = {.polls = w->polls, .count = count}};
    return w;
}

#endif
