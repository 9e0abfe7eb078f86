/* Scenarios: what is read of a scenario file, and every way in which it can be wrong. */
#include "loaders.h"

#include "mockserver/fixture/scenario_read.h"
#include "mockserver/fixture/contract_read.h"
#include "mockserver/fixture/fixtures.h"

static const char contract_text[] =
    "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\"}, \"paths\": {\"/t/{id}\": {\"get\": "
    "{}}},\n"
    "\"x-task\": {\"id\": [{\"in\": \"path\", \"name\": \"id\"}], \"status\": {\"pointer\": "
    "\"/s\",\n"
    "\"states\": {\"queued\": [\"q\"], \"running\": [\"r\"], \"succeeded\": [\"d\"]}},\n"
    "\"goals\": {\"ready\": {\"succeeded\": [\"r\"]}, \"stopped\": {\"running\": [\"r\"]}}}}";

static struct upstream upstream = {.name = "videos"};
static struct reply replies[4]; /* sorted, as the loader leaves them */

static int open_upstream(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {{"error.busy", "HTTP/1.1 503 Busy\n\n{\"s\":\"d\"}"},
                {"in_progress", "HTTP/1.1 200 OK\n\n{\"s\":\"r\"}"},
                {"queued", "HTTP/1.1 200 OK\n\n{\"s\":\"q\"}"},
                {"success", "HTTP/1.1 200 OK\n\n{\"s\":\"d\"}"}};
    struct err e = {0};
    (void)state;
    if (contract_parse(span_of(contract_text), "openapi.json", NULL, &upstream.contract, &e))
        fail_msg("%s: %s", e.where, e.what);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            reply_parse(span_of(rows[i].text), rows[i].name, "x.http", &replies[i], NULL), 0);
    upstream.replies = replies;
    upstream.reply_count = 4;
    return 0;
}

static int close_upstream(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        reply_fini(&replies[i]);
    contract_fini(&upstream.contract);
    return 0;
}

static struct scenario parsed(const char *text)
{
    struct scenario s;
    struct err e = {0};
    if (scenario_parse(span_of(text), "dir/full.json", "full", &upstream, &s, &e))
        fail_msg("%s: %s", e.where, e.what);
    return s;
}

/* clang-format off */
static const char good[] =
    "{\n"
    "\"$schema\": \"../../scenario.schema.json\",\n"               /* 2 */
    "\"title\": \"polls on\",\n"                                    /* 3 */
    "\"tasks\": \"videos-full-*\",\n"                               /* 4 */
    "\"steps\": [\n"                                                /* 5 */
    "  {\"reply\": \"queued\", \"polls\": 2},\n"                    /* 6 */
    "  {\"reply\": \"error.busy\", \"fault\": {\"delay\": \"300ms\"}},\n"
    "  {\"reply\": \"in_progress\", \"for\": \"30s\", \"fault\": [{\"delay\": \"1s\"}, {\"truncate\": "
    "9}]},\n"                                                       /* 8 */
    "  {\"reply\": \"success\"}\n"                                  /* 9 */
    "],\n"                                                          /* 10 */
    "\"end\": \"gone\",\n"                                          /* 11 */
    "\"expect\": {\"outcome\": \"failed\", \"url\": \"\", \"reason\": \"no\", \"polls\": \"4..12\", "
    "\"within\": \"10m\"},\n"                                       /* 12 */
    "\"goal\": \"ready\",\n"                                        /* 13 */
    "\"only\": \"wire\",\n"                                         /* 14 */
     "\"rules\": {\"off\": {\"interval\": \"why\"}, \"required\": [\"auth\", \"bounded\"]},\n"
    "\"seed\": 7,\n"                                                /* 16 */
    "\"provenance\": \"doc\"\n"                                     /* 17 */
    "}\n";
/* clang-format on */

static void every_field_is_read(void **state)
{
    (void)state;
    struct scenario s = parsed(good);
    assert_string_equal(s.name, "full");
    assert_string_equal(s.path, "dir/full.json");
    assert_string_equal(s.title, "polls on");
    assert_string_equal(s.tasks, "videos-full-*");
    assert_string_equal(s.goal, "ready");
    assert_int_equal(s.end, END_GONE);
    assert_false(s.direct);
    assert_true(s.wire);
    assert_int_equal(s.seed, 7);
    assert_int_equal(s.rules_off.count, 1);
    assert_string_equal(s.rules_off.list[0].rule, "interval");
    assert_string_equal(s.rules_off.list[0].why, "why");
    assert_int_equal(s.rules_required_count, 2);
    assert_string_equal(s.rules_required[1], "bounded");
    assert_int_equal(s.expect.outcome, EXPECT_FAILED);
    assert_string_equal(s.expect.url, "");
    assert_string_equal(s.expect.reason, "no");
    assert_int_equal(s.expect.polls_min, 4);
    assert_int_equal(s.expect.polls_max, 12);
    assert_int_equal(s.expect.within_ms, 600000);
    scenario_fini(&s);
}

static void steps_carry_reply_length_and_faults(void **state)
{
    (void)state;
    struct scenario s = parsed(good);
    assert_int_equal(s.step_count, 4);
    assert_string_equal(s.steps[0].reply->name, "queued");
    assert_int_equal(s.steps[0].polls, 2);
    assert_int_equal(s.steps[1].polls, 1);
    assert_int_equal(s.steps[1].fault_count, 1);
    assert_string_equal(s.steps[1].faults[0].type->name, "delay");
    assert_int_equal(s.steps[1].faults[0].value, 300);
    assert_int_equal(s.steps[2].polls, 0);
    assert_int_equal(s.steps[2].for_ms, 30000);
    assert_int_equal(s.steps[2].fault_count, 2);
    assert_int_equal(s.steps[2].faults[1].value, 9);
    assert_int_equal(s.steps[3].polls, 1);
    scenario_fini(&s);
}

static void a_steps_state_is_its_replys_under_the_goal(void **state)
{
    (void)state;
    struct scenario s = parsed(good); /* the goal stands behind the steps in the file */
    assert_int_equal(s.steps[0].state, REPLY_STATE_UNKNOWN);
    assert_int_equal(s.steps[1].state, REPLY_STATE_NONE); /* a 503, whatever its body says */
    assert_int_equal(s.steps[2].state, REPLY_STATE_SUCCEEDED);
    scenario_fini(&s);

    char *text = edited(good, "\"goal\": \"ready\",\n", "");
    s = parsed(text);
    assert_null(s.goal);
    assert_int_equal(s.steps[0].state, REPLY_STATE_QUEUED);
    assert_int_equal(s.steps[2].state, REPLY_STATE_RUNNING);
    assert_int_equal(s.steps[3].state, REPLY_STATE_SUCCEEDED);
    scenario_fini(&s);
    free(text);
}

static void what_is_left_out_is_at_its_default(void **state)
{
    (void)state;
    struct scenario s = parsed("{\"title\":\"t\",\"steps\":[{\"reply\":\"success\"}],"
                               "\"expect\":{\"outcome\":\"gave_up\"}}");
    assert_null(s.tasks);
    assert_null(s.goal);
    assert_int_equal(s.end, END_HOLD);
    assert_true(s.direct && s.wire);
    assert_int_equal(s.seed, 1);
    assert_int_equal(s.expect.outcome, EXPECT_GAVE_UP);
    assert_string_equal(scenario_outcome_name(s.expect.outcome), "gave_up");
    assert_null(s.expect.url);
    assert_null(s.expect.reason);
    assert_int_equal(s.expect.polls_min, 0);
    assert_int_equal(s.expect.polls_max, UINT32_MAX);
    assert_int_equal(s.expect.within_ms, 3600000);
    scenario_fini(&s);
}

static void expected_polls_are_a_number_a_range_or_a_least(void **state)
{
    static const struct {
        const char *polls;
        uint32_t min, max;
    } rows[] = {
        {"\"4\"", 4, 4},
        {"\"0\"", 0, 0},
        {"\"4..4\"", 4, 4},
        {"\"4..\"", 4, UINT32_MAX},
        {"\"0..1000000\"", 0, 1000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = edited(good, "\"4..12\"", rows[i].polls);
        struct scenario s = parsed(text);
        assert_int_equal(s.expect.polls_min, rows[i].min);
        assert_int_equal(s.expect.polls_max, rows[i].max);
        scenario_fini(&s);
        free(text);
    }
}

/* -- Errors ----------------------------------------------------------------------------------- */

static const struct broken rows[] = {
    /* not JSON */
    {"\"title\":", "\"title\"", "full.json:3:9", "a colon"},
    /* a key twice, half a pair */
    {"\"tasks\"", "\"title\"", "full.json:4:1", "stood in this object before"},
    {"polls on", "polls \\ud83d", "full.json:3:23", "surrogate pair"},
    /* a list */
    {good, "[]", "full.json:1:1", "the file must be an object, not array"},
    /* an unknown key, with the nearest */
    {"\"title\"", "\"titel\"", "full.json:3:1", "unknown key \"titel\"; did you mean \"title\"?"},
    /* an unknown key that is near to none */
    {"\"seed\"", "\"zzzzzzzzz\"", "full.json:16:1",
     "unknown key \"zzzzzzzzz\"; known are \"$schema\", \"title\""},
    /* no title */
    {"\"title\": \"polls on\",\n", "", "full.json:1:1", "\"title\" is missing"},
    /* an empty title */
    {"\"polls on\"", "\"\"", "full.json:3:10", "\"title\" must not be empty"},
    /* a title of the wrong kind */
    {"\"polls on\"", "7", "full.json:3:10", "\"title\" must be a string, not number"},
    /* a schema of the wrong kind */
    {"\"../../scenario.schema.json\"", "true", "full.json:2:12", "\"$schema\" must be a string"},
    /* a glob of the wrong kind */
    {"\"videos-full-*\"", "[\"videos-full-*\"]", "full.json:4:10",
     "\"tasks\" must be a string, not array"},
    /* no steps */
    {good, "{\"title\": \"t\", \"expect\": {\"outcome\": \"error\"}}", "full.json:1:1",
     "\"steps\" is missing"},
    /* steps of the wrong kind */
    {good, "{\"title\": \"t\", \"steps\": {}, \"expect\": {\"outcome\": \"error\"}}",
     "full.json:1:25", "\"steps\" must be an array, not object"},
    /* a step of the wrong kind */
    {"{\"reply\": \"success\"}", "\"success\"", "full.json:9:3",
     "element 4 must be an object, not string"},
    /* a step without a reply */
    {"{\"reply\": \"queued\", \"polls\"", "{\"polls\"", "full.json:6:3", "\"reply\" is missing"},
    /* an unknown key in a step */
    {"\"polls\": 2", "\"poll\": 2", "full.json:6:23",
     "unknown key \"poll\"; did you mean \"polls\"?"},
    /* a reply that is not there, with the nearest */
    {"\"in_progress\"", "\"in_progres\"", "full.json:8:13",
     "no reply \"in_progres\" in videos; did you mean \"in_progress\"?"},
    /* a reply that is near to none */
    {"\"in_progress\"", "\"zzzzzzzzzzzz\"", "full.json:8:13",
     "no reply \"zzzzzzzzzzzz\" in videos"},
    /* no poll at all */
    {"\"polls\": 2", "\"polls\": 0", "full.json:6:32", "a whole number of 1 to 1000000"},
    /* too many */
    {"\"polls\": 2", "\"polls\": 1000001", "full.json:6:32", "a whole number of 1 to 1000000"},
    /* half a poll */
    {"\"polls\": 2", "\"polls\": 1.5", "full.json:6:32", "a whole number of 1 to 1000000"},
    /* polls as text */
    {"\"polls\": 2", "\"polls\": \"2\"", "full.json:6:32",
     "\"polls\" must be a number, not string"},
    /* a duration without its unit */
    {"\"30s\"", "\"30\"", "full.json:8:35", "\"for\" is \"30\"; a duration is a number and ms, s"},
    /* a duration as a number */
    {"\"30s\"", "30", "full.json:8:35", "\"for\" must be a string, not number"},
    /* more than a day */
    {"\"30s\"", "\"25h\"", "full.json:8:35", "at most 24h"},
    /* no time at all */
    {"\"30s\"", "\"0s\"", "full.json:8:35", "\"for\" must be longer than 0"},
    /* both lengths */
    {"\"polls\": 2", "\"polls\": 2, \"for\": \"1s\"", "full.json:6:35",
     "a step has \"polls\" or \"for\", not both"},
    /* a last step with polls */
    {"{\"reply\": \"success\"}", "{\"reply\": \"success\", \"polls\": 3}", "full.json:9:24",
     "the last step has no \"polls\""},
    /* a last step with a time */
    {"{\"reply\": \"success\"}", "{\"reply\": \"success\", \"for\": \"3s\"}", "full.json:9:24",
     "the last step has no \"for\""},
    /* a fault of the wrong kind */
    {"{\"delay\": \"300ms\"}", "\"delay\"", "full.json:7:36", "a fault is an object"},
    /* a fault that is not there */
    {"{\"delay\": \"300ms\"}", "{\"dellay\": \"300ms\"}", "full.json:7:47",
     "unknown fault \"dellay\"; the nearest is \"delay\""},
    /* a fault's parameter of the wrong kind */
    {"{\"delay\": \"300ms\"}", "{\"delay\": true}", "full.json:7:46", "delay takes a duration"},
    /* the second fault of a list */
    {"{\"truncate\": 9}", "{\"truncate\": \"x\"}", "full.json:8:82", "truncate"},
    /* an empty list of faults */
    {"{\"delay\": \"300ms\"}", "[]", "full.json:7:36", "\"fault\" must not be empty"},
    /* more faults than a step holds */
    {"{\"delay\": \"300ms\"}",
     "[{\"empty\":true},{\"empty\":true},{\"empty\":true},{\"empty\":true},{\"empty\":true},"
     "{\"empty\":true},{\"empty\":true},{\"empty\":true},{\"empty\":true}]",
     "full.json:7:157", "more than 8 faults in a step"},
    /* an end that is none */
    {"\"gone\"", "\"gon\"", "full.json:11:8", "\"end\" cannot be \"gon\"; did you mean \"gone\"?"},
    /* no expectation */
    {good, "{\"title\": \"t\", \"steps\": [{\"reply\": \"queued\"}]}", "full.json:1:1",
     "\"expect\" is missing"},
    /* an expectation without an outcome */
    {"\"outcome\": \"failed\", ", "", "full.json:12:11", "\"outcome\" is missing"},
    /* an outcome that is none */
    {"\"failed\"", "\"success\"", "full.json:12:23", "\"outcome\" cannot be \"success\""},
    /* a URL of the wrong kind */
    {"\"url\": \"\"", "\"url\": null", "full.json:12:40", "\"url\" must be a string, not null"},
    /* a path that is no operation's with the result */
    {"\"url\": \"\"", "\"url\": \"/v1/x\"", "full.json:12:40",
     "which is the path of no operation with the role content"},
    /* a reason of the wrong kind */
    {"\"reason\": \"no\"", "\"reason\": 3", "full.json:12:54", "\"reason\" must be a string"},
    /* expected polls as a number */
    {"\"4..12\"", "4", "full.json:12:69", "\"polls\" must be a string, not number"},
    /* a range the wrong way round */
    {"\"4..12\"", "\"12..4\"", "full.json:12:69", "\"polls\" is \"12..4\"; it must be \"N\""},
    /* a range with one dot */
    {"\"4..12\"", "\"4.12\"", "full.json:12:69", "it must be \"N\", \"N..M\" or \"N..\""},
    /* a range without a start */
    {"\"4..12\"", "\"..12\"", "full.json:12:69", "it must be"},
    /* a negative count */
    {"\"4..12\"", "\"-4\"", "full.json:12:69", "it must be"},
    /* more polls than any step answers */
    {"\"4..12\"", "\"1000001\"", "full.json:12:69", "at most 1000000"},
    /* a bound that is no duration */
    {"\"10m\"", "\"ten\"", "full.json:12:88", "\"within\" is \"ten\"; a duration is"},
    /* a bound of nothing */
    {"\"10m\"", "\"0s\"", "full.json:12:88", "\"within\" must be longer than 0"},
    /* an unknown key in the expectation */
    {"\"within\"", "\"witin\"", "full.json:12:78",
     "unknown key \"witin\"; did you mean \"within\"?"},
    /* a goal that the contract does not have, with the nearest */
    {"\"goal\": \"ready\"", "\"goal\": \"redy\"", "full.json:13:9",
     "no goal \"redy\" in the contract of videos; did you mean \"ready\"?"},
    /* a transport that is none */
    {"\"wire\"", "\"both\"", "full.json:14:9",
     "\"only\" cannot be \"both\"; known are \"direct\", \"wire\""},
    /* rules of the wrong kind */
    {"{\"interval\": \"why\"}", "\"interval\"", "full.json:15:18",
     "\"off\" must be an object, not string"},
    /* rules that are off without a reason, as they once were */
    {"{\"interval\": \"why\"}", "[\"terminal\"]", "full.json:15:18",
     "\"off\" must be an object of rules, each with the reason: {\"terminal\": \"why it is not "
     "judged\"}"},
    {"{\"interval\": \"why\"}", "{\"interval\": \"\"}", "full.json:15:31",
     "\"interval\" must not be empty"},
    /* a rule of the wrong kind */
    {"\"bounded\"", "2", "full.json:15:60", "element 2 must be a string, not number"},
    /* an unknown key in the rules */
    {"\"off\"", "\"of\"", "full.json:15:11", "unknown key \"of\"; did you mean \"off\"?"},
    /* a negative seed */
    {"7", "-1", "full.json:16:9", "\"seed\" must be a whole number of 0 to"},
    /* a provenance of the wrong kind */
    {"\"doc\"", "[]", "full.json:17:15", "\"provenance\" must be a string, not array"},
};

static void every_error_names_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = edited(good, rows[i].from, rows[i].to);
        struct scenario s = {.seed = 9};
        struct err e = {0};
        int code = scenario_parse(span_of(text), "s/full.json", "full", &upstream, &s, &e);
        assert_error(&e, rows[i].to, rows[i].where, rows[i].what);
        assert_int_equal(code, e.code);
        assert_int_equal(s.seed, 0);
        assert_null(s.document);
        free(text);
    }
}

static int parse_steps(size_t count, struct err *e)
{
    static char text[32768];
    struct scenario s;
    size_t n = (size_t)snprintf(text, sizeof text,
                                "{\"title\":\"t\",\"expect\":{\"outcome\":\"error\"},\"steps\":[");
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"reply\":\"queued\"}", i ? "," : "");
    snprintf(text + n, sizeof text - n, "]}");
    int code = scenario_parse(span_of(text), "s/x.json", "x", &upstream, &s, e);
    scenario_fini(&s);
    return code;
}

static void a_scenario_has_1_to_256_steps(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(parse_steps(SCENARIO_STEPS_MAX, &e), 0);
    assert_int_equal(parse_steps(SCENARIO_STEPS_MAX + 1, &e), ERR_LIMIT);
    assert_error(&e, "257 steps", "x.json:1:51", "257 steps; at most 256");
    assert_int_equal(parse_steps(0, &e), ERR_CONTRACT);
    assert_error(&e, "no steps", "x.json:1:51", "\"steps\" must not be empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(steps_carry_reply_length_and_faults),
        cmocka_unit_test(a_steps_state_is_its_replys_under_the_goal),
        cmocka_unit_test(what_is_left_out_is_at_its_default),
        cmocka_unit_test(expected_polls_are_a_number_a_range_or_a_least),
        cmocka_unit_test(every_error_names_line_and_column),
        cmocka_unit_test(a_scenario_has_1_to_256_steps),
    };
    return cmocka_run_group_tests(tests, open_upstream, close_upstream);
}
