/* Which rules a run gave something to judge: the others were not kept by it, and no report may say so. */
#include "evidence.h"
#include "harness/rules/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXT_MAX = 512, COMMON = 3 };
#define Q REPLY_STATE_QUEUED
#define S REPLY_STATE_SUCCEEDED
#define U REPLY_STATE_UNKNOWN
#define N REPLY_STATE_NONE

static void demand(const struct evidence *evidence, const char *wanted)
{
    char text[TEXT_MAX] = "";
    for (const struct rule *r = rules(); r->name; r++) {
        size_t n = strlen(text);
        if (rule_had_something(r, evidence))
            snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? " " : "", r->name);
    }
    assert_string_equal(text, wanted);
}

static void what_a_run_shows_decides_which_rules_it_was_judged_by(void **state)
{
    (void)state;
    static const struct {
        struct row rows[COMMON];
        uint32_t count;
        const char *rules;
    } runs[] = {
        {{{0, 0, S, 0, false, 0}}, 1, "outcome terminal auth request"},
        {{{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 0}},
         2,
         "outcome interval hot-loop terminal one-flight auth request"},
        {{{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, true, 0}}, /* the end was cut */
         2,
         "outcome interval hot-loop bounded transient one-flight auth request"},
        {{{0, 0, U, 0, false, 0}}, 1, "outcome bounded unknown auth request"},
        {{{0, 0, Q, 0, true, 0}, {1, 1, Q, 0, true, 0}, {2, 2, Q, 0, true, 0}},
         3,
         "outcome interval hot-loop backoff bounded transient one-flight auth request"},
        {{{0, 0, Q, 0, true, 0}, {1, 1, Q, 0, false, 0}, {2, 2, Q, 0, true, 0}},
         3,
         "outcome interval hot-loop bounded transient one-flight auth request"},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct world w;
        demand(&world_of(&w, runs[i].rows, runs[i].count)->evidence, runs[i].rules);
    }
}

static void refusals_waits_and_credentials_are_seen(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, N, 0, false, 0}};
    struct world w;
    world_of(&w, one, 1)->polls[0].status = 403;
    demand(&w.evidence, "outcome bounded permanent auth request");
    world_of(&w, one, 1)->polls[0].status = 503;
    w.polls[0].retry_after_ms = 1000;
    demand(&w.evidence, "outcome retry-after bounded transient auth request");
    world_of(&w, one, 1)->evidence.no_auth = true;
    w.polls[0].status = 301;
    demand(&w.evidence, "outcome bounded request");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_run_shows_decides_which_rules_it_was_judged_by),
        cmocka_unit_test(refusals_waits_and_credentials_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
