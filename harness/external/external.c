/* Runs one client on one scenario: makes its command line, waits for its end, reads its outcome. */
#include "external.h"

#include "base/buf.h"
#include "base/clock_events.h"
#include "base/text.h"
#include "external_args.h"
#include "honesty.h"
#include "never_reached.h"
#include "process.h"
#include "harness/testbed/strays.h"
#include "harness/testbed/testbed.h"
#include "harness/time/rest.h"
#include "harness/tracer/tracer.h"
#include "mockserver/answer/asset_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    GRACE_MS = 60000, /* beyond the client's own bound, on the scenario's clock */
    /* Real time of a client in simulated time that neither looks at a clock nor waits, or that
     * waits for an answer of a stranger's. */
    BUSY_REAL_MS = 20000,
    /* And of one that never stops asking, so that time stands. */
    RESTLESS_REAL_MS = 30000,
    /* Real time, whatever the speed: an interpreter needs so long to start on a busy machine. */
    START_REAL_MS = 5000
};

const char *external_name(const struct external *x)
{
    return x ? x->name : "built-in";
}

/* Whether the client knows when it is to give up. */
static bool is_told(const struct external *x)
{
    return external_args_use(x, PLACEHOLDER_TIMEOUT) || (x->profile && x->profile->bound_ms > 0);
}

/* When a client that is still running is stopped, on the scenario's clock. Late enough that a
 * client which gives up at the scenario's `within`, or at its own bound, has ended by itself; one that
 * was told nothing may take a day, which costs nothing in simulated time. */
static int64_t limit_ms(const struct external *x, const struct scenario *s)
{
    if (x->profile && x->profile->limit_ms > 0)
        return x->profile->limit_ms;
    int64_t bound_ms = external_args_bound_ms(x, s);
    if (!is_told(x) && x->pace == PACE_EVENTS)
        return DAY_MS;
    if (bound_ms < s->expect.within_ms)
        bound_ms = s->expect.within_ms;
    return bound_ms + bound_ms / 4 + GRACE_MS;
}

/* What the client was told, and what its profile tells of it. */
static void tell(const struct external *x, struct evidence *evidence)
{
    const struct profile *p = x->profile;
    if (is_told(x))
        evidence->told_bound_ms = external_args_bound_ms(x, evidence->scenario);
    if (p) {
        evidence->own_interval_ms = p->interval_ms > 0 ? p->interval_ms : -1;
        evidence->client_off = &p->rules_off;
        evidence->tasks = p->tasks;
    }
}

/* -- The rest of the traced client's world: the mock --------------------------------------------- */

static bool world_is_quiet(void *mock)
{
    return rest_check(mock);
}

/* What was seen of a client from outside. */
struct sight {
    char unclear[sizeof((struct evidence *)0)
                     ->unclear]; /* why no verdict can be had; "" when one can */
    struct tracer_went went;     /* all zero without a tracer */
};

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
                      struct process *process, struct sight *sight, struct err *e)
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
    if (!code) {
        why_unclear(process->end, tracer, sight->unclear, sizeof sight->unclear);
        sight->went = tracer_went(tracer);
    }
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
    const struct profile_end end = {
        .exit_code = p->exit_code, .output = output, .errors = p->errors.p};
    int code = profile_read(x->profile, &end, evidence, e);
    if (code || !p->stopped)
        return code;
    evidence->crashed[0] = '\0'; /* the signal was ours */
    evidence->timed_out = true;
    evidence->allowed_ms = limit_ms(x, evidence->scenario);
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
    buf_init(&text, 2 * EXTERNAL_OUTPUT_MAX); /* a moved URL is longer than a recorded one */
    asset_url_restore(&text, buf_span(printed), asset_url);
    int code = buf_err(&text, "the client's output", e);
    *out = !code ? buf_take(&text) : NULL;
    if (!code && !*out)
        code = err_set(e, ERR_MEMORY, NULL, "no memory for the client's output");
    buf_fini(&text);
    return code;
}

/* "http://127.0.0.1:41234/video:success:run-0" is "http://127.0.0.1:41234" to whom it does not reach. */
static void without_path(const char *url, char *out, size_t out_size)
{
    const char *host = strstr(url, "://");
    size_t n = host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/") : strlen(url);
    snprintf(out, out_size, "%.*s", (int)n, url);
}

/* Of a run without a poll says why there is none, as far as that was seen. */
static void tell_never_reached(const struct external *x, const struct testbed *testbed,
                               const struct endpoint *endpoint, const struct sight *sight,
                               struct evidence *out)
{
    char mock[64], why[176];
    struct never_reached seen = {.command = x->command,
                                 .arguments = external_added_words(x),
                                 .mock = mock,
                                 .traced = x->pace == PACE_EVENTS,
                                 .went = sight->went};
    if (out->trace.count > 0 || out->trace.call_count > 0 || out->trace.evicted
        || out->unclear[0] != '\0')
        return;
    without_path(endpoint->base_url, mock, sizeof mock);
    testbed_strays(testbed, endpoint, &seen.strays);
    never_reached_why(&seen, why, sizeof why);
    if (why[0] != '\0')
        snprintf(out->unclear, sizeof out->unclear, "the client never polled: %s; %.50s", why,
                 out->result.why);
}

int external_run(const struct external *x, struct testbed *testbed, const struct upstream *upstream,
                 const struct scenario *scenario, uint32_t run, struct evidence *out, char **output,
                 struct err *e)
{
    struct endpoint endpoint;
    struct external_args args;
    struct process process;
    struct sight sight = {.unclear = ""};
    *out = (struct evidence){0};
    *output = NULL;
    testbed_endpoint(testbed, upstream, scenario, run, &endpoint);
    int code = external_args_make(x, testbed_clock(testbed), &endpoint, &args, e);
    if (code)
        return code;
    int64_t started_ms = clock_now(testbed_clock(testbed));
    code = x->pace == PACE_EVENTS ? run_traced(x, testbed, scenario, &args, &process, &sight, e)
                                  : run_timed(x, scenario, &args, &process, e);
    external_args_fini(&args);
    if (code)
        return code;
    code = testbed_collect(testbed, &endpoint, out, e);
    if (!code && x->speed > 1)
        honesty_doubts(out, x->speed, started_ms, sight.unclear, sizeof sight.unclear);
    if (!code)
        tell(x, out);
    if (!code)
        memcpy(out->unclear, sight.unclear, sizeof out->unclear);
    if (!code)
        code = restore_urls(&process.output, endpoint.asset_url, output, e);
    if (!code)
        code = conclude(x, &process, *output, out, e);
    if (!code)
        tell_never_reached(x, testbed, &endpoint, &sight, out);
    if (code) {
        evidence_fini(out);
        free(*output);
        *output = NULL;
    }
    process_fini(&process);
    return code;
}
