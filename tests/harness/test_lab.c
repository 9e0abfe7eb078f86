/* The testbed: whole runs, direct and on the wire, and that they agree. */
#include "with_fixtures.h"

#include "base/clock.h"
#include "harness/testbed/testbed.h"
#include "harness/rules/verdict.h"

static struct evidence run(enum testbed_transport transport, uint32_t speed, uint64_t seed,
                           const char *upstream, const char *scenario)
{
    struct testbed_options options = {
        .fixtures = fixtures, .transport = transport, .speed = speed, .seed = seed};
    struct testbed *testbed = NULL;
    struct err e = {0};
    struct evidence out = {0};
    const struct upstream *u = fixtures_upstream(fixtures, upstream);
    assert_non_null(u);
    assert_non_null(upstream_scenario(u, scenario));
    if (testbed_open(&options, &testbed, &e) != 0
        || testbed_run(testbed, u, upstream_scenario(u, scenario), 0, &out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    testbed_close(testbed);
    return out;
}

static void an_hour_of_polling_is_simulated_to_the_millisecond(void **state)
{
    (void)state;
    struct evidence hour = run(TESTBED_DIRECT, 0, 1, "doubao", "hour");
    const struct trace *s = &hour.trace;
    assert_int_equal(hour.result.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_true(s->polls[s->count - 1].began_ms - s->polls[0].began_ms == 3600000);
    for (uint32_t i = 1; i < s->count; i++)
        assert_int_equal(s->polls[i].began_ms - s->polls[i - 1].ended_ms, 5000);
    evidence_fini(&hour);
}

static void the_wire_gives_the_same_journal_as_the_direct_transport(void **state)
{
    (void)state;
    static const char *const scenarios[] = {"success", "failure", "blip", "missing"};
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        char why[256] = "";
        struct evidence direct = run(TESTBED_DIRECT, 0, 7, "doubao", scenarios[i]);
        struct evidence wire = run(TESTBED_WIRE, 0, 7, "doubao", scenarios[i]);
        if (!verdict_parity(&direct, &wire, why, sizeof why))
            fail_msg("%s: %s", scenarios[i], why);
        assert_true(direct.trace.count > 0);
        evidence_fini(&direct);
        evidence_fini(&wire);
    }
}

static void the_same_seed_gives_the_same_story_and_another_seed_another_jitter(void **state)
{
    (void)state;
    struct evidence a = run(TESTBED_DIRECT, 0, 42, "newapi", "blip");
    struct evidence b = run(TESTBED_DIRECT, 0, 42, "newapi", "blip");
    assert_int_equal(a.trace.count, b.trace.count);
    for (uint32_t i = 0; i < a.trace.count; i++) {
        assert_int_equal(a.trace.polls[i].began_ms, b.trace.polls[i].began_ms);
        assert_int_equal(a.trace.polls[i].ended_ms, b.trace.polls[i].ended_ms);
        assert_ptr_equal(a.trace.polls[i].reply, b.trace.polls[i].reply);
    }
    evidence_fini(&a);
    evidence_fini(&b);
}

static void a_scenario_run_twice_in_one_lab_starts_anew(void **state)
{
    (void)state;
    struct testbed_options options = {.fixtures = fixtures, .transport = TESTBED_DIRECT, .seed = 1};
    struct testbed *testbed = NULL;
    const struct upstream *u = fixtures_upstream(fixtures, "video");
    uint32_t polls = 0;
    assert_int_equal(testbed_open(&options, &testbed, NULL), 0);
    for (uint32_t i = 0; i < 2; i++) {
        struct evidence e;
        assert_int_equal(testbed_run(testbed, u, upstream_scenario(u, "success"), i, &e, NULL), 0);
        assert_int_equal(e.result.outcome, TASK_OUTCOME_SUCCEEDED);
        assert_true(i == 0 || e.trace.count == polls);
        polls = e.trace.count;
        evidence_fini(&e);
    }
    testbed_close(testbed);
}

/* To the contract this task has succeeded; the client cannot hold its URL, and polls on. */
static void evidence_tells_when_client_and_contract_read_a_reply_differently(void **state)
{
    static const char text[] =
        "{\"title\": \"t\", \"steps\": [{\"reply\": \"odd.url_too_long\"}, {\"reply\": "
        "\"success\"}], \"expect\": {\"outcome\": \"succeeded\"}}";
    (void)state;
    struct verdict v;
    make_scenario("doubao", "two-ways", text);
    struct evidence disputed = run(TESTBED_DIRECT, 0, 1, "doubao", "two-ways");
    assert_true(disputed.disputed);
    assert_int_equal(disputed.trace.count, 2);
    verdict_of(&disputed, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    evidence_fini(&disputed);
    struct evidence plain = run(TESTBED_DIRECT, 0, 1, "doubao", "success");
    assert_false(plain.disputed);
    assert_string_equal(plain.content_url, "");
    evidence_fini(&plain);
}

static void a_pack_is_polled_by_its_contract_and_its_content_has_an_address(void **state)
{
    (void)state;
    struct evidence e = run(TESTBED_DIRECT, 0, 1, "videos", "success");
    struct verdict v;
    assert_string_equal(e.content_url,
                        "http://direct/videos:success:run-0/v1/videos/videos-success-0/content");
    assert_string_equal(e.result.view.url, e.content_url);
    verdict_of(&e, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    evidence_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_of_polling_is_simulated_to_the_millisecond),
        cmocka_unit_test(the_wire_gives_the_same_journal_as_the_direct_transport),
        cmocka_unit_test(the_same_seed_gives_the_same_story_and_another_seed_another_jitter),
        cmocka_unit_test(a_scenario_run_twice_in_one_lab_starts_anew),
        cmocka_unit_test(evidence_tells_when_client_and_contract_read_a_reply_differently),
        cmocka_unit_test(a_pack_is_polled_by_its_contract_and_its_content_has_an_address),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
