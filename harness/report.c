/* What all reports share: the table of them, and the counts. */
#include "report.h"

#include <string.h>

static const struct report_type *const types[] = {&report_table, &report_tap, NULL};
static const char *const names[] = {"table", "tap", NULL};

const struct report_type *report_type(const char *name)
{
    for (int i = 0; types[i] != NULL; i++)
        if (strcmp(types[i]->name, name) == 0)
            return types[i];
    return NULL;
}

const char *const *report_names(void)
{
    return names;
}

void report_begin(struct report *r, const struct report_type *type,
                  const struct report_options *options, struct buf *out)
{
    *r = (struct report){.type = type, .options = *options, .out = out};
    type->begin(r);
}

void report_result(struct report *r, const struct run_result *result)
{
    enum verdict_kind kind = run_verdict(result);
    if (run_skipped(result))
        r->counts.skipped++;
    else if (kind == VERDICT_PASS)
        r->counts.passed++;
    else if (kind == VERDICT_FAIL)
        r->counts.failed++;
    else
        r->counts.inconclusive++;
    r->counts.repeated += result->repeats > 0;
    r->counts.polls_direct += result->direct.evidence.story.count;
    r->counts.polls_wire += result->wire.evidence.story.count;
    r->type->result(r, result);
    r->upstream = result->job.upstream;
}

void report_end(struct report *r)
{
    r->type->end(r);
}

const char *report_word(const struct run_result *result)
{
    static const char *const words[] = {
        [VERDICT_PASS] = "ok", [VERDICT_FAIL] = "FAIL", [VERDICT_INCONCLUSIVE] = "unclear"};
    return run_skipped(result) ? "skip" : words[run_verdict(result)];
}
