/* Findings: what each cause weighs, which one stands first, and what is folded under it. */
#include "evidence.h"

#include "harness/rules/findings.h"
#include "harness/rules/judges.h"
#include "harness/rules/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define Q REPLY_STATE_QUEUED
#define S REPLY_STATE_SUCCEEDED

/* -- The table ------------------------------------------------------------------------------------ */

/* The first row of that name. */
static const struct cause *cause_find(const char *rule, const char *id)
{
    for (int i = 0; i < CAUSES; i++)
        if (strcmp(cause_of((enum cause_id)i)->rule, rule) == 0
            && strcmp(cause_of((enum cause_id)i)->id, id) == 0)
            return cause_of((enum cause_id)i);
    return NULL;
}

static void every_cause_is_of_a_rule_has_an_id_of_its_own_and_says_what_to_change(void **state)
{
    (void)state;
    for (int i = 0; i < CAUSES; i++) {
        const struct cause *c = cause_of((enum cause_id)i);
        assert_non_null(rule_find(c->rule));
        assert_non_null(c->change);
        assert_ptr_equal(cause_find(c->rule, c->id), c);
        if ((c->follows & UINT64_C(1) << i) != 0)
            fail_msg("%s/%s follows itself", c->rule, c->id);
        if (c->level == RULE_REQUIRED && rule_find(c->rule)->level != RULE_REQUIRED)
            fail_msg("%s weighs less than its cause %s", c->rule, c->id);
    }
    assert_null(cause_find("outcome", "short-wait"));
}

/* -- Adding --------------------------------------------------------------------------------------- */

static void one_cause_is_one_finding_with_all_its_polls(void **state)
{
    (void)state;
    struct findings found = {.count = 0};
    for (uint32_t poll = 2; poll <= 40; poll++)
        finding_add(&found, CAUSE_SHORT_WAIT, PROVENANCE_DOC, poll, "at poll %u", poll);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.list[0].count, 39);
    assert_int_equal(found.list[0].poll, 2);
    assert_string_equal(found.list[0].text, "at poll 2");
    assert_int_equal(found.list[0].polls[FINDING_POLLS_MAX - 1], FINDING_POLLS_MAX + 1);
}

static void what_is_only_inferred_is_a_remark_until_a_surer_poll_shows_it(void **state)
{
    (void)state;
    struct findings found = {.count = 0};
    finding_add(&found, CAUSE_UNKNOWN_TAKEN, PROVENANCE_INF, 1, "inferred");
    assert_int_equal(found.list[0].level, RULE_RECOMMENDED);
    finding_add(&found, CAUSE_UNKNOWN_TAKEN, PROVENANCE_SRC, 3, "read in a source");
    assert_int_equal(found.list[0].level, RULE_REQUIRED);
    assert_int_equal(found.list[0].poll, 3);
    finding_add(&found, CAUSE_UNKNOWN_TAKEN, PROVENANCE_DOC, 4, "documented");
    assert_string_equal(found.list[0].text, "read in a source");
    assert_int_equal(found.list[0].count, 3);
}

/* -- Order ---------------------------------------------------------------------------------------- */

static void the_cause_stands_first_and_what_follows_from_it_behind_it(void **state)
{
    (void)state;
    struct findings found = {.count = 0};
    finding_add(&found, CAUSE_WRONG_OUTCOME, PROVENANCE_DOC, 3, "so it failed");
    finding_add(&found, CAUSE_NO_GROWTH, PROVENANCE_RFC, 3, "advice");
    finding_add(&found, CAUSE_TOKEN_IN_URL, PROVENANCE_RFC, 1, "another matter");
    finding_add(&found, CAUSE_TROUBLE_FATAL, PROVENANCE_RFC, 3, "it gave up");
    findings_fold(&found);
    assert_int_equal(found.count, 4);
    assert_string_equal(found.list[0].cause->id, "token-in-url");
    assert_string_equal(found.list[1].cause->id, "trouble-fatal");
    assert_string_equal(found.list[2].cause->id, "wrong-outcome");
    assert_string_equal(found.list[3].cause->id, "no-growth");
    assert_int_equal(found.list[0].under, -1);
    assert_int_equal(found.list[1].under, -1);
    assert_int_equal(found.list[2].under, 1);
    assert_int_equal(found.list[3].under, -1);
}

static void nothing_stands_under_what_weighs_less(void **state)
{
    (void)state;
    struct findings found = {.count = 0};
    finding_add(&found, CAUSE_UNKNOWN_TAKEN, PROVENANCE_INF, 3, "a remark");
    finding_add(&found, CAUSE_WRONG_OUTCOME, PROVENANCE_DOC, 3, "REQUIRED");
    findings_fold(&found);
    assert_string_equal(found.list[0].cause->id, "wrong-outcome");
    assert_int_equal(found.list[0].under, -1);
    assert_int_equal(found.list[1].under, -1);
}

static void a_remark_passes_unless_it_is_asked_to_fail(void **state)
{
    (void)state;
    static const struct row hasty[] = {{0, 0, Q, 0, false, 0}, {4000, 4000, S, 0, false, 1}};
    struct world w;
    struct verdict v;
    world_of(&w, hasty, 2)->upstream.contract.polite.interval_source = PROVENANCE_INF;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(v.finding_count, 1);
    verdict_fail_on_remark(&v);
    assert_int_equal(v.kind, VERDICT_FAIL);

    w.scenario.rules_required[w.scenario.rules_required_count++] = "interval";
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_int_equal(v.findings[0].level, RULE_REQUIRED);
}

/* -- What the judges say of polls that are no simple ones ------------------------------------------ */

/* The id of the first cause that a judge finds; "" for none. */
static const char *first_of(rule_judge *judge, const struct evidence *evidence)
{
    static struct findings found;
    found.count = 0;
    judge(evidence, &found);
    return found.count > 0 ? found.list[0].cause->id : "";
}

static void waits_that_a_retry_after_allowed_are_no_hot_loop_and_two_after_429_are(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, REPLY_STATE_NONE, 0, false, 0},
                                      {10, 10, REPLY_STATE_NONE, 0, false, 0},
                                      {20, 20, REPLY_STATE_NONE, 0, false, 0},
                                      {30, 30, S, 0, false, 1}};
    struct world w;
    world_of(&w, rows, 4);
    for (uint32_t i = 0; i < 3; i++)
        w.polls[i].retry_after_ms = 0;
    assert_string_equal(first_of(rule_judge_hot_loop, &w.evidence), "");
    world_of(&w, rows, 3);
    w.polls[0].status = w.polls[1].status = 429;
    assert_string_equal(first_of(rule_judge_hot_loop, &w.evidence), "hot-loop");
    w.polls[0].status = 200;
    assert_string_equal(first_of(rule_judge_hot_loop, &w.evidence), "");
    world_of(&w, rows, 4)->upstream.contract.polite.per_second = 100; /* documented: 10 ms apart */
    assert_string_equal(first_of(rule_judge_hot_loop, &w.evidence), "");
    w.upstream.contract.polite.per_second_source = PROVENANCE_INF;
    assert_string_equal(first_of(rule_judge_hot_loop, &w.evidence), "hot-loop");
}

static void a_limit_is_kept_to_a_wait_and_used_to_the_half(void **state)
{
    (void)state;
    static const struct {
        int64_t told_ms, last_ms;
        const char *cause;
    } ends[] = {
        {-1, 3610000, ""},  {-1, 3610001, "past-bound"},
        {60000, 70000, ""}, {60000, 70001, "past-own-bound"},
        {60000, 20000, ""}, {60000, 19999, "gave-up-early"},
        {-1, 29999, ""},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct row rows[] = {
            {0, 0, Q, 0, false, 0}, {0, 0, Q, 0, false, 0}, {0, 0, Q, 0, false, 0}};
        struct world w;
        rows[1].began_ms = ends[i].last_ms - 10000; /* its longest wait is one of ten seconds */
        rows[1].ended_ms = rows[1].began_ms;
        rows[0].ended_ms = rows[1].began_ms - 10000;
        rows[2].began_ms = rows[2].ended_ms = ends[i].last_ms;
        world_of(&w, rows, 3)->evidence.told_bound_ms = ends[i].told_ms;
        w.evidence.result.outcome = TASK_OUTCOME_GAVE_UP;
        const char *cause = first_of(rule_judge_bounded, &w.evidence);
        if (strcmp(cause, ends[i].cause) != 0)
            fail_msg("row %zu: wanted \"%s\", got \"%s\"", i, ends[i].cause, cause);
    }
}

static void what_a_poll_shows_has_a_cause_of_its_own(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, S, 0, false, 0}};
    static const struct {
        unsigned flags;
        rule_judge *judge;
        const char *cause;
    } shown[] = {
        {JOURNAL_TOKEN_IN_URL, rule_judge_auth, "token-in-url"},
        {JOURNAL_TOKEN_TWICE, rule_judge_auth, "token-twice"},
        {JOURNAL_BAD_AUTH, rule_judge_auth, "bad-credentials"},
        {JOURNAL_UNEXPECTED, rule_judge_request, "no-operation"},
        {JOURNAL_BAD_REQUEST, rule_judge_request, "bad-request"},
        {JOURNAL_RANGE, rule_judge_request, ""},
    };
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        struct world w;
        world_of(&w, one, 1)->polls[0].flags |= (uint16_t)shown[i].flags;
        assert_string_equal(first_of(shown[i].judge, &w.evidence), shown[i].cause);
    }
    struct world w;
    world_of(&w, one, 1)->polls[0].outside = true;
    assert_string_equal(first_of(rule_judge_request, &w.evidence), "outside-mount");
}

static void a_crash_is_no_report_whatever_was_wanted(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, S, 0, false, 0}};
    struct world w;
    struct verdict v;
    snprintf(world_of(&w, one, 1)->evidence.crashed, sizeof w.evidence.crashed, "signal 11");
    w.scenario.expect.polls_min = 9;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_int_equal(v.finding_count, 1);
    assert_string_equal(v.findings[0].text, "crashed: signal 11; the last answer was reply0");
}

static void a_code_that_passes_is_trouble_and_no_refusal(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, REPLY_STATE_NONE, 0, false, 0},
                                      {5000, 5000, REPLY_STATE_NONE, 0, false, 0},
                                      {10000, 10000, REPLY_STATE_NONE, 0, false, 0}};
    struct world w;
    world_of(&w, rows, 3);
    w.replies[0].is_json = w.replies[0].may_pass = true;
    assert_string_equal(first_of(rule_judge_permanent, &w.evidence), "");
    assert_string_equal(first_of(rule_judge_transient, &w.evidence), "trouble-fatal");
    w.replies[0].may_pass = false;
    assert_string_equal(first_of(rule_judge_transient, &w.evidence), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_is_of_a_rule_has_an_id_of_its_own_and_says_what_to_change),
        cmocka_unit_test(one_cause_is_one_finding_with_all_its_polls),
        cmocka_unit_test(what_is_only_inferred_is_a_remark_until_a_surer_poll_shows_it),
        cmocka_unit_test(the_cause_stands_first_and_what_follows_from_it_behind_it),
        cmocka_unit_test(nothing_stands_under_what_weighs_less),
        cmocka_unit_test(a_remark_passes_unless_it_is_asked_to_fail),
        cmocka_unit_test(waits_that_a_retry_after_allowed_are_no_hot_loop_and_two_after_429_are),
        cmocka_unit_test(a_limit_is_kept_to_a_wait_and_used_to_the_half),
        cmocka_unit_test(what_a_poll_shows_has_a_cause_of_its_own),
        cmocka_unit_test(a_crash_is_no_report_whatever_was_wanted),
        cmocka_unit_test(a_code_that_passes_is_trouble_and_no_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
