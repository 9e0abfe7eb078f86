/* Reports of a run in which much went wrong: each tells every detail, and long ones are cut where they say. */
#include "rich.h"

#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <unistd.h>

enum { COLUMNS_POLLS = 400, CUT_POLLS = 12000, OUTPUT_BYTES = 100000, REPORT_MAX = 16 << 20 };

static void demand_in_order(const char *type, const char *text, const char *const *parts)
{
    for (; *parts; parts++) {
        const char *at = strstr(text, *parts);
        if (!at)
            fail_msg("%s: wanted \"%s\" next in:\n%s", type, *parts, text);
        text = at + strlen(*parts);
    }
}

/* In the order in which they come. */
static const struct {
    const char *type, *parts[40];
} told[] = {
    {"tap",
     {"unclear   direct: polls are <gone>", "rule      retry-after (REQUIRED): poll 2 came",
      "rule      outcome (REQUIRED): wanted failed", "0 ms  poll 1    reply0 ",
      "200  Retry-After: 7  fault: delay 300ms, truncate 7\n", "1000 ms  poll 2    no reply ",
      "-  (not delivered whole)   <- here\n", "9000 ms  poll 3    no reply                 404\n",
      "15000 ms  poll 5    reply1                   200\n",
      "... and more polls, which were not kept ...", "16000 ms  fetched https://a/plain.mp4\n",
      "17000 ms  fetched https://a/open.mp4  with credentials in its <header>\n",
      "parity    step 1 answered 2 polls direct, 1 on the wire\n", "--transport direct"}},
    {"table", {"FAIL", "rich", "direct 5 polls in 1 m", "wire 5 polls in 1 m", "NO PARITY"}},
    {"junit",
     {"failures=\"1\"", "time=\"1.000\"", "<failure ", "type=\"retry-after\"",
      "poll 2 came 700 ms after &lt;poll 1&gt;"}},
    {"json",
     {"\"verdict\": \"failed\"", "\"parity\": \"broken\"",
      "\"parity_why\": \"step 1 answered 2 polls direct, 1 on the wire\"",
      "\"reason\": \"no <credit>\"", "\"verdict\": \"inconclusive\"",
      "\"inconclusive\": \"polls are <gone>\"", "\"speed\": 60", "\"outcome\": \"not_succeeded\"",
      "\"stopped\": true", "\"retry_after_ms\": 7000", "\"faults\": \"delay 300ms, truncate 7\"",
      "\"reply\": null", "\"status\": 0", "\"whole\": false", "\"why\": \"the <id> is missing\"",
      "\"step\": 4", "\"url\": \"https://a/plain.mp4\"", "\"leak\": \"its <header>\""}},
    {"html",
     {"<td class=\"skip\">off</td>", "on the wire, time 60 times faster",
      "<b class=\"bad\">retry-after</b> (REQUIRED): poll 2 came 700 ms after &lt;poll 1&gt;",
      ">faults</text>", "<td>Retry-After: 7. Fault: delay 300ms, truncate 7. </td>",
      "<td>no reply</td><td></td>", "<td>Not delivered whole. </td>",
      "<td>no reply</td><td>404</td>", "<td>the &lt;id&gt; is missing</td>"}},
    {"html",
     {"<b>unclear</b> polls are &lt;gone&gt;", "class=\"took\"", "class=\"short\"",
      "class=\"asked\"", "class=\"mark fault\"", "delay 300ms, truncate 7</title>",
      ">retry-after<title>", ": no reply, not delivered whole</title>", ": no reply 404</title>",
      "class=\"mark download\"", "fetched https://a/plain.mp4</title>",
      "class=\"mark download leak\"",
      "fetched https://a/open.mp4, with credentials in its &lt;header&gt;</title>"}},
    {"html", {"<p><b class=\"bad\">parity</b>: step 1 answered 2 polls direct", "<h4>direct</h4>"}},
    {"github",
     {"::error file=fixtures/doubao/scenarios/case.json,title=", "retry-after",
      "::notice title=harness run::0 passed, 1 failed"}},
};

static void every_report_tells_every_detail(void **state)
{
    (void)state;
    struct world w;
    struct run_result result;
    struct buf out;
    buf_init(&out, REPORT_MAX);
    rich_result(&w, &result);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const char *parts[41] = {0};
        memcpy(parts, told[i].parts, sizeof told[i].parts);
        print(told[i].type, &result, &(struct report_options){.total = 1, .upstreams = 1}, &out);
        demand_in_order(told[i].type, out.p, parts);
    }
    buf_fini(&out);
}

/* -- Long ones ------------------------------------------------------------------------------------ */

/* A poll a second, the last one too early; the client printed a lot. */
static void long_result(struct world *w, struct poll *polls, uint32_t count, char *output,
                        struct run_result *out)
{
    rich_result(w, out);
    for (uint32_t i = 0; i < count; i++) {
        polls[i] = w->polls[3];
        polls[i].began_ms = polls[i].ended_ms = RICH_START_MS + i * INT64_C(10000);
        polls[i].state = REPLY_STATE_RUNNING;
    }
    polls[count - 1].began_ms = polls[count - 2].ended_ms + 1;
    polls[count - 1].ended_ms = polls[count - 1].began_ms;
    out->wire.evidence.trace = (struct trace){.polls = polls, .count = count};
    out->direct.ran = false;
    out->wire.verdict.findings[0].poll = count / 2;
    out->wire.output = output;
    memset(output, 'x', OUTPUT_BYTES);
    span_copy(span_of("<end>"), output + OUTPUT_BYTES - 6, 6);
}

static void a_long_run_is_drawn_as_columns_and_told_by_its_ends_and_its_finding(void **state)
{
    (void)state;
    static const char *const html[] = {
        "height=\"32.0\"><title>2 polls</title></rect><rect class=\"waited\"",
        "height=\"18.0\"><title>1 poll</title></rect><rect class=\"waited\"",
        "<title>2 polls</title></rect><rect class=\"short\"",
        ">retry-after<title>",
        "<th scope=\"row\">50</th>",
        "more polls</td>",
        "<tr class=\"here\"><th scope=\"row\">200</th>",
        "more polls</td>",
        "<th scope=\"row\">381</th>",
        "<pre>... 34463 bytes left out ...\nx",
        "&lt;end&gt;</pre>",
        NULL};
    static const char *const json[] = {"\"poll_count\": 12000",
                                       "\"poll\": 5000,",
                                       "\"poll\": 6000,",
                                       "\"poll\": 7001,",
                                       "\"poll\": 12000,",
                                       "x<end>\"",
                                       NULL};
    static char output[OUTPUT_BYTES];
    static struct poll polls[CUT_POLLS];
    struct world w;
    struct run_result result;
    struct report_options options = {.total = 1, .upstreams = 1};
    struct buf out;
    buf_init(&out, REPORT_MAX);
    long_result(&w, polls, COLUMNS_POLLS, output, &result);
    print("html", &result, &options, &out);
    demand_in_order("html", out.p, html);
    assert_null(strstr(out.p, "<th scope=\"row\">51</th>"));
    assert_null(strstr(out.p, "mark-running\" class=\"mark running\" x=\"84.0\""));
    long_result(&w, polls, CUT_POLLS, output, &result);
    print("json", &result, &options, &out);
    demand_in_order("json", out.p, json);
    assert_null(strstr(out.p, "\"poll\": 5001,"));
    buf_fini(&out);
}

static void a_run_without_polls_has_a_story_and_no_drawing(void **state)
{
    (void)state;
    struct world w;
    struct run_result result;
    struct report_options options = {.total = 1, .upstreams = 1};
    struct buf out;
    buf_init(&out, REPORT_MAX);
    rich_result(&w, &result);
    result.direct.ran = false;
    result.wire.evidence.trace.count = 0;
    print("html", &result, &options, &out);
    demand_in_order("html", out.p, (const char *const[]){"Story: 0 polls", NULL});
    assert_null(strstr(out.p, "class=\"timeline\""));
    print("tap", &result, &options, &out);
    demand_in_order("tap", out.p,
                    (const char *const[]){"\n#             fetched https://a/plain", NULL});
    buf_fini(&out);
}

/* Twelve scenarios, in the order of how long they took; every other one failed, the last was skipped. */
static void many_results(struct world *worlds, struct run_result *results, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct world *w = &worlds[i];
        rich_result(w, &results[i]);
        snprintf(w->scenario.name, sizeof w->scenario.name, "case%u", i);
        results[i].direct.ran = false;
        results[i].parity = PARITY_NOT_CHECKED;
        results[i].wire.evidence.speed = 1;
        results[i].wire.evidence.result.elapsed_ms = 1000 * (i + 1);
        if (i % 2 == 1)
            memset(&results[i].wire.verdict, 0, sizeof results[i].wire.verdict);
    }
    results[count - 1].wire.ran = false;
}

static void a_run_of_many_ends_with_its_first_failures_and_its_slowest(void **state)
{
    (void)state;
    enum { COUNT = 14 };
    static const char *const parts[] = {
        "\033[1;31mFAIL   \033[0m case0",
        "\033[32mok     \033[0m case1",
        "\033[2mskip   \033[0m case13",
        "\n\nfix first    7 scenarios  outcome: ",
        "\n             7 scenarios  retry-after: wait as long as Retry-After asks for",
        "\nfailed     doubao/case0  retry-after: poll 2 came 700 ms after <poll 1>\n"
        "           doubao/case2  retry-after: ",
        "           doubao/case8  retry-after: ",
        "\n           and 2 more\n"
        "slowest    doubao/case12  13 s\n           doubao/case11  12 s\n"
        "           doubao/case10  11 s\n\n14 scenarios",
        NULL};
    static struct world worlds[COUNT];
    static struct run_result results[COUNT];
    struct report_options options = {.total = COUNT, .upstreams = 1, .colour = true};
    struct buf out;
    buf_init(&out, REPORT_MAX);
    many_results(worlds, results, COUNT);
    print("table", results, &options, &out);
    demand_in_order("table", out.p, parts);
    assert_null(strstr(out.p, "repeated"));
    print("html", results, &options, &out);
    assert_null(strstr(out.p, "repeated"));
    buf_fini(&out);
}

/* A summary of GitHub may have a megabyte: the traces of later failures are left out, their rows too in the end. */
static void a_step_summary_stays_below_what_github_takes(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    char file[] = "/tmp/understudy-summary-XXXXXX";
    struct world w;
    struct run_result result;
    struct reports rs;
    struct buf summary;
    struct err e = {0};
    struct report_options options = {.total = COUNT, .upstreams = 1, .step_summary = file};
    close(mkstemp(file));
    rich_result(&w, &result);
    memset(result.wire.verdict.findings[0].text, '&',
           sizeof result.wire.verdict.findings[0].text - 1);
    assert_int_equal(reports_open(&(struct args_list){{"github"}, 1}, &rs, NULL), 0);
    reports_begin(&rs, &options);
    for (int i = 0; i < COUNT; i++)
        reports_result(&rs, &result);
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_init(&summary, 4 << 20);
    assert_int_equal(file_read(file, &summary, NULL), 0);
    assert_in_range(summary.n, 500 << 10, 1 << 20);
    demand_in_order("github", summary.p,
                    (const char *const[]){"### harness run: 0 of 2000 scenarios passed",
                                          "<tr><td>doubao/rich</td>",
                                          "<details><summary>doubao/rich</summary>", NULL});
    unlink(file);
    options.step_summary = "/nowhere/summary";
    reports_begin(&rs, &options);
    assert_int_equal(reports_end(&rs, &e), ERR_FILE);
    assert_string_equal(e.where, "/nowhere/summary");
    reports_fini(&rs);
    buf_fini(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_tells_every_detail),
        cmocka_unit_test(a_long_run_is_drawn_as_columns_and_told_by_its_ends_and_its_finding),
        cmocka_unit_test(a_run_without_polls_has_a_story_and_no_drawing),
        cmocka_unit_test(a_run_of_many_ends_with_its_first_failures_and_its_slowest),
        cmocka_unit_test(a_step_summary_stays_below_what_github_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
