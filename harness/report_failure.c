/* A failure tells the story: what was wanted, everything that happened, and how to repeat it. */
#include "report.h"

#include <stdio.h>

enum { STORY_HEAD = 4, STORY_TAIL = 4, STORY_AROUND = 2 };

static const char *level_name(enum rule_level level)
{
    return level == RULE_REQUIRED ? "REQUIRED" : "RECOMMENDED";
}

static void tell_poll(struct buf *out, const char *indent, const struct evidence *e, uint32_t i,
                      bool here)
{
    const struct poll *p = &e->story.polls[i];
    char faults[128];
    char status[16] = "-";
    if (p->status != 0)
        snprintf(status, sizeof status, "%u", p->status);
    buf_addf(out, "%s          %9lld ms  poll %-4u %-24s %s", indent,
             (long long)(p->began_ms - e->story.polls[0].began_ms), i + 1,
             p->reply != NULL ? p->reply->name : "no reply", status);
    if (p->retry_after_ms >= 0)
        buf_addf(out, "  Retry-After: %lld", (long long)(p->retry_after_ms / 1000));
    if (story_faults(e->scenario, p, faults, sizeof faults)[0] != '\0')
        buf_addf(out, "  fault: %s", faults);
    if (!poll_was_whole(p))
        buf_add_text(out, "  (not delivered whole)");
    buf_add_text(out, here ? "   <- here\n" : "\n");
}

/* Long stories keep their beginning, their end, and what is around the finding. */
static void tell_story(struct buf *out, const char *indent, const struct evidence *e, uint32_t here)
{
    uint32_t count = e->story.count;
    uint32_t left_out = 0;
    buf_addf(out, "%sstory     %s\n", indent, lab_transport_name(e->transport));
    for (uint32_t i = 0; i < count; i++) {
        bool near = here > 0 && i + 1 + STORY_AROUND >= here && i + 1 <= here + STORY_AROUND;
        if (i >= STORY_HEAD && i + STORY_TAIL < count && !near) {
            left_out++;
            continue;
        }
        if (left_out > 0)
            buf_addf(out, "%s          ... %u more polls ...\n", indent, left_out);
        left_out = 0;
        tell_poll(out, indent, e, i, here == i + 1);
    }
}

static void tell_half(struct buf *out, const char *indent, const struct run_half *half)
{
    if (!half->ran || half->verdict.kind == VERDICT_PASS)
        return;
    if (half->verdict.kind == VERDICT_INCONCLUSIVE)
        buf_addf(out, "%sunclear   %s: %s\n", indent, lab_transport_name(half->evidence.transport),
                 half->verdict.inconclusive);
    for (uint32_t i = 0; i < half->verdict.finding_count; i++) {
        const struct finding *f = &half->verdict.findings[i];
        buf_addf(out, "%srule      %s (%s): %s\n", indent, f->rule->name, level_name(f->rule->level),
                 f->text);
    }
    uint32_t here = half->verdict.finding_count > 0 ? half->verdict.findings[0].poll : 0;
    tell_story(out, indent, &half->evidence, here);
}

static void tell_parity(struct buf *out, const char *indent, const struct run_result *result)
{
    if (result->parity != PARITY_BROKEN)
        return;
    buf_addf(out, "%sparity    %s\n", indent, result->parity_why);
    if (result->direct.verdict.kind == VERDICT_PASS)
        tell_story(out, indent, &result->direct.evidence, 0);
    if (result->wire.verdict.kind == VERDICT_PASS)
        tell_story(out, indent, &result->wire.evidence, 0);
}

/* The transport that shows the failure; both when only their difference does. */
static const char *transport_to_repeat(const struct run_result *r)
{
    if (r->direct.ran && r->direct.verdict.kind != VERDICT_PASS)
        return "direct";
    if (r->wire.ran && r->wire.verdict.kind != VERDICT_PASS)
        return "wire";
    return "both";
}

void report_failure(struct buf *out, const char *indent, const struct run_result *result,
                    uint64_t seed)
{
    if (result->failed.code != ERR_OK) {
        buf_addf(out, "%snot run   %s%s%s\n", indent, result->failed.where,
                 result->failed.where[0] != '\0' ? ": " : "", result->failed.what);
        return;
    }
    buf_addf(out, "%sclaim     %s\n", indent, result->job.scenario->title);
    tell_half(out, indent, &result->direct);
    tell_half(out, indent, &result->wire);
    tell_parity(out, indent, result);
    buf_addf(out, "%sagain     harness run %s --transport %s --seed %llu\n", indent,
             result->job.scenario->path, transport_to_repeat(result), (unsigned long long)seed);
}
