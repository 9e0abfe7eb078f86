/* What to change first: the causes of a run's failures, counted and ranked. */
#include "report.h"

#include "base/text.h"

#include <string.h>

/* How a client fails that reads no end in a reply, or another one. */
static bool is_misreading(int cause)
{
    return cause == CAUSE_UNKNOWN_TAKEN || cause == CAUSE_POLLED_AFTER_END
        || cause == CAUSE_NEVER_ENDS || cause == CAUSE_PAST_OWN_BOUND || cause == CAUSE_PAST_BOUND
        || cause == CAUSE_WRONG_OUTCOME;
}

/* That of the result's client and upstream, which may be new; NULL: there is no room. */
static struct report_dialect *dialect_of(struct report_totals *t, const struct job *job)
{
    for (uint32_t i = 0; i < t->dialect_count; i++)
        if (t->dialects[i].any.client == job->client
            && t->dialects[i].any.upstream == job->upstream)
            return &t->dialects[i];
    if (t->dialect_count == REPORT_DIALECTS_MAX)
        return NULL;
    t->dialects[t->dialect_count].any = *job;
    return &t->dialects[t->dialect_count++];
}

/* Which causes failed the result: not what follows from another, nor remarks beside what is REQUIRED. */
static void causes_of(const struct run_result *result, bool has[CAUSES])
{
    const struct verdict *halves[] = {&result->direct.verdict, &result->wire.verdict};
    memset(has, 0, CAUSES * sizeof *has);
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < halves[k]->finding_count; i++) {
            const struct finding *f = &halves[k]->findings[i];
            if (f->under < 0 && f->level == halves[k]->findings[0].level)
                has[f->cause - cause_of(0)] = true;
        }
}

static void count_dialect(struct report_dialect *d, const struct run_result *result,
                          const bool has[CAUSES])
{
    bool misread = false, otherwise = false;
    for (int i = 0; i < CAUSES; i++) {
        misread |= has[i] && is_misreading(i);
        otherwise |= has[i] && !is_misreading(i);
    }
    if (!misread || otherwise)
        return;
    d->misread++;
    for (int i = 0; i < CAUSES; i++)
        d->causes[i] += has[i];
    if (strcmp(result->job.scenario->name, "success") == 0)
        d->success = result->job;
}

void report_count_causes(struct report_totals *t, const struct run_result *result)
{
    bool has[CAUSES];
    if (report_is_good(result))
        return;
    causes_of(result, has);
    for (int i = 0; i < CAUSES; i++)
        t->causes[i] += has[i];
    struct report_dialect *dialect = dialect_of(t, &result->job);
    if (dialect)
        count_dialect(dialect, result, has);
}

uint32_t report_fix_first(const struct report_totals *t,
                          struct report_fix out[REPORT_FIX_FIRST_MAX])
{
    uint32_t left[CAUSES];
    uint32_t n = 0;
    memcpy(left, t->causes, sizeof left);
    for (uint32_t i = 0; i < t->dialect_count && n < REPORT_FIX_FIRST_MAX; i++) {
        const struct report_dialect *d = &t->dialects[i];
        if (!d->success.scenario)
            continue;
        out[n++] = (struct report_fix){.dialect = d, .results = d->misread};
        for (int k = 0; k < CAUSES; k++)
            left[k] -= d->causes[k];
    }
    for (; n < REPORT_FIX_FIRST_MAX; n++) {
        int best = 0;
        for (int i = 1; i < CAUSES; i++)
            best = left[i] > left[best] ? i : best;
        if (left[best] == 0)
            break;
        out[n] = (struct report_fix){.cause = (enum cause_id)best, .results = left[best]};
        left[best] = 0;
    }
    return n;
}

void report_fix_text(struct buf *out, const struct report_fix *fix,
                     const struct report_options *options)
{
    if (!fix->dialect) {
        buf_addf(out, "%s: %s", cause_of(fix->cause)->rule, cause_of(fix->cause)->change);
        return;
    }
    buf_add_text(out, "it cannot read this dialect: ");
    report_name(out, &fix->dialect->success, options);
    buf_add_text(out, ", the plainest course of a task, fails already");
}
