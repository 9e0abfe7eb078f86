/* Every rule, on both sides of its boundary, and the verdict made of them. */
#include "evidence.h"

#include "harness/rules.h"
#include "harness/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { Q = REPLY_STATE_QUEUED, U = REPLY_STATE_UNKNOWN, S = REPLY_STATE_SUCCEEDED };

struct rule_case {
    const char *what;
    const char *rule;
    struct row rows[6];
    uint32_t count;
    enum task_outcome outcome;
    uint32_t poll; /* that the finding shows at; 0: the demand is met */
};

static const struct rule_case cases[] = {
    {"exactly the interval after the end of a slow reply", "interval",
     {{0, 2000, Q, 0, false, 0}, {7000, 7000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"a millisecond too early", "interval",
     {{0, 2000, Q, 0, false, 0}, {6999, 6999, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"measured from the end, not from the beginning, of a reply", "interval",
     {{0, 4000, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"a reply that never came is waited out too", "interval",
     {{0, 0, Q, 0, true, 0}, {100, 100, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"the last try before the limit may come early", "interval",
     {{0, 0, Q, 0, false, 0}, {3596000, 3596000, Q, 0, false, 0}, {3599999, 3599999, Q, 0, false, 0}},
     3, TASK_OUTCOME_GAVE_UP, 0},
    {"a last poll that is not near the limit may not", "interval",
     {{0, 0, Q, 0, false, 0}, {4999, 4999, Q, 0, false, 0}}, 2, TASK_OUTCOME_GAVE_UP, 2},

    {"the terminal reply comes last", "terminal",
     {{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"one more poll after success", "terminal",
     {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"one more poll after a failure", "terminal",
     {{0, 0, REPLY_STATE_FAILED, 0, false, 0}, {5000, 5000, S, 0, false, 0}}, 2,
     TASK_OUTCOME_SUCCEEDED, 2},
    {"a terminal reply that was cut is asked for again", "terminal",
     {{0, 0, S, 0, true, 0}, {5000, 5000, S, 0, false, 0}}, 2, TASK_OUTCOME_SUCCEEDED, 0},

    {"an unknown status, then success", "unknown",
     {{0, 0, U, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"an unknown status taken for success", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 1},
    {"an unknown status taken for failure", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_FAILED, 1},
    {"an unknown status taken for a refusal", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_ERROR, 1},
    {"unknown until the bound", "unknown", {{0, 0, U, 0, false, 0}}, 1, TASK_OUTCOME_GAVE_UP, 0},
    {"an unknown status that was cut on the way says nothing", "unknown", {{0, 0, U, 0, true, 0}}, 1,
     TASK_OUTCOME_ERROR, 0},

    {"a request as the contract has it", "request", {{0, 0, S, 0, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 0},
    {"a request to nowhere", "request", {{0, 0, S, JOURNAL_UNEXPECTED, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 1},
    {"a body that the contract does not know", "request",
     {{0, 0, Q, 0, false, 0}, {5000, 5000, S, JOURNAL_BAD_REQUEST, false, 0}}, 2,
     TASK_OUTCOME_SUCCEEDED, 2},
    {"no credentials", "request", {{0, 0, S, JOURNAL_BAD_AUTH, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 1},

    {"the outcome that is expected", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED,
     0},
    {"another outcome", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_FAILED, 1},
    {"giving up is not failing", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_GAVE_UP, 1},
};

static void every_rule_sees_its_side_of_the_boundary(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct rule_case *c = &cases[i];
        struct world w;
        struct finding finding = {0};
        world_of(&w, c->rows, c->count)->evidence.result.outcome = c->outcome;
        bool met = rule_find(c->rule)->judge(&w.evidence, &finding);
        if (met != (c->poll == 0) || (!met && finding.poll != c->poll))
            fail_msg("%s: %s: wanted poll %u, got %s at poll %u: %s", c->rule, c->what, c->poll,
                     met ? "nothing" : "a finding", finding.poll, finding.text);
    }
}

static void more_polls_a_second_than_the_contract_allows_are_found(void **state)
{
    (void)state;
    static const struct row in_a_second[] = {
        {0, 0, Q, 0, false, 0}, {500, 500, Q, 0, false, 0}, {999, 999, S, 0, false, 1}};
    static const struct row over_a_second[] = {
        {0, 0, Q, 0, false, 0}, {500, 500, Q, 0, false, 0}, {1000, 1000, S, 0, false, 1}};
    struct world w;
    struct finding finding;
    world_of(&w, in_a_second, 3)->upstream.contract.polite_interval_ms = 0;
    assert_false(rule_judge_interval(&w.evidence, &finding));
    assert_int_equal(finding.poll, 3);
    world_of(&w, over_a_second, 3)->upstream.contract.polite_interval_ms = 0;
    assert_true(rule_judge_interval(&w.evidence, &finding));
}

static void url_reason_and_number_of_polls_are_compared_when_expected(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}};
    struct world w;
    struct finding finding;
    world_of(&w, rows, 2);
    strcpy(w.evidence.result.view.url, "https://example.com/a.mp4");

    w.scenario.expect.url = "https://example.com/a.mp4";
    assert_true(rule_judge_outcome(&w.evidence, &finding));
    w.scenario.expect.url = "https://example.com/decoy.mp4";
    assert_false(rule_judge_outcome(&w.evidence, &finding));
    assert_non_null(strstr(finding.text, "decoy.mp4"));

    w.scenario.expect.url = NULL;
    w.scenario.expect.reason = "task failed";
    assert_false(rule_judge_outcome(&w.evidence, &finding));

    w.scenario.expect.reason = NULL;
    w.scenario.expect.polls_min = 2;
    w.scenario.expect.polls_max = 2;
    assert_true(rule_judge_outcome(&w.evidence, &finding));
    w.scenario.expect.polls_max = 1;
    assert_false(rule_judge_outcome(&w.evidence, &finding));
    assert_int_equal(finding.poll, 2);
    w.scenario.expect.polls_max = 9;
    w.scenario.expect.polls_min = 3;
    assert_false(rule_judge_outcome(&w.evidence, &finding));
}

static void evidence_that_is_not_whole_is_never_a_pass(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, S, 0, false, 1}};
    struct world w;
    struct verdict v;

    verdict_of(&world_of(&w, rows, 1)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);

    world_of(&w, rows, 1)->evidence.story.evicted = true;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);

    verdict_of(&world_of(&w, rows, 0)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);

    world_of(&w, rows, 1)->evidence.result.outcome = TASK_OUTCOME_CANCELLED;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
}

static void a_rule_that_the_scenario_switches_off_is_not_judged(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}};
    struct world w;
    struct verdict v;
    verdict_of(&world_of(&w, rows, 2)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_int_equal(v.finding_count, 1);
    assert_string_equal(v.findings[0].rule->name, "terminal");

    world_of(&w, rows, 2);
    w.scenario.rules_off[w.scenario.rules_off_count++] = "terminal";
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(v.finding_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_sees_its_side_of_the_boundary),
        cmocka_unit_test(more_polls_a_second_than_the_contract_allows_are_found),
        cmocka_unit_test(url_reason_and_number_of_polls_are_compared_when_expected),
        cmocka_unit_test(evidence_that_is_not_whole_is_never_a_pass),
        cmocka_unit_test(a_rule_that_the_scenario_switches_off_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
