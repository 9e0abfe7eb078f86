/* The report for people: a line a scenario, the trace of each failure, a summary. */
#include "report.h"

#include "base/text.h"
#include "report_escape.h"

#include <stdio.h>

enum { SCREENFUL = 10 /* scenarios; a summary of fewer would repeat what is in sight */ };

/* Use of held[]: a line for each client, for the end. */
enum { CLIENTS };

static const char *paint(const struct report *r, const struct run_result *result)
{
    if (!r->options->colour)
        return "";
    if (run_skipped(result) || result->known)
        return "\033[2m";
    return run_verdict(result) == VERDICT_PASS ? "\033[32m" : "\033[1;31m";
}

static void begin(struct report *r)
{
    (void)r;
}

static void half(struct report *r, const struct run_half *half, const char *name)
{
    char text[32];
    if (!half->ran) {
        buf_addf(&r->out, "%s %-22s", name, "-");
        return;
    }
    char cell[48];
    snprintf(cell, sizeof cell, "%u %s in %s", half->evidence.trace.count,
             text_count_word(half->evidence.trace.count, "poll", "polls"),
             text_of_ms(half->evidence.result.elapsed_ms, text, sizeof text));
    buf_addf(&r->out, "%s %-22s", name, cell);
}

/* Writes the totals of the client that has ended, one of several, and begins the next one's. */
static void end_client(struct report *r)
{
    if (!report_several(r->options) || !r->last.client)
        return;
    buf_addf(&r->held[CLIENTS], "%-24s ", r->last.client->name);
    report_counts(&r->held[CLIENTS], &r->suite);
    buf_add_char(&r->held[CLIENTS], '\n');
    r->suite = (struct report_totals){0};
}

static void headings(struct report *r, const struct run_result *result)
{
    bool another = report_begins_client(r, result);
    if (another)
        end_client(r);
    if (report_begins_upstream(r, result) && r->last.upstream)
        buf_add_char(&r->out, '\n');
    if (another)
        buf_addf(&r->out, "client %s\n", result->job.client->name);
    if (report_begins_upstream(r, result))
        buf_addf(&r->out, "%s\n", result->job.upstream->name);
}

static void result(struct report *r, const struct run_result *result)
{
    static const char *const parity[] = {
        [PARITY_NOT_CHECKED] = "", [PARITY_HOLDS] = "parity", [PARITY_BROKEN] = "NO PARITY"};
    const char *end_paint = r->options->colour ? "\033[0m" : "";
    headings(r, result);
    report_count(&r->suite, result);
    buf_addf(&r->out, "  %s%-7s%s %-24s ", paint(r, result), report_word(result), end_paint,
             result->job.scenario->name);
    half(r, &result->direct, "direct");
    half(r, &result->wire, "  wire");
    buf_addf(&r->out, "  %s", parity[result->parity]);
    while (r->out.n > 0 && r->out.p[r->out.n - 1] == ' ')
        r->out.p[--r->out.n] = '\0';
    buf_add_char(&r->out, '\n');
    if (!report_is_good(result))
        report_failure(&r->out, "      ", result, r->options);
    else
        report_remarks(&r->out, "      ", result);
}

static void failures(struct report *r)
{
    const struct report_totals *t = r->totals;
    uint32_t all = t->failed + t->inconclusive;
    for (uint32_t i = 0; i < t->failure_count; i++) {
        buf_add_text(&r->out, i == 0 ? "failed     " : "           ");
        report_name(&r->out, &t->failures[i].job, r->options);
        buf_addf(&r->out, "  %s: ", t->failures[i].rule);
        escape_line(&r->out, span_of(t->failures[i].text));
        buf_add_char(&r->out, '\n');
    }
    if (all > t->failure_count)
        buf_addf(&r->out, "           and %u more\n", all - t->failure_count);
}

static void fix_first(struct report *r)
{
    struct report_fix fixes[REPORT_FIX_FIRST_MAX];
    uint32_t n = report_fix_first(r->totals, fixes);
    for (uint32_t i = 0; i < n; i++) {
        buf_addf(&r->out, "%s %3u %-9s  ", i == 0 ? "fix first " : "          ", fixes[i].results,
                 text_count_word(fixes[i].results, "scenario", "scenarios"));
        report_fix_text(&r->out, &fixes[i], r->options);
        buf_add_char(&r->out, '\n');
    }
}

static void slowest(struct report *r)
{
    const struct report_totals *t = r->totals;
    char text[32];
    for (int i = 0; i < REPORT_SLOWEST_MAX && t->slowest[i].job.scenario; i++) {
        buf_add_text(&r->out, i == 0 ? "slowest    " : "           ");
        report_name(&r->out, &t->slowest[i].job, r->options);
        buf_addf(&r->out, "  %s\n", text_of_ms(t->slowest[i].real_ms, text, sizeof text));
    }
}

static void end(struct report *r)
{
    const struct report_totals *t = r->totals;
    end_client(r);
    if (r->options->total > SCREENFUL && (t->failure_count > 0 || t->slowest[0].job.scenario)) {
        buf_add_char(&r->out, '\n');
        fix_first(r);
        failures(r);
        slowest(r);
    }
    buf_add_char(&r->out, '\n');
    buf_add_span(&r->out, buf_span(&r->held[CLIENTS]));
    report_size(&r->out, r->options);
    buf_add_text(&r->out, ": ");
    report_counts(&r->out, t);
    buf_addf(&r->out, "; %u %s direct, %u on the wire; seed %llu\n", t->polls_direct,
             text_count_word(t->polls_direct, "poll", "polls"), t->polls_wire,
             (unsigned long long)r->options->seed);
}

const struct report_type report_table = {
    .name = "table",
    .is_for = "people at a terminal: a line a scenario, the story of each failure, first failures "
              "and slowest of a long run",
    .goes = "printed",
    .begin = begin,
    .result = result,
    .end = end,
};
