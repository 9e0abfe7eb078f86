/* Puts mock, transport, clock and client together, and collects the evidence. */
#include "testbed.h"

#include "base/text.h"
#include "client/http/http.h"
#include "direct.h"
#include "mockserver/auth/zego.h"
#include "mockserver/decide/mock.h"
#include "mockserver/wire/wire.h"
#include "packs.h"
#include "strays.h"
#include "timing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLIENT_ATTEMPT_MS = 30000, /* the client's own default */
    WIRE_THREADS = 128,        /* with a speed */
    WIRE_EVENTS_THREADS = 16,  /* each is looked at before time moves */
    ASSETS_EVENTS_THREADS = 6, /* likewise; of a download there is one at a time, mostly */
    TESTBED_DRAIN_MS = 2000,
    TESTBED_SETTLE_TRIES = 2000, /* of a millisecond each */
    RUNS = 1 << 16               /* that are counted apart: as many as there may be jobs */
};

struct testbed {
    struct testbed_options options;
    struct mock *mock;
    struct packs *packs;
    struct timing time;
    struct direct direct;
    struct wire *wire;
    struct assets *assets; /* NULL: none */
    /* Wire: polls of each run so far, by its number; those of strangers at the end. */
    atomic_uint *polls;
};

static bool has_events(const struct testbed *testbed)
{
    return testbed->time.quiet != NULL;
}

static uint32_t wire_threads(const struct testbed *testbed)
{
    if (testbed->options.connections > 0) /* a quarter of the threads is for those that come anew */
        return testbed->options.connections + (testbed->options.connections + 2) / 3;
    return has_events(testbed) ? WIRE_EVENTS_THREADS : WIRE_THREADS;
}

static int open_assets(struct testbed *testbed, struct err *e)
{
    const struct wire_watch watch = timing_watch(&testbed->time);
    const struct assets_options options = {.secrets = {TESTBED_TOKEN, ZEGO_TEST_SECRET},
                                           .threads = has_events(testbed) ? ASSETS_EVENTS_THREADS
                                                                          : 0,
                                           .watch = &watch};
    if (!testbed->options.assets || testbed->options.transport == TESTBED_DIRECT)
        return 0;
    return assets_open(&options, testbed->time.clock, &testbed->assets, e);
}

static const char SESSION[] = "run-";

/* The count of the run that has this session; the strangers' when there is none. */
static atomic_uint *polls_of(const struct testbed *testbed, struct span session)
{
    const size_t n = sizeof SESSION - 1;
    long long run;
    bool ours = session.n > n && memcmp(session.p, SESSION, n) == 0
        && span_int64(span_cut(session, n, session.n), &run) && run >= 0;
    return &testbed->polls[ours ? run % RUNS : RUNS];
}

/* Keeps the first TESTBED_POLLS_MAX polls of each run, so that a client that floods the mock
 * does not drive the polls of those beside it out of the journal. The mock asks, on any thread. */
static bool keeps(void *arg, struct span session)
{
    return atomic_fetch_add(polls_of(arg, session), 1) < TESTBED_POLLS_MAX;
}

/* On the direct transport there is one run at a time: it may have the whole journal. */
static int open_counts(struct testbed *testbed, struct err *e)
{
    if (testbed->options.transport == TESTBED_DIRECT)
        return 0;
    testbed->polls = calloc(RUNS + 1, sizeof *testbed->polls);
    return testbed->polls ? 0 : err_set(e, ERR_MEMORY, NULL, "no memory for a testbed");
}

static int open_mock(struct testbed *testbed, struct err *e)
{
    const struct testbed_options *o = &testbed->options;
    struct mock_options options = {
        .seed = o->seed,
        .keeps = testbed->polls ? keeps : NULL,
        .keeps_arg = testbed,
        .auth = {.no_auth = o->no_auth},
        .token = TESTBED_TOKEN,
        .secret = ZEGO_TEST_SECRET,
        .assets = testbed->assets ? assets_address(testbed->assets) : NULL,
    };
    return mock_open(o->fixtures, &options, &testbed->mock, e);
}

static int open_transport(struct testbed *testbed, struct err *e)
{
    const struct wire_watch watch = timing_watch(&testbed->time);
    struct wire_options wire = {.threads = wire_threads(testbed),
                                .clients = testbed->options.real_clients ? clock_real() : NULL,
                                .watch = &watch};
    if (testbed->options.transport == TESTBED_WIRE)
        return wire_open(testbed->mock, testbed->time.clock, &wire, &testbed->wire, e);
    direct_init(&testbed->direct, testbed->mock, &testbed->time.sim);
    return 0;
}

int testbed_open(const struct testbed_options *options, struct testbed **out, struct err *e)
{
    *out = NULL;
    struct testbed *testbed = calloc(1, sizeof *testbed);
    if (!testbed)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a lab");
    testbed->options = *options;
    int code = timing_open(&testbed->time, options->transport, options->speed,
                           options->moved_by_caller, e);
    if (!code)
        code = open_assets(testbed, e);
    if (!code)
        code = open_counts(testbed, e);
    if (!code)
        code = packs_open(options->fixtures, &testbed->packs, e);
    if (!code)
        code = open_mock(testbed, e);
    if (!code)
        code = open_transport(testbed, e);
    if (code)
        testbed_close(testbed);
    else
        *out = testbed;
    return code;
}

void testbed_close(struct testbed *testbed)
{
    if (!testbed)
        return;
    timing_stop(&testbed->time);
    if (testbed->options.transport == TESTBED_WIRE)
        wire_close(testbed->wire, TESTBED_DRAIN_MS);
    else
        direct_fini(&testbed->direct);
    assets_close(testbed->assets);
    timing_close(&testbed->time);
    mock_close(testbed->mock);
    packs_close(testbed->packs);
    free(testbed->polls);
    free(testbed);
}

/* The client's seed: from the scenario's names, so that a scenario gets the same one on both
 * transports, whatever ran before it. */
static uint64_t seed_of(uint64_t seed, const struct upstream *u, const struct scenario *s)
{
    uint64_t state = seed + s->seed;
    for (const char *c = u->name; *c != '\0'; c++)
        state = text_random(&state) ^ (unsigned char)*c;
    for (const char *c = s->name; *c != '\0'; c++)
        state = text_random(&state) ^ (unsigned char)*c;
    return text_random(&state) | 1;
}

void testbed_endpoint(const struct testbed *testbed, const struct upstream *upstream,
                      const struct scenario *scenario, uint32_t run, struct endpoint *out)
{
    const char *at = testbed->options.transport == TESTBED_WIRE ? wire_address(testbed->wire)
                                                                : "http://direct";
    *out = (struct endpoint){.upstream = upstream, .scenario = scenario};
    snprintf(out->session, sizeof out->session, "%s%u", SESSION, run);
    out->since = journal_last(mock_journal(testbed->mock));
    out->malformed = testbed->wire ? wire_malformed(testbed->wire) : 0;
    if (testbed->polls)
        atomic_store(polls_of(testbed, span_of(out->session)), 0);
    snprintf(out->base_url, sizeof out->base_url, "%s/%s:%s:%s", at, upstream->name, scenario->name,
             out->session);
    if (testbed->assets)
        snprintf(out->asset_url, sizeof out->asset_url, "%s/%s", assets_address(testbed->assets),
                 out->session);
    if (scenario->id)
        snprintf(out->task_id, sizeof out->task_id, "%s", scenario->id);
    else
        snprintf(out->task_id, sizeof out->task_id, "%s-%s-%u", upstream->name, scenario->name,
                 run);
}

static struct task_options client_options(const struct testbed *testbed,
                                          const struct endpoint *endpoint)
{
    const struct upstream *u = endpoint->upstream;
    const struct scenario *s = endpoint->scenario;
    return (struct task_options){
        .upstream = u->name,
        .pack = packs_of(testbed->packs, u),
        .base_url = endpoint->base_url,
        .task_id = endpoint->task_id,
        .goal = s->goal,
        .token = TESTBED_TOKEN,
        .app_id = ZEGO_TEST_APP_ID,
        .secret = ZEGO_TEST_SECRET,
        .interval_ms = u->contract.polite.interval_ms,
        .timeout_ms = s->expect.within_ms,
        .seed = seed_of(testbed->options.seed, u, s),
    };
}

static int wait_for(const struct task_options *o, struct task_result *out, struct err *e)
{
    struct task_failure f;
    int code = task_wait(o, out, &f);
    return !code ? 0 : err_set(e, (enum err_code)code, f.where, "%s", f.what);
}

/* Clock and mock begin anew, so that a run does not depend on those before it. */
static int run_direct(struct testbed *testbed, struct task_options *o, struct task_result *out,
                      struct err *e)
{
    timing_restart(&testbed->time);
    mock_reset(testbed->mock);
    o->transport = &testbed->direct.transport;
    return wait_for(o, out, e);
}

static int wait_by_sockets(struct testbed *testbed, struct task_options *o, struct task_result *out,
                           struct err *e)
{
    int code = transport_curl_open(testbed->time.clock, &o->transport, e);
    if (!code)
        code = wait_for(o, out, e);
    task_transport_close(o->transport);
    return code;
}

/* With a speed the mock is shared with runs on other threads and is not reset: sessions keep them
 * apart. */
static int run_at_speed(struct testbed *testbed, struct task_options *o, struct task_result *out,
                        struct err *e)
{
    int64_t second_ms = (int64_t)testbed->time.clock->speed * 1000;
    if (second_ms > CLIENT_ATTEMPT_MS)
        o->attempt_ms = second_ms; /* an exchange may take a real second on a busy machine */
    return wait_by_sockets(testbed, o, out, e);
}

/* Clock and mock begin anew, as on the direct transport. The run before has ended whole
 * (read_settled), so nobody waits. */
static int run_by_events(struct testbed *testbed, struct task_options *o, struct task_result *out,
                         struct err *e)
{
    timing_restart(&testbed->time);
    mock_reset(testbed->mock);
    quiet_join(testbed->time.quiet);
    int code = wait_by_sockets(testbed, o, out, e);
    return code ? code : quiet_failure(testbed->time.quiet, e);
}

static bool under_way(const struct trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++)
        if (!trace->polls[i].ended)
            return true;
    for (uint32_t i = 0; i < trace->call_count; i++)
        if (!trace->calls[i].ended)
            return true;
    return false;
}

/* Lets the server's threads go on: a real millisecond, or, since they may wait for the end of an
 * answer that the client has given up, ever more simulated time. */
static void give_way(struct testbed *testbed, int tries)
{
    struct timing *t = &testbed->time;
    int64_t due_ns = t->quiet ? clock_events_due_ns(&t->events) : INT64_MAX;
    if (t->mover) {
        clock_wait(t->clock, INT64_C(1) << (tries < 16 ? tries : 16));
        return;
    }
    if (due_ns < INT64_MAX && quiet_check(t->quiet))
        clock_events_wake(&t->events, due_ns);
    clock_wait(clock_real(), 1);
}

/* Reads the trace, again until every poll in it has ended: the client may have the whole reply a
 * moment before the server's thread notes in the journal that it was sent. */
static int read_settled(struct testbed *testbed, const struct endpoint *endpoint, struct trace *out,
                        struct err *e)
{
    const struct trace_of of = {.upstream = endpoint->upstream,
                                .session = endpoint->session,
                                .task_id = endpoint->task_id,
                                .owns_task = !endpoint->scenario->id};
    for (int tries = 0;; tries++) {
        int code = trace_read_since(mock_journal(testbed->mock), endpoint->since, &of, out, e);
        if (code || !under_way(out) || tries == TESTBED_SETTLE_TRIES)
            return code;
        trace_fini(out);
        give_way(testbed, tries);
    }
}

/* Whether one of the replies that came says two things. Of one that comes again and again once is enough. */
static int find_disputes(const struct testbed *testbed, const struct endpoint *endpoint,
                         struct evidence *out, struct err *e)
{
    const struct upstream *u = endpoint->upstream;
    const struct task_pack *pack = packs_of(testbed->packs, u);
    const struct reply *last = NULL;
    int code = 0;
    for (uint32_t i = 0; !code && !out->disputed && i < out->trace.count; i++) {
        const struct reply *reply = out->trace.polls[i].reply;
        if (reply && reply != last)
            code = packs_dispute(u, pack, endpoint->scenario->goal, reply, &out->disputed, e);
        last = reply;
    }
    return code;
}

int testbed_collect(struct testbed *testbed, const struct endpoint *endpoint, struct evidence *out,
                    struct err *e)
{
    *out = (struct evidence){
        .upstream = endpoint->upstream,
        .scenario = endpoint->scenario,
        .transport = testbed->options.transport,
        .speed = testbed->options.transport == TESTBED_WIRE ? testbed->options.speed : 0,
        .no_auth = testbed->options.no_auth,
        .told_bound_ms = -1,
        .own_interval_ms = -1,
        .tasks = 1,
    };
    span_copy(span_of(endpoint->task_id), out->task_id, sizeof out->task_id);
    int code = read_settled(testbed, endpoint, &out->trace, e);
    if (!code)
        code = find_disputes(testbed, endpoint, out, e);
    const struct task_call *made = code ? NULL : trace_task(&out->trace, 1);
    packs_content_url(endpoint->upstream, endpoint->base_url, made ? made->task : endpoint->task_id,
                      out->content_url, sizeof out->content_url);
    if (!code && testbed->polls
        && atomic_load(polls_of(testbed, span_of(endpoint->session))) > TESTBED_POLLS_MAX)
        out->trace.evicted = true;
    if (!code && testbed->assets)
        code = assets_downloads(testbed->assets, endpoint->session, &out->downloads, e);
    if (code)
        evidence_fini(out);
    return code;
}

void testbed_strays(const struct testbed *testbed, const struct endpoint *endpoint,
                    struct strays *out)
{
    strays_read(mock_journal(testbed->mock), endpoint->since, endpoint->session, out);
    out->malformed = wire_malformed(testbed->wire) - endpoint->malformed;
}

static int run_client(struct testbed *testbed, struct task_options *o, struct task_result *out,
                      struct err *e)
{
    if (testbed->options.transport == TESTBED_DIRECT)
        return run_direct(testbed, o, out, e);
    return has_events(testbed) ? run_by_events(testbed, o, out, e)
                               : run_at_speed(testbed, o, out, e);
}

int testbed_run(struct testbed *testbed, const struct upstream *upstream,
                const struct scenario *scenario, uint32_t run, struct evidence *out, struct err *e)
{
    struct endpoint endpoint;
    struct task_result result;
    *out = (struct evidence){0};
    testbed_endpoint(testbed, upstream, scenario, run, &endpoint);
    struct task_options o = client_options(testbed, &endpoint);
    int code = run_client(testbed, &o, &result, e);
    if (!code)
        code = testbed_collect(testbed, &endpoint, out, e);
    if (!code) {
        out->result = result;
        out->told_bound_ms = o.timeout_ms;
    }
    testbed_leave(testbed);
    return code;
}

struct clock_events *testbed_events(struct testbed *testbed)
{
    return &testbed->time.events;
}

struct quiet *testbed_quiet(struct testbed *testbed)
{
    return testbed->time.quiet;
}

static uint16_t port_of(const char *address)
{
    return (uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10);
}

void testbed_ports(const struct testbed *testbed, uint16_t ports[2])
{
    ports[0] = port_of(wire_address(testbed->wire));
    ports[1] = testbed->assets ? port_of(assets_address(testbed->assets)) : 0;
}

struct clock *testbed_clock(struct testbed *testbed)
{
    return testbed->time.clock;
}

void testbed_advance(struct testbed *testbed, int64_t ms)
{
    if (testbed->options.transport == TESTBED_DIRECT || has_events(testbed))
        clock_wait(testbed->time.clock, ms);
}

void testbed_join(struct testbed *testbed)
{
    if (testbed->time.quiet)
        quiet_join(testbed->time.quiet);
}

void testbed_leave(struct testbed *testbed)
{
    if (testbed->time.quiet)
        quiet_leave(testbed->time.quiet);
}

struct task_transport *testbed_transport(struct testbed *testbed)
{
    return testbed->options.transport == TESTBED_DIRECT ? &testbed->direct.transport : NULL;
}
