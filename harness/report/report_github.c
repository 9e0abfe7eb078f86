/* The report for GitHub Actions: an annotation a failure in the log, and a summary of the step.
 *
 * A line of the log that starts with "::" is a command to the runner: nothing of others ever
 * starts a line here. */
#include "report.h"

#include "report_escape.h"

/* Uses of held[]: table rows, the traces below the table, and a row for each of several clients. */
enum { ROWS, TRACES, CLIENTS };

enum {
    TRACES_BYTES_MAX = 512 << 10 /* the runner refuses a summary above 1 MiB */
};

static void begin(struct report *r)
{
    (void)r;
}

/* "doubao/success: terminal" */
static void title(struct buf *out, const struct run_result *result,
                  const struct report_options *options)
{
    struct buf text;
    buf_init(&text, REPORT_BYTES_MAX);
    report_name(&text, &result->job, options);
    buf_addf(&text, ": %s", report_cause(result).rule);
    escape_property(out, buf_span(&text));
    buf_break_with(out, &text);
    buf_fini(&text);
}

static void annotation(struct report *r, const struct run_result *result, struct span trace)
{
    char place[FILE_PATH_MAX];
    buf_add_text(&r->out, "::error file=");
    escape_property(&r->out, span_of(report_place(result, r->options, place)));
    buf_add_text(&r->out, ",title=");
    title(&r->out, result, r->options);
    buf_add_text(&r->out, "::");
    escape_command(&r->out, trace);
    buf_add_char(&r->out, '\n');
}

static void trace_of(struct report *r, const struct run_result *result, struct span trace)
{
    struct buf *out = &r->held[TRACES];
    if (out->n > TRACES_BYTES_MAX)
        return;
    buf_add_text(out, "<details><summary>");
    report_name(out, &result->job, r->options);
    buf_add_text(out, "</summary>\n\n<pre>");
    escape_markup(out, trace);
    buf_add_text(out, "</pre></details>\n\n");
}

static void end_client(struct report *r)
{
    const struct report_totals *t = &r->suite;
    if (!report_several(r->options) || !r->last.client)
        return;
    buf_addf(&r->held[CLIENTS],
             "<tr><td>%s</td><td>%u</td><td>%u</td><td>%u</td><td>%u</td></tr>\n",
             r->last.client->name, t->passed, t->failed, t->inconclusive, t->skipped);
    r->suite = (struct report_totals){0};
}

static void result(struct report *r, const struct run_result *result)
{
    struct report_cause cause = report_cause(result);
    struct buf trace;
    if (report_begins_client(r, result))
        end_client(r);
    report_count(&r->suite, result);
    if (report_is_good(result))
        return;
    buf_init(&trace, REPORT_BYTES_MAX);
    report_findings(&trace, "", result);
    report_repeat(&trace, "", result, r->options);
    annotation(r, result, buf_span(&trace));
    trace_of(r, result, buf_span(&trace));
    buf_break_with(&r->out, &trace);
    buf_fini(&trace);
    if (r->held[ROWS].n > TRACES_BYTES_MAX / 2)
        return;
    buf_add_text(&r->held[ROWS], "<tr><td>");
    report_name(&r->held[ROWS], &result->job, r->options);
    buf_addf(&r->held[ROWS], "</td><td>%s</td><td>", cause.rule);
    escape_markup(&r->held[ROWS], span_of(cause.text));
    buf_add_text(&r->held[ROWS], "</td></tr>\n");
}

static void end(struct report *r)
{
    const struct report_totals *t = r->totals;
    struct buf *out = &r->appended;
    end_client(r);
    buf_add_text(&r->out, "::notice title=harness run::");
    report_counts(&r->out, t);
    buf_addf(&r->out, "; seed %llu\n", (unsigned long long)r->options->seed);
    buf_addf(out, "### harness run: %u of %u ", t->passed, r->options->total);
    if (report_several(r->options))
        buf_addf(out, "(%u clients x %u scenarios) passed\n\n", r->options->client_count,
                 report_scenarios(r->options));
    else
        buf_add_text(out, "scenarios passed\n\n");
    buf_addf(out, "%u failed, %u unclear, %u skipped; seed %llu\n\n", t->failed, t->inconclusive,
             t->skipped, (unsigned long long)r->options->seed);
    if (r->held[CLIENTS].n > 0) {
        buf_add_text(out,
                     "<table>\n<tr><th>client</th><th>passed</th><th>failed</th>"
                     "<th>unclear</th><th>skipped</th></tr>\n");
        buf_add_span(out, buf_span(&r->held[CLIENTS]));
        buf_add_text(out, "</table>\n\n");
    }
    if (r->held[ROWS].n == 0)
        return;
    buf_add_text(out, "<table>\n<tr><th>scenario</th><th>rule</th><th>what</th></tr>\n");
    buf_add_span(out, buf_span(&r->held[ROWS]));
    buf_add_text(out, "</table>\n\n");
    buf_add_span(out, buf_span(&r->held[TRACES]));
}

const struct report_type report_github = {
    .name = "github",
    .is_for = "GitHub Actions: an annotation a failure, and a summary of the step",
    .goes = "printed, and appended to `$GITHUB_STEP_SUMMARY`",
    .begin = begin,
    .result = result,
    .end = end,
};
