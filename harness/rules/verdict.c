/* Judges one run by every rule that its scenario does not turn off. */
#include "verdict.h"
#include "findings.h"

#include <stdio.h>
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
    if (evidence->trace.count == 0)
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
    for (const struct rule *r = rules(); r->name; r++)
        if (!rule_is_off(evidence, r))
            r->judge(evidence, &found);
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
