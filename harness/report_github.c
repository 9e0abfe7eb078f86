/* The report for GitHub Actions: an annotation a failure in the log, and a summary of the step.
 *
 * A line of the log that starts with "::" is a command to the runner: nothing of others ever starts a line here. */
#include "report.h"

#include "harness/report_escape.h"

/* What is held: table rows, and the stories below the table. */
enum { ROWS, STORIES };

enum {
    STORIES_BYTES_MAX = 512 << 10 /* the runner refuses a summary above 1 MiB */
};

static void begin(struct report *r)
{
    (void)r;
}

static void annotation(struct report *r, const struct run_result *result, struct span story)
{
    buf_add_text(&r->out, "::error file=");
    escape_property(&r->out, span_of(result->job.scenario->path));
    buf_addf(&r->out, ",title=%s/%s%%3A ", result->job.upstream->name, result->job.scenario->name);
    escape_property(&r->out, span_of(report_cause(result).rule));
    buf_add_text(&r->out, "::");
    escape_command(&r->out, story);
    buf_add_char(&r->out, '\n');
}

static void story_of(struct report *r, const struct run_result *result, struct span story)
{
    struct buf *out = &r->held[STORIES];
    if (out->n > STORIES_BYTES_MAX)
        return;
    buf_addf(out, "<details><summary>%s/%s</summary>\n\n<pre>", result->job.upstream->name,
             result->job.scenario->name);
    escape_markup(out, story);
    buf_add_text(out, "</pre></details>\n\n");
}

static void result(struct report *r, const struct run_result *result)
{
    struct report_cause cause = report_cause(result);
    struct buf story;
    if (report_is_good(result))
        return;
    buf_init(&story, REPORT_BYTES_MAX);
    report_findings(&story, "", result);
    buf_add_text(&story, "again     ");
    report_again(&story, result, r->options);
    annotation(r, result, buf_span(&story));
    story_of(r, result, buf_span(&story));
    buf_fini(&story);
    if (r->held[ROWS].n > STORIES_BYTES_MAX / 2)
        return;
    buf_addf(&r->held[ROWS], "<tr><td>%s/%s</td><td>%s</td><td>", result->job.upstream->name,
             result->job.scenario->name, cause.rule);
    escape_markup(&r->held[ROWS], span_of(cause.text));
    buf_add_text(&r->held[ROWS], "</td></tr>\n");
}

static void end(struct report *r)
{
    const struct report_totals *t = r->totals;
    struct buf *out = &r->appended;
    buf_addf(
        &r->out,
        "::notice title=harness run::%u passed, %u failed, %u unclear, %u skipped; seed %llu\n",
        t->passed, t->failed, t->inconclusive, t->skipped, (unsigned long long)r->options->seed);
    buf_addf(out, "### harness run: %u of %u scenarios passed\n\n", t->passed, r->options->total);
    buf_addf(out, "%u failed, %u unclear, %u skipped; seed %llu\n\n", t->failed, t->inconclusive,
             t->skipped, (unsigned long long)r->options->seed);
    if (r->held[ROWS].n == 0)
        return;
    buf_add_text(out, "<table>\n<tr><th>scenario</th><th>rule</th><th>what</th></tr>\n");
    buf_add_span(out, buf_span(&r->held[ROWS]));
    buf_add_text(out, "</table>\n\n");
    buf_add_span(out, buf_span(&r->held[STORIES]));
}

const struct report_type report_github = {"github", begin, result, end};
