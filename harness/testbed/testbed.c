/* Puts mock, transport, clock and client together, and takes the evidence. */
#include "testbed.h"

#include "base/text.h"
#include "client/http/http.h"
#include "direct.h"
#include "mockserver/decide/mock.h"
#include "mockserver/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The simulated clock starts at the same moment in every run: 2026-01-01T00:00:00Z. */
static const int64_t SIM_START_MS = 1767225600000;

enum {
    CLIENT_ATTEMPT_MS = 30000, /* the client's own default */
    LAB_JOURNAL_BYTES = 16 << 20,
    LAB_WIRE_THREADS = 128,
    LAB_DRAIN_MS = 2000,
    LAB_SETTLE_TRIES = 2000 /* of a millisecond each */
};

struct lab {
    struct lab_options options;
    struct mock *mock;
    struct clock_sim sim;
    struct clock_scaled scaled;
    struct clock_manual manual;
    struct clock *clock; /* one of the three */
    struct direct direct;
    struct wire *wire;
    struct assets *assets; /* NULL: none */
};

const char *lab_transport_name(enum lab_transport transport)
{
    return transport == LAB_DIRECT ? "direct" : "wire";
}

static struct clock *open_clock(struct lab *lab)
{
    if (lab->options.transport == LAB_DIRECT) {
        clock_sim_init(&lab->sim, SIM_START_MS);
        return &lab->sim.clock;
    }
    if (lab->options.speed == 0) {
        clock_manual_init(&lab->manual, SIM_START_MS);
        return &lab->manual.clock;
    }
    clock_scaled_init(&lab->scaled, lab->options.speed);
    return &lab->scaled.clock;
}

static int open_assets(struct lab *lab, struct err *e)
{
    const struct assets_options options = {.secrets = {LAB_TOKEN, MOCK_ZEGO_SECRET}};
    if (!lab->options.assets || lab->options.transport == LAB_DIRECT)
        return 0;
    return assets_open(&options, lab->clock, &lab->assets, e);
}

static int open_mock(struct lab *lab, struct err *e)
{
    const struct lab_options *o = &lab->options;
    struct mock_options options = {
        .seed = o->seed,
        .journal_bytes = LAB_JOURNAL_BYTES,
        .no_auth = o->no_auth,
        .assets = lab->assets != NULL ? assets_address(lab->assets) : NULL,
    };
    return mock_open(o->fixtures, &options, &lab->mock, e);
}

static int open_transport(struct lab *lab, struct err *e)
{
    struct wire_options wire = {.threads = LAB_WIRE_THREADS,
                                .clients = lab->options.real_clients ? clock_real() : NULL};
    if (lab->options.transport == LAB_WIRE)
        return wire_open(lab->mock, lab->clock, &wire, &lab->wire, e);
    direct_init(&lab->direct, lab->mock, &lab->sim);
    return 0;
}

int lab_open(const struct lab_options *options, struct lab **out, struct err *e)
{
    *out = NULL;
    struct lab *lab = calloc(1, sizeof *lab);
    if (lab == NULL)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a lab");
    lab->options = *options;
    lab->clock = open_clock(lab);
    int failed = open_assets(lab, e);
    if (failed == 0)
        failed = open_mock(lab, e);
    if (failed == 0)
        failed = open_transport(lab, e);
    if (failed != 0)
        lab_close(lab);
    else
        *out = lab;
    return failed;
}

void lab_close(struct lab *lab)
{
    if (lab == NULL)
        return;
    if (lab->clock == &lab->manual.clock)
        clock_manual_stop(&lab->manual); /* or an answer that waits would hold up the end */
    if (lab->options.transport == LAB_WIRE)
        wire_close(lab->wire, LAB_DRAIN_MS);
    else
        direct_fini(&lab->direct);
    assets_close(lab->assets);
    if (lab->clock == &lab->manual.clock)
        clock_manual_fini(&lab->manual);
    mock_close(lab->mock);
    free(lab);
}

void evidence_fini(struct evidence *evidence)
{
    story_fini(&evidence->story);
    downloads_fini(&evidence->downloads);
    *evidence = (struct evidence){0};
}

/* The same run gets the same seed on both transports, whatever ran before it. */
static uint64_t seed_of(uint64_t seed, const struct upstream *u, const struct scenario *s)
{
    uint64_t state = seed + s->seed;
    for (const char *c = u->name; *c != '\0'; c++)
        state = text_random(&state) ^ (unsigned char)*c;
    for (const char *c = s->name; *c != '\0'; c++)
        state = text_random(&state) ^ (unsigned char)*c;
    return text_random(&state) | 1;
}

void lab_place(const struct lab *lab, const struct upstream *upstream,
               const struct scenario *scenario, uint32_t run, struct lab_place *out)
{
    const char *at = lab->options.transport == LAB_WIRE ? wire_address(lab->wire) : "http://direct";
    *out = (struct lab_place){.upstream = upstream, .scenario = scenario};
    snprintf(out->session, sizeof out->session, "run-%u", run);
    snprintf(out->base_url, sizeof out->base_url, "%s/%s:%s:%s", at, upstream->name, scenario->name,
             out->session);
    if (lab->assets != NULL)
        snprintf(out->asset_url, sizeof out->asset_url, "%s/%s", assets_address(lab->assets),
                 out->session);
    if (scenario->id != NULL)
        snprintf(out->task_id, sizeof out->task_id, "%s", scenario->id);
    else
        snprintf(out->task_id, sizeof out->task_id, "%s-%s-%u", upstream->name, scenario->name,
                 run);
}

static struct task_options client_options(const struct lab *lab, const struct lab_place *place)
{
    const struct upstream *u = place->upstream;
    const struct scenario *s = place->scenario;
    return (struct task_options){
        .upstream = u->name,
        .base_url = place->base_url,
        .task_id = place->task_id,
        .goal = s->goal,
        .token = LAB_TOKEN,
        .app_id = LAB_ZEGO_APP_ID,
        .secret = MOCK_ZEGO_SECRET,
        .interval_ms = u->contract.polite_interval_ms,
        .timeout_ms = s->expect.within_ms,
        .seed = seed_of(lab->options.seed, u, s),
    };
}

static int wait_for(const struct task_options *o, struct task_result *out, struct err *e)
{
    struct task_failure f;
    int failed = task_wait(o, out, &f);
    return failed == 0 ? 0 : err_set(e, (enum err_code)failed, f.where, "%s", f.what);
}

static int run_direct(struct lab *lab, struct task_options *o, struct task_result *out,
                      struct err *e)
{
    clock_sim_init(&lab->sim, SIM_START_MS);
    mock_reset(lab->mock);
    o->transport = &lab->direct.transport;
    return wait_for(o, out, e);
}

static int run_wire(struct lab *lab, struct task_options *o, struct task_result *out, struct err *e)
{
    int64_t second_ms = (int64_t)lab->clock->speed * 1000;
    if (second_ms > CLIENT_ATTEMPT_MS)
        o->attempt_ms = second_ms; /* a busy machine needs a real second, however fast the clock */
    int failed = transport_curl_open(lab->clock, &o->transport, e);
    if (failed == 0)
        failed = wait_for(o, out, e);
    task_transport_close(o->transport);
    return failed;
}

static bool under_way(const struct story *story)
{
    for (uint32_t i = 0; i < story->count; i++)
        if (!story->polls[i].ended)
            return true;
    return false;
}

/* The client may have the whole reply before the server's thread has noted that it was sent. */
static int read_settled(struct lab *lab, const struct lab_place *place, struct story *out,
                        struct err *e)
{
    const struct story_of of = {.upstream = place->upstream,
                                .session = place->session,
                                .task_id = place->task_id,
                                .token = LAB_TOKEN};
    for (int tries = 0;; tries++) {
        int failed = story_read(mock_journal(lab->mock), &of, out, e);
        if (failed != 0 || !under_way(out) || tries == LAB_SETTLE_TRIES)
            return failed;
        story_fini(out);
        clock_wait(clock_real(), 1);
    }
}

int lab_collect(struct lab *lab, const struct lab_place *place, struct evidence *out, struct err *e)
{
    *out = (struct evidence){
        .upstream = place->upstream,
        .scenario = place->scenario,
        .transport = lab->options.transport,
        .speed = lab->options.transport == LAB_WIRE ? lab->options.speed : 0,
        .no_auth = lab->options.no_auth,
    };
    int failed = read_settled(lab, place, &out->story, e);
    if (failed == 0 && lab->assets != NULL)
        failed = assets_downloads(lab->assets, place->session, &out->downloads, e);
    if (failed != 0)
        evidence_fini(out);
    return failed;
}

int lab_run(struct lab *lab, const struct upstream *upstream, const struct scenario *scenario,
            uint32_t run, struct evidence *out, struct err *e)
{
    struct lab_place place;
    struct task_result result;
    *out = (struct evidence){0};
    lab_place(lab, upstream, scenario, run, &place);
    struct task_options o = client_options(lab, &place);
    int failed = lab->options.transport == LAB_DIRECT ? run_direct(lab, &o, &result, e)
                                                      : run_wire(lab, &o, &result, e);
    if (failed == 0)
        failed = lab_collect(lab, &place, out, e);
    if (failed == 0)
        out->result = result;
    return failed;
}

struct clock *lab_clock(struct lab *lab)
{
    return lab->clock;
}

void lab_advance(struct lab *lab, int64_t ms)
{
    if (lab->options.transport == LAB_DIRECT)
        lab->sim.ms += ms;
    else if (lab->options.speed == 0)
        clock_manual_advance(&lab->manual, ms);
}

struct task_transport *lab_transport(struct lab *lab)
{
    return lab->options.transport == LAB_DIRECT ? &lab->direct.transport : NULL;
}
