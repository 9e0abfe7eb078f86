/* The report for GitLab and Jenkins: JUnit XML, a suite an upstream (of each client), a
 * case a scenario. */
#include "report.h"

#include "report_escape.h"

/* Uses of held[]: the cases of the present suite, and the suites that are done. Both come after
 * counts that are known only at the end. */
enum { CASES, SUITES };

static void attribute(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, " %s=\"", name);
    escape_attribute(out, span_of(value));
    buf_add_char(out, '"');
}

static void seconds(struct buf *out, int64_t ms)
{
    buf_addf(out, " time=\"%lld.%03d\"", (long long)(ms / 1000), (int)(ms % 1000));
}

static void counts(struct buf *out, const struct report_totals *t)
{
    buf_addf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
             t->passed + t->failed + t->inconclusive + t->skipped + t->known, t->failed,
             t->inconclusive, t->skipped + t->known);
    seconds(out, t->real_ms);
}

/* A suite's name and its cases' class: CI systems tell cases apart by class and name, and read
 * the part of a class before its last dot as the package it belongs to. */
static void suite_name(struct buf *out, const char *name, const struct job *job,
                       const struct report_options *options)
{
    bool several = report_several(options);
    buf_addf(out, " %s=\"%s%s%s\"", name, several ? job->client->name : "", several ? "." : "",
             job->upstream->name);
}

static void end_suite(struct report *r)
{
    struct buf *suites = &r->held[SUITES];
    if (!r->last.upstream)
        return;
    buf_add_text(suites, "  <testsuite");
    suite_name(suites, "name", &r->last, r->options);
    counts(suites, &r->suite);
    buf_addf(suites,
             ">\n    <properties>\n      <property name=\"seed\" value=\"%llu\"/>\n"
             "    </properties>\n",
             (unsigned long long)r->options->seed);
    buf_move(suites, &r->held[CASES]);
    buf_add_text(suites, "  </testsuite>\n");
    r->suite = (struct report_totals){0};
}

static void text_element(struct buf *out, const char *name, const char *text)
{
    buf_addf(out, "      <%s>", name);
    escape_markup(out, span_of(text));
    buf_addf(out, "</%s>\n", name);
}

/* A rule broken is a failure; a run without a verdict is an error. */
static void cause(struct report *r, const struct run_result *result, const char *element)
{
    struct buf *out = &r->held[CASES];
    struct report_cause first = report_cause(result);
    struct buf trace;
    buf_init(&trace, REPORT_BYTES_MAX);
    report_findings(&trace, "", result);
    report_repeat(&trace, "", result, r->options);
    buf_addf(out, "      <%s", element);
    attribute(out, "message", first.text);
    attribute(out, "type", first.rule);
    buf_add_char(out, '>');
    escape_markup(out, buf_span(&trace));
    buf_addf(out, "</%s>\n", element);
    buf_break_with(out, &trace);
    buf_fini(&trace);
}

/* What a case holds when it is not good. */
static const char *element_of(const struct run_result *result)
{
    if (report_is_good(result))
        return NULL;
    return run_verdict(result) == VERDICT_FAIL ? "failure" : "error";
}

static void result(struct report *r, const struct run_result *result)
{
    struct buf *out = &r->held[CASES];
    const char *element = element_of(result);
    char place[FILE_PATH_MAX];
    if (report_begins_upstream(r, result))
        end_suite(r);
    report_count(&r->suite, result);
    buf_add_text(out, "    <testcase");
    suite_name(out, "classname", &result->job, r->options);
    attribute(out, "name", result->job.scenario->name);
    attribute(out, "file", report_place(result, r->options, place));
    seconds(out, report_real_ms(result));
    buf_add_text(out, ">\n");
    if (element)
        cause(r, result, element);
    if (run_skipped(result))
        buf_add_text(out, "      <skipped message=\"runs on none of the chosen transports\"/>\n");
    if (result->known)
        buf_add_text(out, "      <skipped message=\"a known failure\"/>\n");
    if (element && result->wire.output)
        text_element(out, "system-out", result->wire.output);
    buf_add_text(out, "    </testcase>\n");
}

static void begin(struct report *r)
{
    (void)r;
}

static void end(struct report *r)
{
    end_suite(r);
    buf_add_text(&r->out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"harness run\"");
    counts(&r->out, r->totals);
    buf_add_text(&r->out, ">\n");
    buf_add_span(&r->out, buf_span(&r->held[SUITES]));
    buf_add_text(&r->out, "</testsuites>\n");
}

const struct report_type report_junit = {
    .name = "junit",
    .is_for = "GitLab, Jenkins and what else reads JUnit XML",
    .goes = "a file",
    .begin = begin,
    .result = result,
    .end = end,
};
