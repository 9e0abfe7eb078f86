/* Runs cases: makes a case the only scenario of its upstream and lets the client wait
 * for its task. */
#include "sim_world.h"

#include "base/text.h"
#include "harness/testbed/direct.h"
#include "harness/testbed/endpoint.h"
#include "harness/testbed/packs.h"
#include "harness/testbed/trace.h"
#include "mockserver/auth/zego.h"
#include "mockserver/decide/mock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const int64_t sim_world_start_ms = 1767225600000; /* 2026-01-01T00:00:00Z */

enum {
    WORLD_JOURNAL_BYTES = 4 << 20,
    WORLD_POLLS_MAX = 4000 /* of one run; a correct client makes fewer before its time limit */
};

/* A transport that passes exchanges on to the direct one until there have been WORLD_POLLS_MAX:
 * then it cancels the wait, so that a client that polls for ever ends. As many HTTP libraries do, it may send
 * a request again by itself, at once, in what is left of the request's time. */
struct guard {
    struct task_transport transport; /* first: &guard.transport goes to the client */
    struct task_transport *inner;
    uint32_t left;
    uint64_t resends; /* of each request */
};

/* The fixtures as loaded, but each upstream has one scenario: the case under way. */
struct sim_world {
    struct fixtures fixtures;
    struct scenario *scenarios;
    struct sim_upstream *readings;
    uint32_t count; /* of readings that are loaded */
    sim_client *client;
    struct mock *mock;
    struct clock_sim clock;
    struct direct direct;
    struct packs *packs;
    struct guard guard;
};

static int pass_on(struct guard *g, const struct http_request *request, struct http_reply *reply,
                   struct err *e)
{
    if (g->left == 0)
        return err_set(e, ERR_CANCELLED, NULL, "there is no end to it");
    g->left--;
    return g->inner->exchange(g->inner, request, reply, e);
}

static int guarded(struct task_transport *t, const struct http_request *request,
                   struct http_reply *reply, struct err *e)
{
    struct guard *g = (struct guard *)t;
    struct http_request again = *request;
    int64_t until_ms = clock_now(t->clock) + request->timeout_ms;
    int code = pass_on(g, request, reply, e);
    for (uint64_t i = 0; i < g->resends && code == ERR_NETWORK; i++) {
        again.timeout_ms = until_ms - clock_now(t->clock);
        code = pass_on(g, &again, reply, e);
    }
    return code;
}

static int copy_fixtures(struct sim_world *w, const struct fixtures *from, struct err *e)
{
    w->fixtures = *from;
    w->fixtures.upstreams = calloc(from->upstream_count + 1, sizeof *w->fixtures.upstreams);
    w->scenarios = calloc(from->upstream_count + 1, sizeof *w->scenarios);
    w->readings = calloc(from->upstream_count + 1, sizeof *w->readings);
    if (!w->fixtures.upstreams || !w->scenarios || !w->readings)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the simulation");
    for (uint32_t i = 0; i < from->upstream_count; i++) {
        struct upstream *u = &w->fixtures.upstreams[i];
        *u = from->upstreams[i];
        u->scenarios = &w->scenarios[i];
        u->scenario_count = 1;
        w->scenarios[i] = (struct scenario){.name = "sim", .title = "", .direct = true};
        int code = sim_upstream_load(u, &w->readings[i], e);
        if (code)
            return code;
        w->count++;
    }
    return 0;
}

int sim_world_open(const struct fixtures *fixtures, sim_client *client, struct sim_world **out,
                   struct err *e)
{
    *out = NULL;
    struct sim_world *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the simulation");
    w->client = client;
    clock_sim_init(&w->clock, sim_world_start_ms);
    struct mock_options options = {
        .seed = 1, .journal_bytes = WORLD_JOURNAL_BYTES, .token = TESTBED_TOKEN};
    int code = copy_fixtures(w, fixtures, e);
    if (!code)
        code = packs_open(&w->fixtures, &w->packs, e);
    if (!code)
        code = mock_open(&w->fixtures, &options, &w->mock, e);
    direct_init(&w->direct, w->mock, &w->clock);
    w->guard = (struct guard){.transport = {.exchange = guarded, .clock = &w->clock.clock},
                              .inner = &w->direct.transport};
    if (code) {
        sim_world_close(w);
        return code;
    }
    *out = w;
    return 0;
}

void sim_world_close(struct sim_world *w)
{
    if (!w)
        return;
    direct_fini(&w->direct);
    mock_close(w->mock);
    packs_close(w->packs);
    for (uint32_t i = 0; i < w->count; i++)
        sim_upstream_free(&w->readings[i]);
    free(w->readings);
    free(w->scenarios);
    free(w->fixtures.upstreams);
    free(w);
}

const struct sim_upstream *sim_world_upstreams(const struct sim_world *w, uint32_t *count)
{
    *count = w->count;
    return w->readings;
}

/* Makes the world's scenario this case. Steps and texts are lent by the case. */
static void set_scenario(const struct sim_case *c, struct scenario *out)
{
    out->id = c->id;
    out->goal = c->upstream->goals[c->goal];
    out->steps = (struct scenario_step *)c->steps;
    out->step_count = c->step_count;
    out->end = c->end;
    out->seed = c->fault_seed;
    sim_case_rules_off(c, &out->rules_off);
    out->expect = (struct scenario_expect){.polls_max = UINT32_MAX,
                                           .within_ms = c->policy.timeout_ms};
}

int sim_world_run(struct sim_world *w, const struct sim_case *c, struct evidence *out,
                  struct scenario **scenario, struct err *e)
{
    const struct upstream *u = c->upstream->upstream;
    char base_url[REPLY_NAME_MAX + 32];
    *scenario = &w->scenarios[c->upstream - w->readings];
    set_scenario(c, *scenario);
    mock_reset(w->mock);
    w->clock.ms = sim_world_start_ms;
    w->guard.left = WORLD_POLLS_MAX;
    w->guard.resends = c->policy.resends;
    snprintf(base_url, sizeof base_url, "http://direct/%s:sim:sim", u->name);
    const struct task_options options = {
        .upstream = u->name,
        .pack = packs_of(w->packs, u),
        .base_url = base_url,
        .task_id = c->id,
        .goal = (*scenario)->goal,
        .token = TESTBED_TOKEN,
        .app_id = ZEGO_TEST_APP_ID,
        .secret = ZEGO_TEST_SECRET,
        .interval_ms = c->policy.interval_ms,
        .timeout_ms = c->policy.timeout_ms,
        .attempt_ms = c->policy.attempt_ms,
        .seed = c->policy.seed,
        .transport = &w->guard.transport,
    };
    const struct trace_of of = {.upstream = u, .session = "sim", .task_id = c->id};
    struct task_failure f = {0};
    *out = (struct evidence){.upstream = u,
                             .scenario = *scenario,
                             .transport = TESTBED_DIRECT,
                             .told_bound_ms = c->policy.timeout_ms,
                             .own_interval_ms = -1};
    packs_content_url(u, base_url, c->id, out->content_url, sizeof out->content_url);
    int code = w->client(&options, &out->result, &f);
    if (code)
        return err_set(e, (enum err_code)code, f.where, "%s", f.what);
    return trace_read(mock_journal(w->mock), &of, &out->trace, e);
}

static void add_text(struct buf *out, struct span text)
{
    buf_add_char(out, ' ');
    buf_add_span(out, text);
}

static bool add_entry(const struct journal_entry *entry, void *arg)
{
    struct buf *out = arg;
    buf_addf(out, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRIu64 " %u %u %u %d", entry->began_ms,
             entry->ended_ms, entry->retry_after_ms, entry->sent_bytes, entry->step + entry->over,
             entry->status, entry->flags, (int)entry->state);
    add_text(out, entry->task);
    add_text(out, entry->reply);
    add_text(out, entry->method);
    add_text(out, entry->target);
    add_text(out, entry->faults);
    add_text(out, entry->why);
    buf_add_char(out, '\n');
    return true;
}

void sim_world_journal(struct sim_world *w, struct buf *out)
{
    const struct journal_filter all = {0};
    journal_each(mock_journal(w->mock), &all, add_entry, out);
}
