/* Time by events on the wire: as exact as on the direct transport, whatever the machine does. */
#include "with_fixtures.h"

#include "base/clock.h"
#include "client/http/http.h"
#include "client/poll/multi.h"
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

/* Every poll at the same millisecond, with the same answer; and the client's own view of it. */
static bool is_same_story(const struct evidence *direct, const struct evidence *wire)
{
    char why[256] = "";
    bool same = verdict_parity(direct, wire, why, sizeof why) && direct->trace.count > 0
        && direct->result.elapsed_ms == wire->result.elapsed_ms;
    if (!same)
        print_error("%s:%s: %s\n", direct->upstream->name, direct->scenario->name,
                    why[0] ? why : "the client's times differ");
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
            play(wire, u->name, s->name, &b);
            bad += !is_same_story(&a, &b);
            evidence_fini(&a);
            evidence_fini(&b);
        }
    }
    testbed_close(wire);
    testbed_close(direct);
    assert_int_equal(bad, 0);
}

static void time_outs_and_timed_steps_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *steps;
        const char *polls;
    } rows[] = {
        {"given-up", "{\"reply\": \"queued\", \"fault\": {\"delay\": \"60s\"}}", "2"},
        {"given-up-then-empty",
         "{\"reply\": \"queued\", \"fault\": [{\"delay\": \"60s\"}, {\"empty\": true}]}", "2"},
        /* Both at once: the time-out was there first. */
        {"just-too-late", "{\"reply\": \"queued\", \"fault\": {\"delay\": \"30s\"}}", "2"},
        {"just-in-time", "{\"reply\": \"queued\", \"fault\": {\"delay\": \"29999ms\"}}", "2"},
        {"often-given-up", "{\"reply\": \"queued\", \"polls\": 5, \"fault\": {\"delay\": \"60s\"}}",
         "6"},
        {"a-step-of-a-time", "{\"reply\": \"queued\", \"for\": \"47s\"}", "11"},
        {"another", "{\"reply\": \"queued\", \"for\": \"45s\"}", "10"},
    };
    struct testbed *direct = open_by(TESTBED_DIRECT, 3);
    struct testbed *wire = open_by(TESTBED_WIRE, 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct evidence a, b;
        char text[512];
        snprintf(text, sizeof text,
                 "{\"title\": \"t\", \"steps\": [%s, {\"reply\": \"success\"}], \"expect\": "
                 "{\"outcome\": \"succeeded\", \"polls\": \"%s\"}}",
                 rows[i].steps, rows[i].polls);
        make_scenario("doubao", rows[i].name, text);
        play(direct, "doubao", rows[i].name, &a);
        play(wire, "doubao", rows[i].name, &b);
        assert_true(is_same_story(&a, &b));
        if (i < 3)
            assert_int_equal(b.trace.polls[0].ended_ms - b.trace.polls[0].began_ms, 30000);
        evidence_fini(&a);
        evidence_fini(&b);
    }
    testbed_close(wire);
    testbed_close(direct);
}

/* -- Many at once ---------------------------------------------------------------------------------- */

enum { AT_ONCE = 24 };

struct run {
    pthread_t thread;
    struct evidence seen;
};

static void *run_one(void *arg)
{
    struct run *r = arg;
    struct testbed *wire = open_by(TESTBED_WIRE, 3);
    play(wire, "zego-stream", "slow", &r->seen);
    testbed_close(wire);
    return NULL;
}

static void twenty_four_at_once_are_the_same_story_each(void **state)
{
    (void)state;
    struct run runs[AT_ONCE];
    struct evidence direct;
    struct testbed *testbed = open_by(TESTBED_DIRECT, 3);
    play(testbed, "zego-stream", "slow", &direct);
    for (int i = 0; i < AT_ONCE; i++)
        assert_int_equal(pthread_create(&runs[i].thread, NULL, run_one, &runs[i]), 0);
    for (int i = 0; i < AT_ONCE; i++) {
        assert_int_equal(pthread_join(runs[i].thread, NULL), 0);
        assert_true(is_same_story(&direct, &runs[i].seen));
        evidence_fini(&runs[i].seen);
    }
    evidence_fini(&direct);
    testbed_close(testbed);
}

/* -- Many tasks in one thread ----------------------------------------------------------------------- */

static void note(const struct task_result *result, void *arg)
{
    *(struct task_result *)arg = *result;
}

static void add_task(struct task_multi *m, const struct endpoint *at, struct task_result *out)
{
    struct task_failure f = {0};
    struct task_options o = {.upstream = "doubao",
                             .base_url = at->base_url,
                             .task_id = at->task_id,
                             .token = TESTBED_TOKEN,
                             .interval_ms = 5000,
                             .attempt_ms = 4000,
                             .seed = 1};
    if (task_multi_add(m, &o, note, out, &f) != 0)
        fail_msg("%s: %s", f.where, f.what);
}

static void many_tasks_in_one_thread_poll_and_give_up_at_their_times(void **state)
{
    (void)state;
    enum { TASKS = 12 };
    static const struct task_multi_options options = {.connections = TASKS};
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    const struct scenario *late = make_scenario(
        "doubao", "late-at-first",
        "{\"title\": \"t\", \"steps\": [{\"reply\": \"queued\", \"fault\": {\"delay\": "
        "\"50s\"}}, {\"reply\": \"success\"}], \"expect\": {\"outcome\": \"succeeded\", "
        "\"polls\": \"2\"}}");
    struct testbed *wire = open_by(TESTBED_WIRE, 3);
    struct endpoint at[TASKS];
    struct task_result results[TASKS];
    struct task_multi *m = NULL;
    struct err e;
    struct task_failure f;
    if (multi_open(&options, testbed_clock(wire), &m, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    for (uint32_t i = 0; i < TASKS; i++) {
        testbed_endpoint(wire, u, i % 2 ? late : upstream_scenario(u, "success"), i, &at[i]);
        add_task(m, &at[i], &results[i]);
    }
    testbed_join(wire);
    assert_int_equal(task_multi_run(m, &f), 0);
    testbed_leave(wire);
    task_multi_close(m);
    for (uint32_t i = 0; i < TASKS; i++) {
        struct evidence seen;
        assert_int_equal(testbed_collect(wire, &at[i], &seen, NULL), 0);
        const struct poll *polls = seen.trace.polls;
        assert_int_equal(results[i].outcome, TASK_OUTCOME_SUCCEEDED);
        assert_int_equal(seen.trace.count, i % 2 ? 2 : 5);
        if (i % 2)
            assert_int_equal(polls[0].ended_ms - polls[0].began_ms, 4000);
        if (i % 2) /* 4 s to give up, then the first pause of a backoff: 5 s and a random part */
            assert_in_range(polls[1].began_ms - polls[0].began_ms, 4000 + 1, 4000 + 10000);
        for (uint32_t k = 1; k < seen.trace.count && i % 2 == 0; k++)
            assert_int_equal(polls[k].began_ms - polls[k - 1].ended_ms, 5000);
        evidence_fini(&seen);
    }
    testbed_close(wire);
}

/* -- The transport alone ---------------------------------------------------------------------------- */

static int exchange_once(struct testbed *wire, int64_t timeout_ms, struct task_cancel *cancel)
{
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    struct endpoint at;
    struct task_transport *t;
    struct http_reply reply;
    char url[1024];
    testbed_endpoint(wire, u, upstream_scenario(u, "often-given-up"), 1, &at);
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", at.base_url, at.task_id);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = {"Authorization: Bearer " TESTBED_TOKEN},
                                   .timeout_ms = timeout_ms,
                                   .cancel = cancel};
    http_reply_init(&reply);
    assert_int_equal(transport_curl_open(testbed_clock(wire), &t, NULL), 0);
    int code = t->exchange(t, &request, &reply, NULL);
    task_transport_close(t);
    http_reply_fini(&reply);
    return code;
}

static void an_exchange_ends_at_its_millisecond_or_when_it_is_cancelled(void **state)
{
    (void)state;
    struct testbed *wire = open_by(TESTBED_WIRE, 3);
    struct clock *clock = testbed_clock(wire);
    struct task_cancel *cancel;
    int64_t began_ms = clock_now(clock);
    assert_int_equal(exchange_once(wire, 30000, NULL), ERR_TIMEOUT);
    assert_int_equal(clock_now(clock) - began_ms, 30000);
    assert_int_equal(exchange_once(wire, 12345, NULL), ERR_TIMEOUT);
    assert_int_equal(clock_now(clock) - began_ms, 42345);
    assert_int_equal(task_cancel_open(&cancel, NULL), 0);
    task_cancel_now(cancel);
    assert_int_equal(exchange_once(wire, INT64_C(100) * 365 * 86400000, cancel), ERR_CANCELLED);
    assert_int_equal(clock_now(clock) - began_ms, 42345);
    task_cancel_close(cancel);
    testbed_close(wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_is_the_same_story_on_both_transports),
        cmocka_unit_test(time_outs_and_timed_steps_are_exact),
        cmocka_unit_test(twenty_four_at_once_are_the_same_story_each),
        cmocka_unit_test(many_tasks_in_one_thread_poll_and_give_up_at_their_times),
        cmocka_unit_test(an_exchange_ends_at_its_millisecond_or_when_it_is_cancelled),
    };
    return cmocka_run_group_tests_name("events", tests, load_fixtures, free_fixtures);
}
