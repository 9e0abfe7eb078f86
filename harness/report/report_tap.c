/* The reports for programs that read TAP. What is told needs nothing that is newer than TAP 13; Debian's prove
 * refuses a report that calls itself 14, and readers of 14 may refuse one that does not. */
#include "report.h"

static void begin_13(struct report *r)
{
    buf_addf(&r->out, "TAP version 13\n1..%u\n", r->options->total);
}

static void begin_14(struct report *r)
{
    buf_addf(&r->out, "TAP version 14\n1..%u\n", r->options->total);
}

static uint32_t number(const struct report *r)
{
    return r->totals->passed + r->totals->failed + r->totals->inconclusive + r->totals->skipped
        + r->totals->known;
}

static void result(struct report *r, const struct run_result *result)
{
    bool good = report_is_good(result);
    buf_addf(&r->out, "%sok %u - ", good && !result->known ? "" : "not ", number(r));
    report_name(&r->out, &result->job, r->options);
    if (run_skipped(result))
        buf_addf(&r->out, " # SKIP runs on neither of the chosen transports");
    if (result->known) /* TAP's word for what may fail */
        buf_add_text(&r->out,
                     " # TO"
                     "DO a known failure");
    buf_add_char(&r->out, '\n');
    if (!good)
        report_failure(&r->out, "#   ", result, r->options);
    else
        report_remarks(&r->out, "#   ", result);
}

static void end(struct report *r)
{
    buf_add_text(&r->out, "# ");
    report_counts(&r->out, r->totals);
    buf_addf(&r->out, "; seed %llu\n", (unsigned long long)r->options->seed);
}

const struct report_type report_tap = {
    .name = "tap",
    .is_for = "anything that reads TAP 13, such as `prove`",
    .goes = "printed",
    .begin = begin_13,
    .result = result,
    .end = end,
};

const struct report_type report_tap14 = {
    .name = "tap14",
    .is_for = "what insists on TAP 14",
    .goes = "printed",
    .begin = begin_14,
    .result = result,
    .end = end,
};
