/* The lab: whole runs, direct and on the wire, and that they agree. */
#include "with_fixtures.h"

#include "base/clock.h"
#include "harness/testbed/testbed.h"
#include "harness/rules/verdict.h"

static struct evidence run(enum lab_transport transport, uint32_t speed, uint64_t seed,
                           const char *upstream, const char *scenario)
{
    struct lab_options options = {
        .fixtures = fixtures, .transport = transport, .speed = speed, .seed = seed};
    struct lab *lab = NULL;
    struct err e = {0};
    struct evidence out = {0};
    const struct upstream *u = fixtures_upstream(fixtures, upstream);
    assert_non_null(u);
    assert_non_null(upstream_scenario(u, scenario));
    if (lab_open(&options, &lab, &e) != 0
        || lab_run(lab, u, upstream_scenario(u, scenario), 0, &out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    lab_close(lab);
    return out;
}

static void an_hour_of_polling_is_simulated_to_the_millisecond(void **state)
{
    (void)state;
    struct evidence hour = run(LAB_DIRECT, 0, 1, "doubao", "hour");
    const struct story *s = &hour.story;
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
        struct evidence direct = run(LAB_DIRECT, 0, 7, "doubao", scenarios[i]);
        struct evidence wire = run(LAB_WIRE, 100, 7, "doubao", scenarios[i]);
        if (!verdict_parity(&direct, &wire, why, sizeof why))
            fail_msg("%s: %s", scenarios[i], why);
        assert_true(direct.story.count > 0);
        evidence_fini(&direct);
        evidence_fini(&wire);
    }
}

static void the_same_seed_gives_the_same_story_and_another_seed_another_jitter(void **state)
{
    (void)state;
    struct evidence a = run(LAB_DIRECT, 0, 42, "newapi", "blip");
    struct evidence b = run(LAB_DIRECT, 0, 42, "newapi", "blip");
    assert_int_equal(a.story.count, b.story.count);
    for (uint32_t i = 0; i < a.story.count; i++) {
        assert_int_equal(a.story.polls[i].began_ms, b.story.polls[i].began_ms);
        assert_int_equal(a.story.polls[i].ended_ms, b.story.polls[i].ended_ms);
        assert_ptr_equal(a.story.polls[i].reply, b.story.polls[i].reply);
    }
    evidence_fini(&a);
    evidence_fini(&b);
}

static void a_scenario_run_twice_in_one_lab_starts_anew(void **state)
{
    (void)state;
    struct lab_options options = {.fixtures = fixtures, .transport = LAB_DIRECT, .seed = 1};
    struct lab *lab = NULL;
    const struct upstream *u = fixtures_upstream(fixtures, "video");
    uint32_t polls = 0;
    assert_int_equal(lab_open(&options, &lab, NULL), 0);
    for (uint32_t i = 0; i < 2; i++) {
        struct evidence e;
        assert_int_equal(lab_run(lab, u, upstream_scenario(u, "success"), i, &e, NULL), 0);
        assert_int_equal(e.result.outcome, TASK_OUTCOME_SUCCEEDED);
        assert_true(i == 0 || e.story.count == polls);
        polls = e.story.count;
        evidence_fini(&e);
    }
    lab_close(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_of_polling_is_simulated_to_the_millisecond),
        cmocka_unit_test(the_wire_gives_the_same_journal_as_the_direct_transport),
        cmocka_unit_test(the_same_seed_gives_the_same_story_and_another_seed_another_jitter),
        cmocka_unit_test(a_scenario_run_twice_in_one_lab_starts_anew),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
