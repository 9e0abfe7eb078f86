/* Profiles: every key is read, every mistake is told, and the first row that fits gives the outcome. */
#include "base/file.h"
#include "harness/external/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int load(const char *text, struct profile *out, struct err *e)
{
    static char path[64]; /* the profile goes on pointing at it */
    snprintf(path, sizeof path, "/tmp/understudy-profile-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(file_write(path, span_of(text), NULL), 0);
    int failed = profile_load(path, out, e);
    unlink(path);
    return failed;
}

static void load_well(const char *text, struct profile *out)
{
    struct err e = {0};
    if (load(text, out, &e) != 0)
        fail_msg("%s: %s: %s", text, e.where, e.what);
}

static void every_mistake_says_where_it_is_and_what_is_wanted(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer, *what;
    } cases[] = {
        {"{", ":1:2", ""}, /* no JSON */
        {"{\n \"auth\": \"none\", \"auth\": \"none\"}", ":2:18", "stood in this object before"},
        {"{\"limit\": 1e999}", ":1:11", "beyond the range of a double"},
        {"[]", ":1:1", "must be an object, not array"},                 /* another kind */
        {"{\n  \"outcoms\": []}", ":2:3", "did you mean \"outcomes\""}, /* a key */
        {"{\"argument\": []}", ":1:2", "did you mean \"arguments\""},   /* another key */
        {"{\"outcomes\": {}}", ":1:14", "\"outcomes\" must be an array"},
        {"{\"outcomes\": [7]}", ":1:15", "element 1 must be an object"},
        {"{\"outcomes\": [{}]}", ":1:15", "\"outcome\" is missing"},
        {"{\"outcomes\": [{\"outcome\": \"succeded\"}]}", ":1:27", "did you mean \"succeeded\""},
        {"{\"outcomes\": [{\"outcome\": \"error\", \"exti\": 1}]}", ":1:36",
         "did you mean \"exit\""},
        {"{\"outcomes\": [{\"outcome\": \"error\", \"exit\": -1}]}", ":1:44", "of 0 to 255"},
        {"{\"outcomes\": [{\"outcome\": \"error\", \"exit\": 256}]}", ":1:44", "of 0 to 255"},
        {"{\"outcomes\": [{\"outcome\": \"error\"},\n{\"outcome\": \"error\", \"exit\": \"1\"}]}",
         ":2:30", "\"exit\" must be a number"},
        {"{\"outcomes\": [{\"outcome\": \"error\", \"output\": \"ab(\"}]}", ":1:46",
         "\"output\" at byte 3: missing closing parenthesis"},
        {"{\"outcomes\": [{\"outcome\": \"error\", \"output\": 7}]}", ":1:46",
         "\"output\" must be a regular expression of at most 4096 bytes"},
        {"{\"outcomes\": [{\"outcome\": \"succeeded\", \"url\": \"video\"}]}", ":1:47",
         "\"url\" must have exactly one capture"},
        {"{\"outcomes\": [{\"outcome\": \"failed\", \"reason\": \"(a)(b)\"}]}", ":1:47",
         "\"reason\" must have exactly one capture"},
        {"{\"comand\": []}", ":1:2", "did you mean \"command\""},
        {"{\"command\": \"poll {base_url}\"}", ":1:13", "\"command\" must be an array"},
        {"{\"command\": []}", ":1:13", "the program"},
        {"{\"command\": [\"\", \"word\"]}", ":1:13", "the program"},
        {"{\"command\": [\"poll\", 5]}", ":1:22", "element 2 must be a string"},
        {"{\"command\": [\"poll\",\n\"{base-url}\"]}", ":2:1",
         "{base-url} is no placeholder; nearest: {base_url}"},
        {"{\"arguments\": \"--interval\"}", ":1:15", "\"arguments\" must be an array"},
        {"{\"arguments\": [\"--interval\", 5]}", ":1:30", "element 2 must be a string"},
        {"{\"arguments\": [\"{intervall}\"]}", ":1:16", "nearest: {interval}"},
        {"{\"auth\": \"nome\"}", ":1:10", "did you mean \"none\""},
        {"{\"urls\": \"recored\"}", ":1:10", "did you mean \"recorded\""},
        {"{\"auth\": \"contrat\"}", ":1:10", "did you mean \"contract\""},
        {"{\"auth\": false}", ":1:10", "\"auth\" must be a string"},
        {"{\"limit\": \"soon\"}", ":1:11", "a duration is a number and ms, s, m or h"},
        {"{\"limit\": 90}", ":1:11", "\"limit\" must be a string"},
        {"{\"bound\": \"10 minutes\"}", ":1:11", "\"bound\" is \"10 minutes\"; a duration is"},
        {"{\"bound\": \"0s\"}", ":1:11", "\"bound\" must be longer than 0"},
        {"{\"tasks\": 0}", ":1:11", "of 1 to 1000"},
        {"{\"tasks\": 1001}", ":1:11", "of 1 to 1000"},
        {"{\"interval\": 3}", ":1:14", "\"interval\" must be a string"},
        {"{\"interval\": \"0ms\"}", ":1:14", "\"interval\" must be longer than 0"},
        {"{\"goal\": \"\"}", ":1:10", "\"goal\" must not be empty"},
        {"{\"rules\": {\"of\": {}}}", ":1:12", "did you mean \"off\""},
        {"{\"rules\": {\"off\": [\"terminal\"]}}", ":1:19",
         "{\"terminal\": \"why it is not judged\"}"},
        {"{\"rules\": {\"off\": {\n\"terminall\": \"why\"}}}", ":2:1",
         "no rule \"terminall\"; did you mean \"terminal\""},
        {"{\"rules\": {\"off\": {\"terminal\": \"\"}}}", ":1:32", "must not be empty"},
        {"{\"rules\": {\"off\": {\"terminal\": true}}}", ":1:32", "must be a string"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile p;
        struct err e = {0};
        if (load(cases[i].text, &p, &e) == 0)
            fail_msg("taken: %s", cases[i].text);
        if (strstr(e.where, "understudy-profile-") == NULL
            || strstr(e.where, cases[i].pointer) == NULL || strstr(e.what, cases[i].what) == NULL)
            fail_msg("%s: wanted \"%s: %s\" in: %s: %s", cases[i].text, cases[i].pointer,
                     cases[i].what, e.where, e.what);
        assert_null(p.document);
        assert_int_equal(p.row_count, 0);
    }
}

/* {"KEY": [ITEM, ITEM, ...]} */
static int load_many(const char *key, const char *item, int count, struct err *e)
{
    struct buf text;
    struct profile p;
    buf_init(&text, 1 << 16);
    buf_addf(&text, "{\"%s\": [", key);
    for (int i = 0; i < count; i++)
        buf_addf(&text, "%s%s", i > 0 ? ", " : "", item);
    buf_add_text(&text, "]}");
    buf_add_char(&text, '\0');
    int failed = load(text.p, &p, e);
    profile_fini(&p);
    buf_fini(&text);
    return failed;
}

static void the_lists_hold_their_maximum_and_no_more(void **state)
{
    (void)state;
    static const struct {
        const char *key, *item;
        int max;
    } cases[] = {
        {"outcomes", "{\"outcome\": \"error\", \"output\": \"x\"}", PROFILE_ROWS_MAX},
        {"command", "\"word\"", PROFILE_COMMAND_MAX},
        {"arguments", "\"word\"", PROFILE_ARGUMENTS_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = {0};
        assert_int_equal(load_many(cases[i].key, cases[i].item, cases[i].max, &e), 0);
        assert_int_equal(load_many(cases[i].key, cases[i].item, cases[i].max + 1, &e), ERR_LIMIT);
    }
}

static void a_command_is_read_word_by_word(void **state)
{
    (void)state;
    struct profile p;
    load_well("{\"command\": [\"./poll\", \"\", \"{base_url}\"]}", &p);
    assert_string_equal(p.command[0], "./poll");
    assert_string_equal(p.command[1], "");
    assert_string_equal(p.command[2], "{base_url}");
    assert_null(p.command[3]);
    profile_fini(&p);
    load_well("{}", &p);
    assert_null(p.command[0]);
    profile_fini(&p);
}

static void arguments_auth_and_limit_are_read(void **state)
{
    (void)state;
    struct profile p;
    load_well("{\"arguments\": [\"--interval\", \"{interval}\"], // comments are fine\n"
              " \"auth\": \"none\", \"limit\": \"90s\"}",
              &p);
    assert_string_equal(p.arguments[0], "--interval");
    assert_string_equal(p.arguments[1], "{interval}");
    assert_null(p.arguments[2]);
    assert_true(p.no_auth);
    assert_int_equal(p.limit_ms, 90000);
    profile_fini(&p);
    load_well("{\"auth\": \"contract\"}", &p);
    assert_false(p.no_auth);
    profile_fini(&p);
    load_well("{\"tasks\": 1000}", &p);
    assert_int_equal(p.tasks, 1000);
    profile_fini(&p);
    load_well("{}", &p);
    assert_int_equal(p.tasks, 1);
    assert_false(p.no_auth);
    assert_null(p.arguments[0]);
    assert_int_equal(p.limit_ms, 0);
    profile_fini(&p);
}

static void what_the_client_does_by_itself_is_read(void **state)
{
    (void)state;
    struct profile p;
    load_well("{\"bound\": \"10m\", \"interval\": \"1.5s\", \"goal\": \"ready\","
              " \"rules\": {\"off\": {\"retry-after\": \"its gateway drops it\"}}}",
              &p);
    assert_int_equal(p.bound_ms, 600000);
    assert_int_equal(p.interval_ms, 1500);
    assert_string_equal(p.goal, "ready");
    assert_string_equal(rules_off_why(&p.rules_off, "retry-after"), "its gateway drops it");
    assert_null(rules_off_why(&p.rules_off, "terminal"));
    profile_fini(&p);
    load_well("{\"rules\": {}}", &p);
    assert_int_equal(p.bound_ms, -1);
    assert_int_equal(p.interval_ms, -1);
    assert_null(p.goal);
    assert_int_equal(p.rules_off.count, 0);
    profile_fini(&p);
}

static void urls_are_local_unless_it_says_recorded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool recorded;
    } cases[] = {
        {"{}", false}, {"{\"urls\": \"local\"}", false}, {"{\"urls\": \"recorded\"}", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile p;
        load_well(cases[i].text, &p);
        assert_true(p.recorded_urls == cases[i].recorded);
        profile_fini(&p);
    }
}

/* A client that downloads its video need not print where it lies. */
static void a_url_that_was_fetched_counts_when_none_was_printed(void **state)
{
    (void)state;
    struct download list[] = {{.url = (char[]){"https://example.com/cover.jpg"}},
                              {.url = (char[]){"https://example.com/right.mp4"}},
                              {.url = (char[]){"https://example.com/last.mp4"}}};
    static const struct {
        const char *output;
        uint32_t count;
        int exit_code;
        const char *url;
    } cases[] = {
        {"", 0, 0, ""},
        {"saved", 1, 0, "https://example.com/cover.jpg"},
        {"saved", 3, 0, "https://example.com/right.mp4"},
        {"https://example.com/printed.mp4", 3, 0, "https://example.com/printed.mp4"},
        {"", 3, 1, ""},
    };
    struct scenario scenario = {.expect = {.url = "https://example.com/right.mp4"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct evidence evidence = {.scenario = &scenario,
                                    .downloads = {.list = list, .count = cases[i].count}};
        const struct profile_end end = {cases[i].exit_code, cases[i].output, ""};
        assert_int_equal(profile_read(NULL, &end, &evidence, NULL), 0);
        assert_string_equal(evidence.result.view.url, cases[i].url);
    }
}

/* What a row of the table below expects to be read from an exit code and an output. */
struct reading {
    int exit_code;
    const char *output;
    enum task_outcome outcome;
    const char *url, *reason;
    bool unspecific;
};

static void read_all(const struct profile *p, const struct reading *cases, size_t count)
{
    struct scenario scenario = {.expect = {.url = "https://example.com/right.mp4"}};
    for (size_t i = 0; i < count; i++) {
        struct evidence evidence = {.scenario = &scenario};
        struct err e = {0};
        const struct profile_end end = {cases[i].exit_code, cases[i].output, ""};
        if (profile_read(p, &end, &evidence, &e))
            fail_msg("row %zu: %s: %s", i, e.where, e.what);
        assert_int_equal(e.code, ERR_OK); /* rows that did not fit leave none */
        const struct task_result *r = &evidence.result;
        if (r->outcome != cases[i].outcome || strcmp(r->view.url, cases[i].url) != 0
            || strcmp(r->view.reason, cases[i].reason) != 0
            || evidence.unspecific != cases[i].unspecific)
            fail_msg("row %zu: outcome %d, url \"%s\", reason \"%s\", vague %d", i, r->outcome,
                     r->view.url, r->view.reason, evidence.unspecific);
    }
}

static void the_first_row_that_fits_gives_outcome_url_and_reason(void **state)
{
    (void)state;
    struct profile p;
    static const struct reading cases[] = {
        {0, "video: https://a/b.mp4\n", TASK_OUTCOME_SUCCEEDED, "https://a/b.mp4", "", false},
        {0, "x\nvideo:   https://a/b.mp4  \ny\n", TASK_OUTCOME_SUCCEEDED, "https://a/b.mp4", "",
         false},                                                         /* trimmed */
        {1, "timed out\n", TASK_OUTCOME_GAVE_UP, "", "", false},         /* before the next */
        {1, "failed: timed out\n", TASK_OUTCOME_GAVE_UP, "", "", false}, /* the first counts */
        {1, "failed: no face\n", TASK_OUTCOME_FAILED, "", "no face", false},
        {2, "failed: no face\n", TASK_OUTCOME_FAILED, "", "", true}, /* another exit */
        {7, "fatal\n", TASK_OUTCOME_ERROR, "", "", false},           /* any exit */
        {1, "", TASK_OUTCOME_FAILED, "", "", true},                  /* no row fits */
        {0, "https://a/other.mp4\n", TASK_OUTCOME_SUCCEEDED, "https://a/other.mp4", "", false},
    };
    load_well("{\"outcomes\": ["
              "{\"outcome\": \"succeeded\", \"exit\": 0, \"url\": \"^video: (.*)$\"},"
              "{\"outcome\": \"gave_up\", \"exit\": 1, \"output\": \"timed out\"},"
              "{\"outcome\": \"failed\", \"exit\": 1, \"reason\": \"^failed: (.*)$\"},"
              "{\"outcome\": \"error\", \"output\": \"^fatal$\"}]}",
              &p);
    read_all(&p, cases, sizeof cases / sizeof cases[0]);
    profile_fini(&p);
}

/* What was promised of POSIX's expressions holds of these: no match goes over a line end. */
static void an_expression_sees_one_line_at_a_time_without_its_end(void **state)
{
    (void)state;
    struct profile p;
    static const struct reading cases[] = {
        {0, "saved to https://a/b.mp4\nbye\n", TASK_OUTCOME_SUCCEEDED, "https://a/b.mp4", "",
         false},
        {0, "saved to https://a/b.mp4\r\nbye\r\n", TASK_OUTCOME_SUCCEEDED, "https://a/b.mp4", "",
         false},
        {0, "saved\nto https://a/b.mp4", TASK_OUTCOME_SUCCEEDED, "https://a/b.mp4", "", false},
        {1, "code 12\n", TASK_OUTCOME_FAILED, "", "12", false},
        {1, "\xff code 12 \xe4\xb8\xad", TASK_OUTCOME_FAILED, "", "12", false},
        {2, "x\r\nend\r\n", TASK_OUTCOME_ERROR, "", "", false},
        {2, "the end", TASK_OUTCOME_FAILED, "", "", true},
        {3, "", TASK_OUTCOME_ERROR, "", "", false}, /* an empty output is one empty line */
        {3, "a\n", TASK_OUTCOME_ERROR, "", "", false},
        {3, "a", TASK_OUTCOME_FAILED, "", "", true},
        {4, "b", TASK_OUTCOME_FAILED, "", "", true}, /* the group takes no part */
    };
    load_well("{\"outcomes\": ["
              "{\"outcome\": \"succeeded\", \"exit\": 0, \"url\": \"saved to ([^ ]+)\"},"
              "{\"outcome\": \"succeeded\", \"exit\": 0, \"url\": \"to (\\\\S+)\"},"
              "{\"outcome\": \"failed\", \"exit\": 1, \"reason\": \"code (\\\\d+)\"},"
              "{\"outcome\": \"error\", \"exit\": 2, \"output\": \"^end$\"},"
              "{\"outcome\": \"error\", \"exit\": 3, \"output\": \"^$\"},"
              "{\"outcome\": \"error\", \"exit\": 4, \"reason\": \"(a)|b\"}]}",
              &p);
    read_all(&p, cases, sizeof cases / sizeof cases[0]);
    profile_fini(&p);
}

static int read_lines(const struct profile *p, const char *line, size_t bytes, struct err *e)
{
    struct scenario scenario = {0};
    struct evidence evidence = {.scenario = &scenario};
    struct buf output;
    buf_init(&output, 2 << 20);
    while (output.n < bytes)
        buf_add_text(&output, line);
    int code = profile_read(p, &(struct profile_end){0, output.p, ""}, &evidence, e);
    buf_fini(&output);
    return code;
}

static void an_expression_that_takes_too_many_steps_is_an_error_that_names_its_row(void **state)
{
    (void)state;
    struct profile p;
    struct err e = {0};
    load_well("{\"outcomes\": [{\"outcome\": \"error\", \"exit\": 1},"
              "{\"outcome\": \"succeeded\", \"url\": \"^(a+)+$\"}]}",
              &p);
    assert_int_equal(read_lines(&p, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1, &e),
                     ERR_LIMIT);
    assert_non_null(strstr(e.where, ": /outcomes/1: /url"));
    assert_non_null(strstr(e.what, "steps"));
    /* and so is one that takes many in each of many lines */
    assert_int_equal(read_lines(&p, "aaaaaaaaaaaaaaaab\n", 1 << 20, &e), ERR_LIMIT);
    assert_non_null(strstr(e.where, ": /outcomes/1: /url"));
    profile_fini(&p);
}

/* As much as a client may print, in lines and in one line. */
static void a_mebibyte_of_output_is_searched_with_simple_expressions(void **state)
{
    (void)state;
    struct profile p;
    struct err e = {0};
    load_well("{\"outcomes\": [{\"outcome\": \"error\", \"output\": \"\\\\w+ failed\"},"
              "{\"outcome\": \"error\", \"reason\": \"^error: (.*)$\"},"
              "{\"outcome\": \"error\", \"output\": \"(?i)timed out\"}]}",
              &p);
    static const char *const lines[] = {"task t-1 is running, 40 percent\n", "\n", "no end, "};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (read_lines(&p, lines[i], (1 << 20) - 64, &e))
            fail_msg("%s: %s: %s", lines[i], e.where, e.what);
    profile_fini(&p);
}

static void without_a_profile_the_exit_code_and_the_url_in_the_output_count(void **state)
{
    (void)state;
    static const struct reading cases[] = {
        {0, "https://a/1.mp4 then https://a/2.mp4\n", TASK_OUTCOME_SUCCEEDED, "https://a/2.mp4", "",
         false}, /* the last one */
        {0, "\"https://example.com/right.mp4\", https://a/2.mp4", TASK_OUTCOME_SUCCEEDED,
         "https://example.com/right.mp4", "", false}, /* the expected one */
        {0, "https://example.com/right.mp4.part", TASK_OUTCOME_SUCCEEDED,
         "https://example.com/right.mp4.part", "", false}, /* not a whole word */
        {0, "httpx://no", TASK_OUTCOME_SUCCEEDED, "", "", false},
        {3, "https://a/1.mp4", TASK_OUTCOME_FAILED, "", "", true},
    };
    read_all(NULL, cases, sizeof cases / sizeof cases[0]);
}

static void a_crash_is_no_report_unless_a_row_names_the_exceptions_line(void **state)
{
    (void)state;
    static const char errors[] =
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nTaskFailed: no\n";
    static const struct {
        const char *rows, *output, *crashed;
        int exit_code;
        enum task_outcome outcome;
    } cases[] = {
        {"", errors, "uncaught exception: TaskFailed: no", 1, TASK_OUTCOME_FAILED},
        {"{\"outcome\": \"error\", \"exit\": 1}", errors, "uncaught exception: TaskFailed: no", 1,
         TASK_OUTCOME_FAILED},
        {"{\"outcome\": \"error\", \"exit\": 1, \"output\": \"^TaskFailed\"}", errors, "", 1,
         TASK_OUTCOME_ERROR},
        {"{\"outcome\": \"error\", \"exit\": 1, \"output\": \"^KeyError\"}", errors,
         "uncaught exception: TaskFailed: no", 1, TASK_OUTCOME_FAILED},
        {"{\"outcome\": \"error\", \"exit\": 1, \"output\": \"^Traceback\"}",
         errors, /* another line */
         "uncaught exception: TaskFailed: no", 1, TASK_OUTCOME_FAILED},
        {"{\"outcome\": \"succeeded\", \"exit\": 139}", errors, "signal 11 (SEGV) ended it", 139,
         TASK_OUTCOME_FAILED},
        {"{\"outcome\": \"error\", \"exit\": 4}", errors, "", 4, TASK_OUTCOME_ERROR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile p;
        struct scenario scenario = {0};
        struct evidence evidence = {.scenario = &scenario};
        char text[512];
        snprintf(text, sizeof text, "{\"outcomes\": [%s]}", cases[i].rows);
        load_well(text, &p);
        const struct profile_end end = {cases[i].exit_code, cases[i].output, errors};
        assert_int_equal(profile_read(&p, &end, &evidence, NULL), 0);
        assert_string_equal(evidence.crashed, cases[i].crashed);
        assert_int_equal(evidence.result.outcome, cases[i].outcome);
        assert_int_equal(evidence.unspecific, cases[i].crashed[0] != '\0');
        profile_fini(&p);
    }
}

static void an_exit_code_in_no_row_is_told_so_and_what_is_known_of_it(void **state)
{
    (void)state;
    static const struct {
        int exit_code;
        const char *why;
    } cases[] = {
        {1, "it ended with exit code 1"},
        {7, "it ended with exit code 7, which is in no row of its profile"},
        {13,
         "it ended with exit code 13, which is in no row of its profile; that is Node's for a "
         "promise "
         "that never settled"},
    };
    struct profile p;
    load_well("{\"outcomes\": [{\"outcome\": \"failed\", \"exit\": 1}]}", &p);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scenario scenario = {0};
        struct evidence evidence = {.scenario = &scenario};
        const struct profile_end end = {cases[i].exit_code, "", ""};
        assert_int_equal(profile_read(&p, &end, &evidence, NULL), 0);
        assert_string_equal(evidence.result.why, cases[i].why);
    }
    profile_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_says_where_it_is_and_what_is_wanted),
        cmocka_unit_test(the_lists_hold_their_maximum_and_no_more),
        cmocka_unit_test(a_command_is_read_word_by_word),
        cmocka_unit_test(arguments_auth_and_limit_are_read),
        cmocka_unit_test(what_the_client_does_by_itself_is_read),
        cmocka_unit_test(urls_are_local_unless_it_says_recorded),
        cmocka_unit_test(a_url_that_was_fetched_counts_when_none_was_printed),
        cmocka_unit_test(the_first_row_that_fits_gives_outcome_url_and_reason),
        cmocka_unit_test(an_expression_sees_one_line_at_a_time_without_its_end),
        cmocka_unit_test(an_expression_that_takes_too_many_steps_is_an_error_that_names_its_row),
        cmocka_unit_test(a_mebibyte_of_output_is_searched_with_simple_expressions),
        cmocka_unit_test(a_crash_is_no_report_unless_a_row_names_the_exceptions_line),
        cmocka_unit_test(an_exit_code_in_no_row_is_told_so_and_what_is_known_of_it),
        cmocka_unit_test(without_a_profile_the_exit_code_and_the_url_in_the_output_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
