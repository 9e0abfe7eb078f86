/* Judges one run by every rule that its scenario does not turn off. */
#include "verdict.h"
#include "findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_word(enum verdict_kind kind)
{
    static const char *const words[VERDICT_KINDS] = {
        [VERDICT_PASS] = "ok", [VERDICT_FAIL] = "FAIL", [VERDICT_INCONCLUSIVE] = "unclear"};
    return words[kind];
}

static bool listed(const char *const *names, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static const char NEVER_POLLED[] = "the client never polled";
static const char PART_LOST[] = "more polls came than are kept of a run";

/* Why the evidence is too incomplete for any verdict; NULL when it is not. Without this a run that
 * was lost would pass, since no rule finds anything in an empty trace. */
static const char *why_inconclusive(const struct evidence *evidence)
{
    bool creates = evidence->trace.call_count > 0 && !evidence->trace.evicted;
    if (evidence->trace.count == 0 && !creates)
        return evidence->trace.evicted ? PART_LOST : NEVER_POLLED;
    if (evidence->result.outcome == TASK_OUTCOME_CANCELLED)
        return "the run was cut short";
    return NULL;
}

/* Of a trace with a part missing, what was found in the rest stands; that nothing that fails was
 * found says nothing. */
static void doubt(struct verdict *v)
{
    v->kind = VERDICT_INCONCLUSIVE;
    snprintf(v->inconclusive, sizeof v->inconclusive, "%s", PART_LOST);
}

/* -- Several tasks of one run -------------------------------------------------------------------- */

/* The task that a poll counts for: what asks for none that was created counts for the first. */
static uint32_t task_of(const struct poll *p)
{
    return p->task > 0 ? p->task : 1;
}

/* How many of the run's tasks were polled at all. */
static uint32_t tasks_polled(const struct trace *s)
{
    uint32_t tasks = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = task_of(&s->polls[k]) == task_of(&s->polls[i]);
        tasks += !seen;
    }
    return tasks;
}

static void judge_by(const struct evidence *evidence, bool of_run, bool of_tasks,
                     struct findings *out)
{
    for (const struct rule *r = rules(); r->name; r++)
        if (!rule_is_off(evidence, r) && (r->of_run ? of_run : of_tasks))
            r->judge(evidence, out);
}

/* One task as if it were the run's only one. Downloads are judged with the task that ended first, before whose end none
 * is right. polls and numbers have room for all of the run's. */
static void judge_task(const struct evidence *evidence, uint32_t task, bool ended_first,
                       struct poll *polls, uint32_t *numbers, struct findings *out)
{
    struct evidence own = *evidence;
    struct findings found = {.count = 0};
    own.trace.polls = polls;
    own.trace.count = 0;
    for (uint32_t i = 0; i < evidence->trace.count; i++)
        if (task_of(&evidence->trace.polls[i]) == task) {
            numbers[own.trace.count] = i + 1;
            polls[own.trace.count++] = evidence->trace.polls[i];
        }
    if (!ended_first)
        own.downloads.count = 0;
    if (own.trace.count > 0)
        judge_by(&own, false, true, &found);
    findings_add_task(out, &found, numbers, task);
}

/* False without memory. */
static bool judge_tasks(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    uint32_t first = 0, last = 0;
    bool ended = false;
    struct poll *polls = calloc(s->count, sizeof *polls);
    uint32_t *numbers = calloc(s->count, sizeof *numbers);
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t task = task_of(&s->polls[i]);
        last = task > last ? task : last;
        if (!ended && (i == 0 || (s->polls[i].flags & JOURNAL_TERMINAL) != 0))
            first = task;
        ended = ended || (s->polls[i].flags & JOURNAL_TERMINAL) != 0;
    }
    bool good = polls && numbers;
    judge_by(evidence, true, false, out);
    for (uint32_t task = 1; good && task <= last; task++)
        judge_task(evidence, task, task == first, polls, numbers, out);
    free(polls);
    free(numbers);
    return good;
}

/* -- The verdict --------------------------------------------------------------------------------- */

void verdict_of(const struct evidence *evidence, struct verdict *out)
{
    const struct scenario *s = evidence->scenario;
    *out = (struct verdict){.kind = VERDICT_PASS};
    const char *why = why_inconclusive(evidence);
    if (evidence->unclear[0] != '\0') {
        out->kind = VERDICT_INCONCLUSIVE;
        memcpy(out->inconclusive, evidence->unclear, sizeof out->inconclusive);
        return;
    }
    if (why) {
        out->kind = VERDICT_INCONCLUSIVE;
        bool silent = why == NEVER_POLLED && evidence->result.why[0] != '\0';
        snprintf(out->inconclusive, sizeof out->inconclusive, "%.50s%s%.70s", why,
                 silent ? ": " : "", silent ? evidence->result.why : "");
        return;
    }
    struct findings found = {.count = 0};
    if (tasks_polled(&evidence->trace) <= 1) {
        judge_by(evidence, true, true, &found);
    } else if (!judge_tasks(evidence, &found)) {
        out->kind = VERDICT_INCONCLUSIVE;
        snprintf(out->inconclusive, sizeof out->inconclusive, "no memory to judge its tasks");
        return;
    }
    for (uint32_t i = 0; i < found.count; i++)
        if (listed(s->rules_required, s->rules_required_count, found.list[i].rule->name))
            found.list[i].level = RULE_REQUIRED;
    findings_fold(&found);
    memcpy(out->findings, found.list, found.count * sizeof found.list[0]);
    out->finding_count = found.count;
    if (found.count > 0 && found.list[0].level == RULE_REQUIRED)
        out->kind = VERDICT_FAIL;
    if (evidence->trace.evicted && out->kind == VERDICT_PASS)
        doubt(out);
}

void verdict_fail_on_remark(struct verdict *verdict)
{
    if (verdict->kind == VERDICT_PASS && verdict->finding_count > 0)
        verdict->kind = VERDICT_FAIL;
}
