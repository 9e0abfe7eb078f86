/* Runs one client on one scenario: makes its command line, waits for its end, reads its outcome. */
#include "external.h"

#include "base/buf.h"
#include "base/clock_events.h"
#include "base/text.h"
#include "external_args.h"
#include "honesty.h"
#include "process.h"
#include "harness/testbed/testbed.h"
#include "harness/time/rest.h"
#include "harness/tracer/tracer.h"
#include "mockserver/answer/asset_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRACE_MS = 60000, /* beyond the client's own bound, on the scenario's clock */
    /* Real time of a client in simulated time that neither looks at a clock nor waits, or that
     * waits for an answer of a stranger's. */
    BUSY_REAL_MS = 20000,
    /* And of one that never stops asking, so that time stands. */
    RESTLESS_REAL_MS = 30000,
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

/* -- The rest of the traced client's world: the mock --------------------------------------------- */

static bool world_is_quiet(void *mock)
{
    return rest_check(mock);
}

/* Says why no verdict can be had of a client; "" when one can. */
static void why_unclear(enum tracer_end end, const struct tracer *tracer, char *out,
                        size_t out_size)
{
    const char *peer = tracer_peer(tracer);
    const char *unseen = tracer_unseen(tracer);
    out[0] = '\0';
    if (unseen)
        snprintf(out, out_size, "%s cannot be followed here: this machine refuses pidfd_getfd",
                 unseen);
    if (end == TRACER_BUSY)
        snprintf(out, out_size, "the client computed for %d s without a look at a clock or a wait",
                 BUSY_REAL_MS / 1000);
    if (end == TRACER_PEER)
        snprintf(out, out_size, "%s owed the client an answer for %d s", peer, BUSY_REAL_MS / 1000);
}

static int run_traced(const struct external *x, struct testbed *testbed,
                      const struct scenario *scenario, const struct external_args *args,
                      struct process *process, char *unclear, size_t unclear_size, struct err *e)
{
    struct tracer *tracer = NULL;
    struct rest mock;
    struct tracer_options options = {
        .clock = testbed_events(testbed),
        .world_is_quiet = world_is_quiet,
        .world = &mock,
        .limit_ms = limit_ms(x, scenario),
        .restless_limit_ms = RESTLESS_REAL_MS,
        .busy_limit_ms = BUSY_REAL_MS,
    };
    testbed_ports(testbed, options.ports);
    int code = rest_open(&mock, testbed_quiet(testbed), testbed_events(testbed), e);
    if (!code)
        code = tracer_open(&options, &tracer, e);
    if (!code)
        code = process_run_traced(args->argv, args->environment, tracer, EXTERNAL_OUTPUT_MAX,
                                  process, e);
    if (!code)
        why_unclear(process->end, tracer, unclear, unclear_size);
    tracer_close(tracer);
    rest_close(&mock);
    return code;
}

static int run_timed(const struct external *x, const struct scenario *scenario,
                     const struct external_args *args, struct process *process, struct err *e)
{
    int64_t real_ms = limit_ms(x, scenario) / x->speed + START_REAL_MS;
    return process_run(args->argv, args->environment, real_ms, EXTERNAL_OUTPUT_MAX, process, e);
}

/* Fills the evidence with what the client reported, or with its being stopped. */
static int conclude(const struct external *x, const struct process *p, const char *output,
                    struct evidence *evidence, struct err *e)
{
    int code = profile_read(x->profile, p->exit_code, output, evidence, e);
    if (code || !p->stopped)
        return code;
    evidence->timed_out = true;
    evidence->waits_forever = p->end == TRACER_FOREVER;
    evidence->never_waits = p->end == TRACER_RESTLESS;
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
    char unclear[sizeof out->unclear] = "";
    *out = (struct evidence){0};
    *output = NULL;
    testbed_endpoint(testbed, upstream, scenario, run, &endpoint);
    int code = external_args_make(x, testbed_clock(testbed), &endpoint, &args, e);
    if (code)
        return code;
    int64_t started_ms = clock_now(testbed_clock(testbed));
    code = x->pace == PACE_EVENTS
        ? run_traced(x, testbed, scenario, &args, &process, unclear, sizeof unclear, e)
        : run_timed(x, scenario, &args, &process, e);
    external_args_fini(&args);
    if (code)
        return code;
    code = testbed_collect(testbed, &endpoint, out, e);
    if (!code && x->speed > 1)
        honesty_doubts(out, x->speed, started_ms, unclear, sizeof unclear);
    if (!code)
        snprintf(out->unclear, sizeof out->unclear, "%s", unclear);
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
