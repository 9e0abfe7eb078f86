/* Scenarios of sixty polls, five seconds apart, replayed direct and judged by every rule.
 *
 *   bench_scenarios [COUNT]    from the project's root; 1000 unless said */
#include "base/clock.h"
#include "harness/testbed/testbed.h"
#include "harness/rules/verdict.h"
#include "mockserver/fixture/fixtures.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 1000, COUNT_MAX = 1000000, POLLS = 60 };

static int run(struct testbed *testbed, const struct upstream *u, const struct scenario *s,
               uint32_t count, struct err *e)
{
    struct verdict verdict;
    for (uint32_t i = 0; i < count; i++) {
        struct evidence evidence;
        int code = testbed_run(testbed, u, s, i, &evidence, e);
        if (code != 0)
            return code;
        verdict_of(&evidence, &verdict);
        bool good = verdict.kind == VERDICT_PASS && evidence.result.polls == POLLS;
        evidence_fini(&evidence);
        if (!good)
            return err_set(e, ERR_CONTRACT, s->name, "a run was not as expected");
    }
    return 0;
}

static int measure(struct fixtures *fixtures, uint32_t count, struct err *e)
{
    struct upstream *u = fixtures_upstream(fixtures, "doubao");
    struct testbed_options options = {.fixtures = fixtures, .transport = TESTBED_DIRECT, .seed = 1};
    struct testbed *testbed = NULL;
    int code = fixtures_add_scenario(u, "bench/doubao/scenarios/sixty.json", e);
    if (code == 0)
        code = testbed_open(&options, &testbed, e);
    int64_t began = clock_ticks_ns();
    if (code == 0)
        code = run(testbed, u, upstream_scenario(u, "sixty"), count, e);
    double seconds = (double)(clock_ticks_ns() - began) / 1e9;
    testbed_close(testbed);
    if (code == 0)
        printf("%u scenarios of %d polls in %.3f s: %.0f polls a second\n", count, POLLS, seconds,
               (double)count * POLLS / seconds);
    return code;
}

int main(int argc, char **argv)
{
    struct fixtures *fixtures = NULL;
    struct err e;
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : COUNT;
    if (count < 1 || count > COUNT_MAX) {
        fprintf(stderr, "usage: bench_scenarios [COUNT], 1 to %d\n", COUNT_MAX);
        return 2;
    }
    int code = fixtures_load("fixtures", NULL, NULL, &fixtures, &e);
    if (code == 0)
        code = measure(fixtures, (uint32_t)count, &e);
    if (code != 0)
        fprintf(stderr, "bench_scenarios: %s %s\n", e.where, e.what);
    fixtures_free(fixtures);
    return code == 0 ? 0 : 1;
}
