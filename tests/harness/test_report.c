/* Reports: what people and programs read of a run. */
#include "evidence.h"

#include "harness/report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row rows[] = {
    {0, 0, REPLY_STATE_QUEUED, 0, false, 0},
    {5000, 5000, REPLY_STATE_SUCCEEDED, 0, false, 1},
    {10000, 10000, REPLY_STATE_SUCCEEDED, 0, false, 1},
};

static char path[] = "fixtures/doubao/scenarios/case.json";

/* One passed, one failed by the rule `terminal`, one skipped; what they print is appended to out. */
static void report_three(const char *type, struct buf *out)
{
    struct world w;
    struct reports rs;
    struct report_options options = {.seed = 42, .total = 3, .upstreams = 1};
    assert_int_equal(reports_open(&(struct args_list){{type}, 1}, &rs, NULL), 0);
    reports_begin(&rs, &options);
    for (int i = 0; i < 3; i++) {
        struct run_result result = {.job = {.upstream = &w.upstream, .scenario = &w.scenario}};
        world_of(&w, rows, i == 1 ? 3 : 2);
        snprintf(w.upstream.name, sizeof w.upstream.name, "doubao");
        snprintf(w.scenario.name, sizeof w.scenario.name, "case%d", i);
        w.scenario.path = path;
        result.direct.ran = i < 2;
        result.direct.evidence = w.evidence;
        if (i < 2)
            verdict_of(&w.evidence, &result.direct.verdict);
        reports_result(&rs, &result);
    }
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_add_span(out, buf_span(reports_printed(&rs)));
    assert_int_equal(rs.totals.passed, 1);
    assert_int_equal(rs.totals.failed, 1);
    assert_int_equal(rs.totals.skipped, 1);
    reports_fini(&rs);
}

static void demand_in_order(const char *text, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        const char *at = strstr(text, *parts);
        if (at == NULL)
            fail_msg("wanted \"%s\" next in:\n%s", *parts, text);
        text = at + strlen(*parts);
    }
}

static void tap_has_a_plan_a_line_a_scenario_and_the_story_of_a_failure(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "TAP version 13\n1..3\n",
        "ok 1 - doubao/case0\n",
        "not ok 2 - doubao/case1\n",
        "#   claim     made by hand\n",
        "#   rule      terminal (REQUIRED): poll 3 came after poll 2",
        "poll 3",
        "<- here\n",
        "#   again     harness run fixtures/doubao/scenarios/case.json --seed 42 --transport "
        "direct\n",
        "ok 3 - doubao/case2 # SKIP",
        NULL,
    };
    struct buf out;
    buf_init(&out, 1 << 20);
    report_three("tap", &out);
    demand_in_order(out.p, parts);
    buf_fini(&out);
}

static void the_table_has_a_line_a_scenario_a_story_and_a_summary(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "doubao\n",
        "ok",
        "case0",
        "2 polls",
        "FAIL",
        "case1",
        "terminal (REQUIRED)",
        "<- here",
        "again",
        "skip",
        "case2",
        "3 scenarios of 1 upstream: 1 passed, 1 failed, 0 unclear, 1 skipped",
        "seed 42",
        NULL,
    };
    struct buf out;
    buf_init(&out, 1 << 20);
    report_three("table", &out);
    demand_in_order(out.p, parts);
    assert_null(strchr(out.p, '\033'));
    buf_fini(&out);
}

/* Two clients, two scenarios of one upstream; the second client fails in the second. */
static void report_side_by_side(const char *type, struct buf *out)
{
    char *const command[] = {(char[]){"./poll"}, (char[]){"{base_url}"}, NULL};
    static struct profile profiles[] = {{.path = "good.json", .command = {"./poll"}},
                                        {.path = "b a d.json", .command = {"./poll"}}};
    const struct external clients[] = {
        {.name = "good", .command = command, .profile = &profiles[0], .speed = 1},
        {.name = "bad", .command = command, .profile = &profiles[1], .speed = 60}};
    static struct world worlds[2][2];
    static const char *const names[] = {"case0", "case1"};
    struct reports rs;
    struct report_options options = {
        .seed = 7, .total = 4, .upstreams = 1, .clients = clients, .client_count = 2};
    static struct upstream upstream = {.name = "doubao"};
    assert_int_equal(reports_open(&(struct args_list){{type}, 1}, &rs, NULL), 0);
    reports_begin(&rs, &options);
    for (uint32_t i = 0; i < 4; i++) {
        struct world *w = world_of(&worlds[i / 2][i % 2], rows, i == 3 ? 3 : 2);
        snprintf(w->scenario.name, sizeof w->scenario.name, "%s", names[i % 2]);
        w->scenario.path = path;
        w->evidence.transport = TESTBED_WIRE;
        w->evidence.speed = 1;
        struct run_result result = {
            .job = {.upstream = &upstream, .scenario = &w->scenario, .client = &clients[i / 2]},
            .wire = {.ran = true, .evidence = w->evidence}};
        verdict_of(&w->evidence, &result.wire.verdict);
        reports_result(&rs, &result);
    }
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_add_span(out, buf_span(reports_printed(&rs)));
    reports_fini(&rs);
}

/* What each report must say of two clients, in order. */
static const struct {
    const char *type, *parts[16];
} side_by_side[] = {
    {"table",
     {"client good\ndoubao\n  ok      case0 ", "\n  ok      case1 ",
      "\n\nclient bad\ndoubao\n  ok      case0", "\n  FAIL    case1", "rule      terminal",
      "again     harness run fixtures/doubao/scenarios/case.json --seed 7 --clock real "
      "--speed 60 --profile 'b a d.json'\n",
      "\ngood                     2 passed, 0 failed, 0 unclear, 0 skipped\n"
      "bad                      1 passed, 1 failed, 0 unclear, 0 skipped\n"
      "2 clients x 2 scenarios of 1 upstream: 3 passed, 1 failed, 0 unclear, 0 skipped; "}},
    {"tap",
     {"1..4\nok 1 - good: doubao/case0\nok 2 - good: doubao/case1\nok 3 - bad: doubao/case0\n"
      "not ok 4 - bad: doubao/case1\n",
      "--profile 'b a d.json'\n"}},
    {"junit",
     {"tests=\"4\" failures=\"1\"", "<testsuite name=\"good.doubao\" tests=\"2\" failures=\"0\"",
      "classname=\"good.doubao\" name=\"case0\"", "classname=\"good.doubao\" name=\"case1\"",
      "</testsuite>\n  <testsuite name=\"bad.doubao\" tests=\"2\" failures=\"1\"",
      "classname=\"bad.doubao\" name=\"case0\"", "classname=\"bad.doubao\" name=\"case1\"",
      "<failure "}},
    {"json",
     {"\"format\": 2", "\"clients\": [", "\"name\": \"good\"", "\"profile\": \"good.json\"",
      "\"name\": \"bad\"", "\"profile\": \"b a d.json\"", "\"speed\": 60", "\"client\": \"good\"",
      "\"scenario\": \"case0\"", "\"client\": \"good\"", "\"scenario\": \"case1\"",
      "\"client\": \"bad\"", "\"client\": \"bad\"", "\"clients\": 2", "\"scenarios\": 2"}},
    {"github",
     {"::error file=fixtures/doubao/scenarios/case.json,title=bad%3A doubao/case1%3A terminal::",
      "::notice title=harness run::3 passed, 1 failed"}},
    {"html",
     {"<h2>Clients and rules</h2>", "<a href=\"#good:\"", "2 of 2", "<a href=\"#bad:\"", "1 of 2",
      "1 &#215;", "<h2>Clients and scenarios</h2>", ">case0</th><td class=\"good\">2 of 2</td>",
      "<td class=\"good\"><a href=\"#good:doubao.case0\"", ">case1</th>",
      "<td class=\"bad\"><a href=\"#bad:doubao.case1\" title=\"bad: FAIL: terminal\">",
      "<h2 id=\"good:\">good</h2>", "<section id=\"good:doubao.case1\">",
      "<h2 id=\"bad:\">bad</h2>", "<section id=\"bad:doubao.case1\"><details open",
      "--profile &#39;b a d.json&#39;</pre>"}},
};

static void every_report_tells_two_clients_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof side_by_side / sizeof side_by_side[0]; i++) {
        const char *parts[17] = {0};
        struct buf out;
        buf_init(&out, 1 << 20);
        report_side_by_side(side_by_side[i].type, &out);
        memcpy(parts, side_by_side[i].parts, sizeof side_by_side[i].parts);
        demand_in_order(out.p, parts);
        buf_fini(&out);
    }
}

/* As a mock that could not be started would leave it. */
static void report_runs_that_did_not_take_place(uint32_t client_count, struct buf *out)
{
    static char *const command[] = {NULL};
    static struct profile profile = {.path = "p.json"};
    const struct external clients[] = {{.name = "a", .command = command, .profile = &profile},
                                       {.name = "b", .command = command, .profile = &profile}};
    struct upstream upstream = {.name = "doubao"};
    struct scenario scenario = {.name = "case", .title = "made by hand", .path = path};
    struct report_options options = {
        .total = client_count, .upstreams = 1, .clients = clients, .client_count = client_count};
    struct reports rs;
    assert_int_equal(reports_open(&(struct args_list){{"html"}, 1}, &rs, NULL), 0);
    reports_begin(&rs, &options);
    for (uint32_t i = 0; i < client_count; i++) {
        struct run_result result = {
            .job = {.upstream = &upstream, .scenario = &scenario, .client = &clients[i]},
            .failed = {.code = ERR_NETWORK, .what = "no port"}};
        reports_result(&rs, &result);
    }
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_add_span(out, buf_span(reports_printed(&rs)));
    reports_fini(&rs);
}

static void a_client_whose_runs_did_not_take_place_kept_no_rule(void **state)
{
    (void)state;
    static const char *const parts[][17] = {
        {"scenarios that broke", "<td class=\"bad\">0 of 1</td><td class=\"skip\">", "not judged",
         "scenarios by rules", NULL},
        {"scenarios in which", "#b:\"", "<td class=\"bad\">0 of 1</td><td class=\"skip\">",
         "not judged", "<h2>Clients and scenarios",
         "<td class=\"unclear\"><a href=\"#b:doubao.case\"", "?<", NULL}};
    for (uint32_t i = 0; i < 2; i++) {
        struct buf out;
        buf_init(&out, 1 << 20);
        report_runs_that_did_not_take_place(i + 1, &out);
        demand_in_order(out.p, parts[i]);
        buf_fini(&out);
    }
}

static void a_run_that_did_not_take_place_is_no_pass(void **state)
{
    (void)state;
    struct run_result result = {.failed = {.code = ERR_NETWORK, .what = "no port"}};
    assert_int_equal(run_verdict(&result), VERDICT_INCONCLUSIVE);
    assert_false(run_skipped(&result));
}

static void a_long_story_keeps_its_ends_and_the_place_of_the_finding(void **state)
{
    (void)state;
    struct row many[ROWS_MAX] = {0};
    struct world w;
    struct buf out;
    static const char *const parts[] = {"poll 4 ", "... 9 more polls ...", "poll 14 ", "poll 16 ",
                                        "<- here", "more polls",           "poll 29 ", "poll 32 ",
                                        NULL};
    for (int i = 0; i < ROWS_MAX; i++)
        many[i] = (struct row){i * 5000, i * 5000, REPLY_STATE_QUEUED, 0, false, 0};
    many[15].began_ms -= 1;
    many[15].ended_ms -= 1;
    world_of(&w, many, ROWS_MAX)->scenario.path = path;
    w.evidence.result.outcome = TASK_OUTCOME_SUCCEEDED;
    struct run_result result = {.job = {.upstream = &w.upstream, .scenario = &w.scenario},
                                .direct = {.ran = true, .evidence = w.evidence}};
    verdict_of(&w.evidence, &result.direct.verdict);
    assert_int_equal(result.direct.verdict.kind, VERDICT_FAIL);
    buf_init(&out, 1 << 20);
    report_failure(&out, "", &result, &(struct report_options){.seed = 1});
    demand_in_order(out.p, parts);
    buf_fini(&out);
}

/* What of a client's output is told: its first line, and how much is left out. */
static void check_output(int lines, int width, const char *wanted)
{
    struct buf output, told;
    buf_init(&output, 1 << 20);
    buf_init(&told, 1 << 20);
    for (int i = 1; i <= lines; i++)
        buf_addf(&output, "%-*d\n", width - 1, i);
    report_output(&told, "", output.p);
    if (strncmp(told.p, wanted, strlen(wanted)) != 0)
        fail_msg("%d lines: wanted\n%s\ngot\n%s", lines, wanted, told.p);
    buf_fini(&output);
    buf_fini(&told);
}

static void of_a_long_output_the_end_is_told(void **state)
{
    (void)state;
    check_output(0, 4, "");
    check_output(24, 4, "output\n          1  \n");
    check_output(25, 4, "output\n          ... 4 bytes left out ...\n          2  \n");
    check_output(3, 2048, "output\n          ... 2048 bytes left out ...\n          2 ");
    check_output(2, 2048, "output\n          1 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tap_has_a_plan_a_line_a_scenario_and_the_story_of_a_failure),
        cmocka_unit_test(the_table_has_a_line_a_scenario_a_story_and_a_summary),
        cmocka_unit_test(every_report_tells_two_clients_apart),
        cmocka_unit_test(a_client_whose_runs_did_not_take_place_kept_no_rule),
        cmocka_unit_test(a_run_that_did_not_take_place_is_no_pass),
        cmocka_unit_test(a_long_story_keeps_its_ends_and_the_place_of_the_finding),
        cmocka_unit_test(of_a_long_output_the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
