/* Runs one client on one scenario: makes its command line, waits for its end, reads its outcome. */
#include "external.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "external_args.h"
#include "process.h"
#include "harness/testbed/testbed.h"
#include "mockserver/answer/asset_url.h"

#include <stdlib.h>
#include <string.h>

enum {
    GRACE_MS = 60000, /* beyond the client's own bound, on the scenario's clock */
    /* Real time, whatever the speed: an interpreter needs so long to start on a busy machine. */
    START_REAL_MS = 5000
};

/* When a client that is still running is stopped, on the scenario's clock. Late enough that a
 * client which gives up at the scenario's `within` has ended by itself. */
static int64_t limit_ms(const struct external *x, const struct scenario *s)
{
    if (x->profile && x->profile->limit_ms > 0)
        return x->profile->limit_ms;
    return s->expect.within_ms + s->expect.within_ms / 4 + GRACE_MS;
}

/* Fills the evidence with what the client reported, or with its being stopped. */
static int conclude(const struct external *x, const struct process *p, const char *output,
                    struct evidence *evidence, struct err *e)
{
    int code = profile_read(x->profile, p->exit_code, output, evidence, e);
    if (code || !p->stopped)
        return code;
    evidence->timed_out = true;
    evidence->unspecific = true;
    evidence->result.outcome = TASK_OUTCOME_FAILED;
    span_copy(span_of("it was still running at the limit and was stopped"), evidence->result.why,
              sizeof evidence->result.why);
    return 0;
}

/* Copies what the client printed, with the URLs of the second port replaced by the recorded ones
 * that they stand for. *out is to be freed with free. */
static int restore_urls(const struct buf *printed, const char *asset_url, char **out, struct err *e)
{
    struct buf text;
    buf_init(&text, EXTERNAL_OUTPUT_MAX); /* a moved URL is longer than a recorded one */
    asset_url_restore(&text, buf_span(printed), asset_url);
    int code = buf_err(&text, "the client's output", e);
    *out = !code ? buf_take(&text) : NULL;
    if (!code && !*out)
        code = err_set(e, ERR_MEMORY, NULL, "no memory for the client's output");
    buf_fini(&text);
    return code;
}

int external_run(const struct external *x, struct testbed *testbed, const struct upstream *upstream,
                 const struct scenario *scenario, uint32_t run, struct evidence *out, char **output,
                 struct err *e)
{
    struct endpoint endpoint;
    struct external_args args;
    struct process process;
    *out = (struct evidence){0};
    *output = NULL;
    testbed_endpoint(testbed, upstream, scenario, run, &endpoint);
    int code = external_args_make(x, testbed_clock(testbed), &endpoint, &args, e);
    if (code)
        return code;
    int64_t real_ms = limit_ms(x, scenario) / x->speed + START_REAL_MS;
    code = process_run(args.argv, args.environment, real_ms, EXTERNAL_OUTPUT_MAX, &process, e);
    external_args_fini(&args);
    if (code)
        return code;
    code = testbed_collect(testbed, &endpoint, out, e);
    if (!code)
        code = restore_urls(&process.output, endpoint.asset_url, output, e);
    if (!code)
        code = conclude(x, &process, *output, out, e);
    if (code) {
        evidence_fini(out);
        free(*output);
        *output = NULL;
    }
    process_fini(&process);
    return code;
}
