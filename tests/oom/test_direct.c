/* Every allocation of a whole direct run fails in turn: the mock opens, answers and keeps its journal,
 * the client polls, the evidence is read. Each time a clean end, nothing kept.
 *
 *   oom_direct [STEP]    only every STEP-th allocation, for tools that are slow */
#include "fail_alloc.h"

#include "harness/testbed/testbed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 20000 };

static unsigned step = 1;
static struct fixtures *fixtures;

/* Opens a testbed, runs, closes. 0, or what went wrong first. */
static int run(const char *upstream, const char *scenario, struct evidence *out, struct err *e)
{
    struct testbed_options options = {.fixtures = fixtures, .transport = TESTBED_DIRECT, .seed = 1};
    const struct upstream *u = fixtures_upstream(fixtures, upstream);
    struct testbed *testbed = NULL;
    int code = testbed_open(&options, &testbed, e);
    assert_true((testbed != NULL) == (code == 0));
    if (code == 0)
        code = testbed_run(testbed, u, upstream_scenario(u, scenario), 0, out, e);
    testbed_close(testbed);
    return code;
}

/* True when the run needed fewer allocations than nth. */
static bool run_without(const char *upstream, const char *scenario, bool recovers, unsigned nth,
                        enum fail_how how)
{
    static const struct evidence nothing;
    struct evidence evidence = nothing;
    struct err e = {0};
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = run(upstream, scenario, &evidence, &e);
    unsigned refused = fail_alloc_stop();
    if (code != 0) {
        if (code != ERR_MEMORY || refused == 0 || memcmp(&evidence, &nothing, sizeof nothing) != 0)
            fail_msg("%s:%s, allocation %u: code %d, %s %s", upstream, scenario, nth, code, e.where,
                     e.what);
    } else if (how == FAIL_ONCE || refused == 0) { /* a lost answer is only asked for again */
        if ((recovers || refused == 0) && evidence.result.outcome != TASK_OUTCOME_SUCCEEDED)
            fail_msg("%s:%s, allocation %u: %s: %s", upstream, scenario, nth,
                     task_outcome_name(evidence.result.outcome), evidence.result.why);
    } else {
        fail_msg("%s:%s, allocation %u: evidence without memory", upstream, scenario, nth);
    }
    evidence_fini(&evidence);
    if (fail_alloc_live() != live)
        fail_msg("%s:%s, allocation %u: %ld blocks kept", upstream, scenario, nth,
                 fail_alloc_live() - live);
    return refused == 0;
}

static void break_run(const char *upstream, const char *scenario, bool recovers)
{
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        unsigned nth = 1;
        while (!run_without(upstream, scenario, recovers, nth, (enum fail_how)how)) {
            nth += step;
            assert_true(nth < ALLOCATIONS_MAX);
        }
        assert_true(nth > 20);
    }
}

static void a_run_of_a_bearer_upstream_ends_cleanly(void **state)
{
    (void)state;
    break_run("doubao", "success", true);
}

static void a_run_of_a_signed_upstream_ends_cleanly(void **state)
{
    (void)state;
    /* Without memory to read the id in the body, the mock calls the body wrong: that is for good. */
    break_run("zego-stream", "success", false);
}

static void a_run_with_a_broken_poll_in_it_ends_cleanly(void **state)
{
    (void)state;
    break_run("doubao", "blip", true);
}

static int load(void **state)
{
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    struct err e = {0};
    (void)state;
    if (fixtures_load(dir != NULL ? dir : "fixtures", NULL, NULL, &fixtures, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    fixtures_free(fixtures);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_a_bearer_upstream_ends_cleanly),
        cmocka_unit_test(a_run_of_a_signed_upstream_ends_cleanly),
        cmocka_unit_test(a_run_with_a_broken_poll_in_it_ends_cleanly),
    };
    if (argc > 1)
        step = (unsigned)strtoul(argv[1], NULL, 10);
    return step == 0 ? 2 : cmocka_run_group_tests(tests, load, unload);
}
