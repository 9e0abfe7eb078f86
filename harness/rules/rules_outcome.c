/* outcome: the client reports what the scenario expects. */
#include "judges.h"

#include "base/text.h"

#include <string.h>

static const enum task_outcome wanted[] = {
    [EXPECT_SUCCEEDED] = TASK_OUTCOME_SUCCEEDED,
    [EXPECT_FAILED] = TASK_OUTCOME_FAILED,
    [EXPECT_ERROR] = TASK_OUTCOME_ERROR,
    [EXPECT_GAVE_UP] = TASK_OUTCOME_GAVE_UP,
};

/* When the first terminal reply was asked for; INT64_MAX when none was. */
static int64_t ended_ms(const struct trace *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if ((s->polls[i].flags & JOURNAL_TERMINAL) != 0)
            return s->polls[i].began_ms;
    return INT64_MAX;
}

/* Scenarios put URLs into replies of tasks that are open or have failed: only a client that
 * takes an open or failed task for a finished one fetches them. */
static bool fetches_only_results(const struct evidence *evidence, struct finding *finding)
{
    const struct downloads *d = &evidence->downloads;
    bool evicted = evidence->trace.evicted; /* the reply that ended the task may be missing */
    bool succeeds = evidence->scenario->expect.outcome == EXPECT_SUCCEEDED;
    for (uint32_t i = 0; i < d->count; i++)
        if (!succeeds || (!evicted && d->list[i].began_ms < ended_ms(&evidence->trace)))
            return rule_fail(
                finding, evidence->trace.count, "the client fetched %.120s %s", d->list[i].url,
                succeeds ? "before the task had succeeded" : "of a task that does not succeed");
    return true;
}

bool rule_judge_outcome(const struct evidence *evidence, struct finding *finding)
{
    const struct scenario_expect *expect = &evidence->scenario->expect;
    const struct task_result *got = &evidence->result;
    uint32_t polls = evidence->trace.count;
    if (evidence->timed_out)
        return true; /* it reported nothing: `bounded` says so */
    if (evidence->crashed[0] != '\0')
        return rule_fail(finding, polls, "crashed: %s", evidence->crashed);
    if (got->outcome != wanted[expect->outcome]
        && !(evidence->unspecific && expect->outcome != EXPECT_SUCCEEDED))
        return rule_fail(finding, polls, "wanted \"%s\", the client reported \"%s\" (%s)",
                         scenario_outcome_name(expect->outcome), task_outcome_name(got->outcome),
                         got->why);
    if (expect->url && strcmp(expect->url, got->view.url) != 0)
        return rule_fail(finding, polls, "wanted the URL \"%.90s\", the client reported \"%.90s\"",
                         expect->url, got->view.url);
    if (expect->reason && !evidence->unspecific && strcmp(expect->reason, got->view.reason) != 0)
        return rule_fail(finding, polls,
                         "wanted the reason \"%.90s\", the client reported \"%.90s\"",
                         expect->reason, got->view.reason);
    if (!fetches_only_results(evidence, finding))
        return false;
    if (polls < expect->polls_min && !evidence->trace.evicted)
        return rule_fail(finding, polls, "wanted at least %u %s, %u came", expect->polls_min,
                         text_count_word(expect->polls_min, "poll", "polls"), polls);
    if (polls > expect->polls_max)
        return rule_fail(finding, expect->polls_max + 1, "wanted at most %u %s, %u came",
                         expect->polls_max, text_count_word(expect->polls_max, "poll", "polls"),
                         polls);
    return true;
}
