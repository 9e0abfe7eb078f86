/* Evidence holds what a client was told of its own limit, and what its profile says of it. */
#include "with_fixtures.h"

#include "harness/run/run.h"

enum { HOUR_MS = 3600000 };

static struct {
    uint32_t count;
    bool skipped;
    int64_t told_bound_ms, own_interval_ms;
    char why[64]; /* why the rule interval is off; "" when it is not */
} seen;

static void see(const struct run_result *result, void *arg)
{
    (void)arg;
    const struct evidence *e = &result->wire.evidence;
    seen.count++;
    seen.skipped = run_skipped(result);
    seen.told_bound_ms = e->told_bound_ms;
    seen.own_interval_ms = e->own_interval_ms;
    const char *why = result->wire.ran ? evidence_rule_off(e, "interval") : NULL;
    snprintf(seen.why, sizeof seen.why, "%s", why ? why : "");
}

/* Runs a client once, in real time, which needs no tracer. */
static void run_client(const char *scenario, const char *const *command,
                       const struct profile *profile)
{
    struct jobs jobs;
    struct external client;
    struct err e = {0};
    const struct run_options options = {.fixtures = fixtures, .wire = true, .threads = 1};
    memset(&seen, 0, sizeof seen);
    assert_int_equal(jobs_select(fixtures, &scenario, 1, &jobs, &e), 0);
    if (external_prepare((char *const *)command, profile, 1, &client, &e)
        || jobs_for_clients(&jobs, &client, 1, &e) || run_jobs(&options, &jobs, see, NULL, &e))
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(seen.count, 1);
    jobs_fini(&jobs);
}

static void a_bound_is_told_by_timeout_in_the_command_or_by_the_profile(void **state)
{
    (void)state;
    const char *const plain[] = {"true", NULL}, *const with[] = {"true", "-t{timeout}", NULL};
    static const struct profile none = {.bound_ms = -1, .interval_ms = -1};
    static const struct profile added = {
        .bound_ms = -1, .interval_ms = -1, .arguments = {"{timeout}"}};
    static const struct profile bound = {.bound_ms = 600000, .interval_ms = -1};
    const struct {
        const char *const *command;
        const struct profile *profile;
        int64_t told_ms;
    } cases[] = {
        {plain, NULL, -1},        {plain, &none, -1},      {with, NULL, HOUR_MS},
        {plain, &added, HOUR_MS}, {plain, &bound, 600000}, {with, &bound, 600000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_client("doubao:missing", cases[i].command, cases[i].profile);
        assert_int_equal(seen.told_bound_ms, cases[i].told_ms);
        assert_int_equal(seen.own_interval_ms, -1);
        assert_string_equal(seen.why, "");
    }
}

static void an_interval_and_rules_that_are_off_are_the_profiles(void **state)
{
    (void)state;
    const char *const command[] = {"true", NULL};
    static const struct profile profile = {
        .bound_ms = -1,
        .interval_ms = 1500,
        .rules_off = {.count = 1, .list = {{"interval", "it is a gateway's"}}}};
    run_client("doubao:missing", command, &profile);
    assert_int_equal(seen.own_interval_ms, 1500);
    assert_string_equal(seen.why, "it is a gateway's");
}

static void scenarios_of_another_goal_are_left_out_where_the_upstream_has_the_goal(void **state)
{
    (void)state;
    const char *const command[] = {"true", NULL};
    static const struct profile profile = {.goal = "ready"};
    static const struct {
        const char *scenario;
        bool skipped;
    } cases[] = {
        {"zego-stream:ready", false}, {"zego-stream:success", true}, {"doubao:success", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_client(cases[i].scenario, command, &profile);
        assert_int_equal(seen.skipped, cases[i].skipped);
    }
}

static void a_goal_that_no_upstream_has_is_an_error_that_names_the_nearest(void **state)
{
    (void)state;
    static const struct profile profile = {.path = "p.json", .goal = "redy"};
    const struct external client = {.profile = &profile};
    struct err e = {0};
    assert_int_equal(jobs_check_goals(fixtures, &client, 1, &e), ERR_CONTRACT);
    assert_string_equal(e.where, "p.json");
    assert_non_null(strstr(e.what, "nearest: ready"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_is_told_by_timeout_in_the_command_or_by_the_profile),
        cmocka_unit_test(an_interval_and_rules_that_are_off_are_the_profiles),
        cmocka_unit_test(scenarios_of_another_goal_are_left_out_where_the_upstream_has_the_goal),
        cmocka_unit_test(a_goal_that_no_upstream_has_is_an_error_that_names_the_nearest),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
