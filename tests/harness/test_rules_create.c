/* Claims about whole programs: what they create and fetch, at both sides of each border. */
#include "evidence.h"

#include "harness/rules/findings.h"
#include "harness/rules/judges.h"
#include "harness/rules/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CALLS_MAX = 4, OK = 200, NOTHING = 0 };

/* A request to create: when, what it was answered, whether whole, what it asked for. */
struct created {
    int64_t began_ms;
    int status;
    bool cut;
    int64_t retry_after_ms; /* 0: nothing */
};

static struct task_call calls[CALLS_MAX];
static char nobody[] = "";

/* A run of such requests and no poll. Each is answered within 100 ms. */
static void creates(struct world *w, const struct created *rows, uint32_t count)
{
    world_of(w, NULL, 0)->evidence.result.outcome = TASK_OUTCOME_ERROR;
    w->evidence.tasks = 1;
    for (uint32_t i = 0; i < count; i++)
        calls[i] = (struct task_call){
            .role = ROLE_CREATE,
            .began_ms = rows[i].began_ms,
            .ended_ms = rows[i].began_ms + 100,
            .retry_after_ms = rows[i].retry_after_ms > 0 ? rows[i].retry_after_ms : -1,
            .status = (uint16_t)rows[i].status,
            .flags = rows[i].cut ? 0 : JOURNAL_COMPLETE,
            .task = nobody};
    w->evidence.trace.calls = calls;
    w->evidence.trace.call_count = count;
}

/* "created-twice" and so on, the first that is found; "" when nothing is. */
static const char *found_in(const struct world *w, rule_judge *judge, enum rule_level *level)
{
    static struct findings found;
    found.count = 0;
    judge(&w->evidence, &found);
    if (found.count == 0)
        return "";
    *level = found.list[0].level;
    return found.list[0].cause->id;
}

static void a_request_to_create_may_be_sent_again_where_no_task_was_made(void **state)
{
    (void)state;
    static const struct {
        const char *what, *cause;
        enum rule_level level;
        struct created rows[CALLS_MAX];
        uint32_t count;
    } runs[] = {
        {"one", "", RULE_REQUIRED, {{0, OK, false, 0}}, 1},
        {"accepted", "created-twice", RULE_REQUIRED, {{0, OK, false, 0}, {9000, OK, false, 0}}, 2},
        {"201", "created-twice", RULE_REQUIRED, {{0, 201, false, 0}, {9000, OK, false, 0}}, 2},
        {"lost", "sent-again", RULE_REQUIRED, {{0, NOTHING, true, 0}, {9000, OK, false, 0}}, 2},
        {"cut", "sent-again", RULE_REQUIRED, {{0, OK, true, 0}, {9000, OK, false, 0}}, 2},
        {"500", "after-error", RULE_RECOMMENDED, {{0, 500, false, 0}, {9000, OK, false, 0}}, 2},
        {"502", "after-error", RULE_RECOMMENDED, {{0, 502, false, 0}, {9000, OK, false, 0}}, 2},
        {"503", "", RULE_REQUIRED, {{0, 503, false, 0}, {9000, OK, false, 0}}, 2},
        {"429", "", RULE_REQUIRED, {{0, 429, false, 0}, {9000, OK, false, 0}}, 2},
        {"400", "", RULE_REQUIRED, {{0, 400, false, 0}, {200, OK, false, 0}}, 2},
        {"its head says 429", "", RULE_REQUIRED, {{0, 429, true, 0}, {9000, OK, false, 0}}, 2},
        {"just early",
         "too-early",
         RULE_REQUIRED,
         {{0, 429, false, 5000}, {5099, OK, false, 0}},
         2},
        {"in time", "", RULE_REQUIRED, {{0, 429, false, 5000}, {5100, OK, false, 0}}, 2},
        {"refused twice",
         "",
         RULE_REQUIRED,
         {{0, 429, false, 0}, {9000, 503, false, 0}, {20000, OK, false, 0}},
         3},
        {"a third after the second was accepted",
         "created-twice",
         RULE_REQUIRED,
         {{0, 429, false, 0}, {9000, OK, false, 0}, {20000, OK, false, 0}},
         3},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct world w;
        enum rule_level level = runs[i].level;
        creates(&w, runs[i].rows, runs[i].count);
        const char *cause = found_in(&w, rule_judge_create, &level);
        if (strcmp(cause, runs[i].cause) != 0 || level != runs[i].level)
            fail_msg("%s: \"%s\" was found", runs[i].what, cause);
    }
}

/* Services say no with status 200, and proxies say anything. */
static void what_the_body_says_counts_too(void **state)
{
    (void)state;
    static const struct created two[] = {{0, OK, false, 0}, {9000, OK, false, 0}};
    static const struct {
        const char *cause;
        struct reply reply;
    } rows[] = {
        {"created-twice", {.is_json = true}},
        {"", {.is_json = true, .may_pass = true}},
        {"", {.is_json = true, .refuses_for_good = true}},
        {"after-error", {.is_json = false}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world w;
        enum rule_level level;
        creates(&w, two, 2);
        calls[0].reply = &rows[i].reply;
        assert_string_equal(found_in(&w, rule_judge_create, &level), rows[i].cause);
    }
}

static void as_many_tasks_are_right_as_the_program_is_asked_for(void **state)
{
    (void)state;
    static const struct created three[] = {
        {0, OK, false, 0}, {50, OK, false, 0}, {60, OK, false, 0}};
    struct world w;
    enum rule_level level;
    creates(&w, three, 3);
    w.evidence.tasks = 3;
    assert_string_equal(found_in(&w, rule_judge_create, &level), "");
    w.evidence.tasks = 2;
    assert_string_equal(found_in(&w, rule_judge_create, &level), "created-twice");
}

static void a_repeat_at_once_is_told_to_be_the_librarys(void **state)
{
    (void)state;
    static const int64_t waits_ms[] = {249, 250};
    for (size_t i = 0; i < 2; i++) {
        const struct created rows[] = {{0, NOTHING, true, 0}, {100 + waits_ms[i], OK, false, 0}};
        struct world w;
        struct findings found = {.count = 0};
        creates(&w, rows, 2);
        rule_judge_create(&w.evidence, &found);
        assert_int_equal(found.count, 1);
        assert_int_equal(strstr(found.list[0].text, "libraries") != NULL, i == 0);
    }
}

/* Whoever got no task has nothing to poll: there is a verdict all the same. */
static void a_run_without_a_poll_is_judged_when_it_tried_to_create(void **state)
{
    (void)state;
    static const struct created refused[] = {{0, 403, false, 0}};
    struct world w;
    struct verdict v;
    creates(&w, refused, 1);
    w.scenario.expect.outcome = EXPECT_ERROR;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    w.scenario.expect.polls_min = 1;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].cause->id, "few-polls");
    w.evidence.trace.call_count = 0;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
}

/* -- content ------------------------------------------------------------------------------------- */

static void content_is_fetched_late_and_whole(void **state)
{
    (void)state;
    static const struct {
        const char *what, *cause;
        int status;
        bool early, cut, again, other_task;
    } rows[] = {
        {"whole", "", 200, false, false, false, false},
        {"a part", "", 206, false, false, false, false},
        {"a redirect", "", 302, false, false, false, false},
        {"before the end", "early-content", 404, true, false, false, false},
        {"cut", "cut-content", 200, false, true, false, false},
        {"cut, and again", "", 200, false, true, true, false},
        {"cut, and that of another task", "cut-content", 200, false, true, true, true},
        {"lost", "cut-content", 0, false, true, false, false},
        {"an error", "cut-content", 502, false, false, false, false},
        {"an error, and again", "", 502, false, false, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world w;
        enum rule_level level = RULE_REQUIRED;
        world_of(&w, NULL, 0);
        unsigned flags = (rows[i].cut ? 0U : (unsigned)JOURNAL_COMPLETE)
            | (rows[i].early ? (unsigned)JOURNAL_EARLY : 0U);
        calls[0] = (struct task_call){.role = ROLE_CONTENT,
                                      .status = (uint16_t)rows[i].status,
                                      .flags = (uint16_t)flags,
                                      .task = (char[]){"a"}};
        calls[1] = (struct task_call){.role = ROLE_CONTENT,
                                      .status = 200,
                                      .flags = JOURNAL_COMPLETE,
                                      .task = rows[i].other_task ? (char[]){"b"} : (char[]){"a"}};
        w.evidence.trace.calls = calls;
        w.evidence.trace.call_count = rows[i].again ? 2 : 1;
        const char *cause = found_in(&w, rule_judge_content, &level);
        if (strcmp(cause, rows[i].cause) != 0 || level != RULE_REQUIRED)
            fail_msg("%s: \"%s\" was found", rows[i].what, cause);
        w.evidence.result.outcome = TASK_OUTCOME_GAVE_UP;
        assert_int_equal(found_in(&w, rule_judge_content, &level)[0] != '\0', rows[i].early);
    }
}

/* -- Several tasks ------------------------------------------------------------------------------- */

/* Two tasks, polled in turn: together they would be far too fast, and end twice. */
static void several_tasks_of_one_run_are_judged_one_by_one(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 10, REPLY_STATE_RUNNING, 0, false, 0},
                                      {20, 30, REPLY_STATE_RUNNING, 0, false, 0},
                                      {6000, 6010, REPLY_STATE_SUCCEEDED, 0, false, 1},
                                      {6020, 6030, REPLY_STATE_RUNNING, 0, false, 0},
                                      {12000, 12010, REPLY_STATE_SUCCEEDED, 0, false, 1}};
    static const uint32_t tasks[] = {1, 2, 1, 2, 2};
    static const struct created two[] = {{-200, OK, false, 0}, {-100, OK, false, 0}};
    struct world w;
    struct verdict v;
    creates(&w, two, 2);
    struct task_call kept[2] = {calls[0], calls[1]};
    world_of(&w, rows, 5);
    memcpy(calls, kept, sizeof kept);
    calls[0].task = (char[]){"a"};
    calls[1].task = (char[]){"b"};
    w.evidence.tasks = 2;
    w.evidence.trace.calls = calls;
    w.evidence.trace.call_count = 2;
    w.upstream.contract.polite.per_second = 0;
    w.upstream.contract.polite.interval_source = PROVENANCE_DOC;
    w.scenario.expect.polls_min = 2;
    for (uint32_t i = 0; i < 5; i++)
        w.polls[i].task = tasks[i];
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.finding_count, 0);
    w.polls[4].began_ms = 11029; /* a millisecond too early, of its own task */
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].cause->id, "short-wait");
    assert_int_equal(v.findings[0].poll, 5);
    assert_non_null(strstr(v.findings[0].text, "task 2: "));
    w.polls[4].began_ms = 12000;
    w.polls[4].task = 1; /* the first was over, and the second never ended */
    verdict_of(&w.evidence, &v);
    assert_string_equal(v.findings[0].cause->id, "polled-after-end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_to_create_may_be_sent_again_where_no_task_was_made),
        cmocka_unit_test(what_the_body_says_counts_too),
        cmocka_unit_test(as_many_tasks_are_right_as_the_program_is_asked_for),
        cmocka_unit_test(a_repeat_at_once_is_told_to_be_the_librarys),
        cmocka_unit_test(a_run_without_a_poll_is_judged_when_it_tried_to_create),
        cmocka_unit_test(content_is_fetched_late_and_whole),
        cmocka_unit_test(several_tasks_of_one_run_are_judged_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
