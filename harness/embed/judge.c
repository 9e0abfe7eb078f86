/* Judges one endpoint: collects the evidence, adds what the test says its client reported,
 * applies the rules. */
#include "judge.h"

#include "harness/report/report.h"
#include "mockserver/answer/asset_url.h"

/* Copies a text with the URLs of the second port replaced by the recorded ones that
 * they stand for. */
static void take_text(const char *text, const char *asset_url, char *out, size_t out_size)
{
    struct buf restored;
    buf_init(&restored, out_size - 1);
    asset_url_restore(&restored, span_of(text), asset_url);
    span_copy(buf_span(&restored), out, out_size);
    buf_fini(&restored);
}

static void take_report(const struct report_of_client *report, const char *asset_url,
                        struct task_result *out)
{
    struct task_view *view = &out->view;
    out->outcome = report->outcome;
    view->progress = -1;
    take_text(report->url, asset_url, view->url, sizeof view->url);
    take_text(report->reason, asset_url, view->reason, sizeof view->reason);
    span_copy(span_of("as the test says"), out->why, sizeof out->why);
}

/* A report writer takes a whole run_result, so one is made with this half and nothing else. */
int judge_endpoint(struct testbed *testbed, const struct endpoint *endpoint,
                   const struct report_of_client *report, struct verdict *out, struct buf *trace,
                   struct err *e)
{
    struct run_half half = {.ran = true};
    *out = (struct verdict){0};
    int code = testbed_collect(testbed, endpoint, &half.evidence, e);
    if (code)
        return code;
    half.evidence.result.polls = half.evidence.trace.count;
    if (half.evidence.trace.count > 0)
        take_report(report, endpoint->asset_url, &half.evidence.result);
    verdict_of(&half.evidence, &half.verdict);
    *out = half.verdict;
    if (out->kind != VERDICT_PASS && trace) {
        struct run_result result = {
            .job = {.upstream = endpoint->upstream, .scenario = endpoint->scenario}};
        struct report_options options = {.seed = 1};
        *(half.evidence.transport == TESTBED_DIRECT ? &result.direct : &result.wire) = half;
        report_failure(trace, "", &result, &options);
    }
    evidence_fini(&half.evidence);
    return 0;
}
