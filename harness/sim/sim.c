/* Makes, runs and judges a case for each seed; the first case that fails is shrunk
 * and written down. */
#include "sim.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/span.h"
#include "sim_shrink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOURNAL_TEXT_BYTES = 8 << 20, CLOCK_EVERY = 256, NS_IN_MS = 1000000 };

struct sim {
    const struct sim_options *options;
    struct sim_world *world;
    const struct sim_upstream *upstreams;
    uint32_t upstream_count;
    struct buf journal, again; /* of one case that is run twice */
    struct err failed;         /* why a case could not be run while shrinking; ends the shrinking */
    struct sim_failure found;  /* what shrinking keeps: a smaller case must fail the same demand */
};

static uint64_t mix(uint64_t digest, uint64_t n)
{
    return hash64_step(digest, n);
}

static uint64_t digest_of(const struct evidence *evidence, uint64_t digest)
{
    for (uint32_t i = 0; i < evidence->trace.count; i++) {
        const struct poll *p = &evidence->trace.polls[i];
        digest = mix(mix(mix(digest, (uint64_t)p->began_ms), (uint64_t)p->ended_ms),
                     p->step + p->over);
        digest = mix(mix(digest, p->status), p->flags);
    }
    return mix(mix(digest, (uint64_t)evidence->result.outcome), evidence->result.polls);
}

/* Runs and judges one case. twice: runs it again, and a different journal is a failure. An error
 * means that the case could not be run. */
static int try(struct sim *s, const struct sim_case *c, bool twice, struct sim_counts *counts,
               uint64_t *digest, struct sim_wanted *wanted, struct sim_failure *failure,
               struct err *e)
{
    struct evidence evidence;
    struct scenario *scenario;
    int code = sim_world_run(s->world, c, &evidence, &scenario, e);
    if (code)
        return code;
    sim_judge(c, scenario, &evidence, counts, wanted, failure);
    *digest = digest_of(&evidence, *digest);
    evidence_fini(&evidence);
    if (!twice || failure->demand != SIM_DEMAND_NONE)
        return 0;
    buf_reset(&s->journal);
    buf_reset(&s->again);
    sim_world_journal(s->world, &s->journal);
    code = sim_world_run(s->world, c, &evidence, &scenario, e);
    if (code)
        return code;
    sim_world_journal(s->world, &s->again);
    evidence_fini(&evidence);
    if (s->journal.n != s->again.n || memcmp(s->journal.p, s->again.p, s->journal.n) != 0) {
        failure->demand = SIM_DEMAND_REPEAT;
        snprintf(failure->text, sizeof failure->text, "a second run gave another journal");
    }
    return 0;
}

/* -- A failure --------------------------------------------------------------------------------- */

static bool same_demand(const struct sim_failure *a, const struct sim_failure *b)
{
    return a->demand == b->demand
        && (a->rule == b->rule || (a->rule && b->rule && strcmp(a->rule, b->rule) == 0));
}

/* sim_still_fails: runs the case. False also when it cannot be run; s->failed then says why. */
static bool still_fails(const struct sim_case *c, void *arg)
{
    struct sim *s = arg;
    struct sim_counts counts;
    struct sim_wanted wanted;
    struct sim_failure failure;
    uint64_t digest = 0;
    memset(&counts, 0, sizeof counts);
    if (s->failed.code != ERR_OK)
        return false;
    bool twice = s->found.demand == SIM_DEMAND_REPEAT;
    return try(s, c, twice, &counts, &digest, &wanted, &failure, &s->failed) == 0
        && same_demand(&failure, &s->found);
}

/* Runs the shrunk case once more, for its failure and expectation, and describes it in *out. */
static int describe(struct sim *s, const struct sim_case *c, struct sim_result *out, struct err *e)
{
    struct sim_counts counts;
    struct sim_wanted wanted;
    struct buf text;
    uint64_t digest = 0;
    memset(&counts, 0, sizeof counts);
    bool twice = s->found.demand == SIM_DEMAND_REPEAT;
    int code = try(s, c, twice, &counts, &digest, &wanted, &out->failure, e);
    if (code)
        return code;
    char title[160];
    snprintf(title, sizeof title, "seed %" PRIu64 " of the simulation, shrunk: %s", out->seed,
             sim_demand_name(out->failure.demand));
    buf_init(&text, sizeof out->scenario - 1);
    sim_case_write(c, wanted.known ? wanted.outcome : EXPECT_GAVE_UP, title, &text);
    code = buf_err(&text, "the shrunk scenario", e);
    span_copy(buf_span(&text), out->scenario, sizeof out->scenario);
    buf_fini(&text);
    out->steps = c->step_count;
    snprintf(out->policy, sizeof out->policy,
             "interval %" PRId64 " ms, timeout %" PRId64 " ms, attempt %" PRId64
             " ms, seed %" PRIu64 "%s",
             c->policy.interval_ms, c->policy.timeout_ms, c->policy.attempt_ms, c->policy.seed,
             c->policy.resends > 0 ? ", a library that sends a lost request again" : "");
    snprintf(out->upstream, sizeof out->upstream, "%s", c->upstream->upstream->name);
    return code;
}

static int shrink_and_describe(struct sim *s, const struct sim_case *c,
                               const struct sim_failure *found, struct sim_result *out,
                               struct err *e)
{
    struct sim_case smallest = *c;
    out->failed = true;
    out->seed = c->seed;
    out->found = s->found = *found;
    out->steps_found = c->step_count;
    sim_shrink(&smallest, still_fails, s);
    if (s->failed.code != ERR_OK) {
        *e = s->failed;
        return (int)s->failed.code;
    }
    return describe(s, &smallest, out, e);
}

/* -- All seeds --------------------------------------------------------------------------------- */

static bool out_of_time(const struct sim_options *o, uint64_t done, int64_t start_ns)
{
    return o->milliseconds > 0 && done % CLOCK_EVERY == 0
        && clock_ticks_ns() - start_ns >= o->milliseconds * NS_IN_MS;
}

static int run_seeds(struct sim *s, struct sim_result *out, struct err *e)
{
    const struct sim_options *o = s->options;
    int64_t start_ns = clock_ticks_ns();
    for (uint64_t i = 0; i < o->seeds && !out_of_time(o, i, start_ns); i++) {
        struct sim_case c;
        struct sim_wanted wanted;
        struct sim_failure failure;
        sim_case_make(s->upstreams, s->upstream_count, o->first + i, &c);
        out->counts.of[SIM_COUNT_UPSTREAMS][c.upstream - s->upstreams]++;
        int code = try(s, &c, c.seed % SIM_REPEAT_EVERY == 0, &out->counts, &out->digest, &wanted,
                       &failure, e);
        out->seeds++;
        if (code)
            return err_wrap(e, (enum err_code)code, "seed %" PRIu64, c.seed);
        if (failure.demand != SIM_DEMAND_NONE)
            return shrink_and_describe(s, &c, &failure, out, e);
    }
    return 0;
}

/* Notes the counters that are still zero, once there were seeds enough to reach everything. */
static void list_missing(const struct sim *s, struct sim_result *out)
{
    struct buf text;
    if (out->failed || out->seeds < SIM_SEEDS_TO_REACH_ALL)
        return;
    buf_init(&text, sizeof out->missing - 1);
    sim_counts_missing(&out->counts, s->upstreams, s->upstream_count, &text);
    span_copy(buf_span(&text), out->missing, sizeof out->missing);
    buf_fini(&text);
}

int sim_run(const struct sim_options *options, struct sim_result *out, struct err *e)
{
    struct sim s = {.options = options};
    memset(out, 0, sizeof *out);
    int code = sim_world_open(options->fixtures, options->client, &s.world, e);
    if (code)
        return code;
    s.upstreams = sim_world_upstreams(s.world, &s.upstream_count);
    buf_init(&s.journal, JOURNAL_TEXT_BYTES);
    buf_init(&s.again, JOURNAL_TEXT_BYTES);
    code = run_seeds(&s, out, e);
    list_missing(&s, out);
    buf_fini(&s.journal);
    buf_fini(&s.again);
    sim_world_close(s.world);
    return code;
}
