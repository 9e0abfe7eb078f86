/* Time by events on the wire: as exact as on the direct transport, whatever the machine does. */
#include "with_fixtures.h"

#include "base/clock.h"
#include "client/http/http.h"
#include "harness/rules/verdict.h"
#include "harness/testbed/testbed.h"

#include <pthread.h>

static struct testbed *open_by(enum testbed_transport transport, uint64_t seed)
{
    struct testbed_options options = {.fixtures = fixtures, .transport = transport, .seed = seed};
    struct testbed *testbed = NULL;
    struct err e = {0};
    if (testbed_open(&options, &testbed, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    return testbed;
}

static void play(struct testbed *testbed, const char *upstream, const char *scenario,
                 struct evidence *out)
{
    const struct upstream *u = fixtures_upstream(fixtures, upstream);
    struct err e = {0};
    assert_non_null(upstream_scenario(u, scenario));
    if (testbed_run(testbed, u, upstream_scenario(u, scenario), 0, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

/* Every poll at the same millisecond, with the same answer; its end too, when the client had it. */
static bool is_same_story(const struct evidence *a, const struct evidence *b)
{
    bool same = a->trace.count == b->trace.count && a->trace.count > 0
        && a->result.outcome == b->result.outcome && a->result.elapsed_ms == b->result.elapsed_ms;
    for (uint32_t i = 0; same && i < a->trace.count; i++) {
        const struct poll *p = &a->trace.polls[i], *q = &b->trace.polls[i];
        same = p->began_ms == q->began_ms && p->reply == q->reply && p->step == q->step
            && p->status == q->status && poll_was_complete(p) == poll_was_complete(q)
            && (!poll_was_complete(p) || p->ended_ms == q->ended_ms);
        if (!same)
            print_error("poll %u: %lld-%lld %s direct, %lld-%lld %s on the wire\n", i + 1,
                        (long long)p->began_ms, (long long)p->ended_ms,
                        p->reply ? p->reply->name : "-", (long long)q->began_ms,
                        (long long)q->ended_ms, q->reply ? q->reply->name : "-");
    }
    return same;
}

static void every_scenario_is_the_same_story_on_both_transports(void **state)
{
    (void)state;
    struct testbed *direct = open_by(TESTBED_DIRECT, 3);
    struct testbed *wire = open_by(TESTBED_WIRE, 3);
    int bad = 0;
    for (uint32_t i = 0; i < fixtures->upstream_count; i++) {
        const struct upstream *u = &fixtures->upstreams[i];
        for (uint32_t k = 0; k < u->scenario_count; k++) {
            const struct scenario *s = &u->scenarios[k];
            struct evidence a, b;
            if (!s->direct || !s->wire)
                continue;
            play(direct, u->name, s->name, &a);
            int64_t t0 = clock_ticks_ns();
            play(wire, u->name, s->name, &b);
            if (getenv("T"))
                fprintf(stderr, "%s:%s %.2f ms %u polls\n", u->name, s->name,
                        (double)(clock_ticks_ns() - t0) / 1e6, b.trace.count);
            if (!is_same_story(&a, &b)) {
                print_error("%s:%s: %u polls in %lld ms direct, %u in %lld on the wire\n", u->name,
                            s->name, a.trace.count, (long long)a.result.elapsed_ms, b.trace.count,
                            (long long)b.result.elapsed_ms);
                bad++;
            }
            evidence_fini(&a);
            evidence_fini(&b);
        }
    }
    testbed_close(wire);
    testbed_close(direct);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_is_the_same_story_on_both_transports),
    };
    return cmocka_run_group_tests_name("events", tests, load_fixtures, free_fixtures);
}
