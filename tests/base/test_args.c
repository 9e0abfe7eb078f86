/* Command lines: every form of every kind, the environment, and errors that help. */
#include "cases.h"

#include "base/args.h"

#include <stdlib.h>
#include <string.h>

struct values {
    const char *listen;
    bool strict;
    int64_t jobs, timeout_ms;
    struct args_list list;
};

static int read_words(struct values *v, struct args_rest *rest, struct err *e, const char *words)
{
    static char text[512]; /* ends with two NULs at least: one more than the last word's */
    static char *argv[80];
    const struct args_option options[] = {
        {"--listen", 0, ARGS_TEXT, &v->listen, 0, 0, "ADDR", "where to listen"},
        {"--strict", 's', ARGS_SWITCH, &v->strict, 0, 0, NULL, "refuse unknown ids"},
        {"--jobs", 'j', ARGS_INT, &v->jobs, 1, 64, "N", "at once; default 1"},
        {"--time-out", 0, ARGS_DURATION, &v->timeout_ms, 0, 0, "TIME", "default 5s"},
        {"--label", 'l', ARGS_LIST, &v->list, 0, 0, "L", "may be repeated"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    *v = (struct values){.listen = "default", .jobs = 1, .timeout_ms = 5000};
    v->list = (struct args_list){{"first"}, 1};
    int argc = 0;
    argv[argc++] = (char *)(uintptr_t) "program";
    memset(text, 0, sizeof text);
    assert_true(span_copy(span_of(words), text, sizeof text - 1));
    for (char *word = text; *word; word += strlen(word) + 1) {
        argv[argc++] = word;
        word[strcspn(word, " ")] = '\0';
    }
    argv[argc] = NULL;
    return args_read(options, argc, argv, rest, e);
}

static void every_form_is_read(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    struct err e = {0};
    assert_int_equal(read_words(&v, &rest, &e,
                                "run --listen=a=b --strict -j4 x --time-out 1.5s --label p -l q - "
                                "-- --listen y"),
                     0);
    assert_string_equal(v.listen, "a=b");
    assert_true(v.strict);
    assert_int_equal(v.jobs, 4);
    assert_int_equal(v.timeout_ms, 1500);
    assert_int_equal(v.list.count, 2); /* the default is replaced */
    assert_string_equal(v.list.values[1], "q");
    assert_int_equal(rest.count, 3);
    assert_string_equal(rest.words[0], "run");
    assert_string_equal(rest.words[2], "-");
    assert_string_equal(rest.after[0], "--listen");
    assert_string_equal(rest.after[1], "y");
    assert_null(rest.after[2]);
    assert_false(rest.help);
}

static void defaults_stay_when_nothing_is_given(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    assert_int_equal(read_words(&v, &rest, NULL, ""), 0);
    assert_string_equal(v.listen, "default");
    assert_int_equal(v.timeout_ms, 5000);
    assert_int_equal(v.list.count, 1);
    assert_null(rest.after);
}

static void a_bare_duration_is_seconds(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    assert_int_equal(read_words(&v, &rest, NULL, "--time-out 7"), 0);
    assert_int_equal(v.timeout_ms, 7000);
    assert_int_equal(read_words(&v, &rest, NULL, "--time-out 7ms"), 0);
    assert_int_equal(v.timeout_ms, 7);
}

static void wrong_words_are_named_with_what_would_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *words, *where, *what;
    } rows[] = {
        {"--lisen x", "--lisen", "did you mean --listen?"},
        {"--hlep", "--hlep", "did you mean --help?"},
        {"--banana=1", "--banana", "--help lists them all"},
        {"-x", "-x", "unknown option"},
        {"--strictly", "--strictly", "did you mean --strict?"}, /* no prefix matching */
        {"--strict=1", "--strict", "takes no value"},
        {"-sx", "--strict", "takes no value"},
        {"--listen", "--listen", "needs a value: --listen ADDR"},
        {"--listen --strict", "--listen", "needs a value"},
        {"--jobs 0", "--jobs", "from 1 to 64"},
        {"--jobs 65", "--jobs", "from 1 to 64"},
        {"--jobs 1x", "--jobs", "\"1x\" is not a whole number"},
        {"--time-out soon", "--time-out", "not a duration"},
        {"--time-out 25h", "--time-out", "at most 24h"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct values v;
        struct args_rest rest;
        struct err e = {0};
        int code = read_words(&v, &rest, &e, rows[i].words);
        if (code != ERR_USAGE || strcmp(e.where, rows[i].where) != 0
            || !strstr(e.what, rows[i].what))
            fail_msg("\"%s\": %s: %s", rows[i].words, e.where, e.what);
    }
}

static void the_environment_is_read_and_the_command_line_wins(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    struct err e = {0};
    setenv("UNDERSTUDY_TIME_OUT", "9", 1);
    setenv("UNDERSTUDY_JOBS", "banana", 1);
    setenv("UNDERSTUDY_STRICT", "yes", 1);
    setenv("UNDERSTUDY_LABEL", "e", 1);
    assert_int_equal(read_words(&v, &rest, &e, "--jobs 3"), 0);
    assert_int_equal(v.timeout_ms, 9000);
    assert_int_equal(v.jobs, 3); /* the variable is wrong but not asked */
    assert_true(v.strict);
    assert_int_equal(v.list.count, 1);
    assert_string_equal(v.list.values[0], "e");
    assert_int_equal(read_words(&v, &rest, &e, ""), ERR_USAGE);
    assert_string_equal(e.where, "UNDERSTUDY_JOBS");
    unsetenv("UNDERSTUDY_JOBS");
    setenv("UNDERSTUDY_STRICT", "false", 1);
    assert_int_equal(read_words(&v, &rest, &e, ""), 0);
    assert_false(v.strict);
    setenv("UNDERSTUDY_STRICT", "perhaps", 1);
    assert_int_equal(read_words(&v, &rest, &e, ""), ERR_USAGE);
    unsetenv("UNDERSTUDY_STRICT");
    unsetenv("UNDERSTUDY_TIME_OUT");
    unsetenv("UNDERSTUDY_LABEL");
}

static void too_many_words_are_an_error(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    struct err e = {0};
    char words[2 * (ARGS_LIST_MAX + 1)] = "";
    memset(words, ' ', sizeof words - 1);
    for (int i = 0; i < ARGS_LIST_MAX + 1; i++)
        words[2 * i] = 'w';
    assert_int_equal(read_words(&v, &rest, &e, words), ERR_USAGE);
    assert_string_equal(e.what, "more than 64 words");
}

static void help_shows_flag_letter_value_and_variable(void **state)
{
    (void)state;
    struct values v;
    struct args_rest rest;
    assert_int_equal(read_words(&v, &rest, NULL, "--help"), 0);
    assert_true(rest.help);
    assert_int_equal(read_words(&v, &rest, NULL, "x -h"), 0);
    assert_true(rest.help);
    assert_int_equal(read_words(&v, &rest, NULL, "-- --help"), 0);
    assert_false(rest.help);

    int64_t port = 0;
    const struct args_option options[] = {
        {"--port-number", 'p', ARGS_INT, &port, 0, 9, "N", "the port; default 0"},
        {NULL, 0, ARGS_TEXT, NULL, 0, 0, NULL, NULL},
    };
    struct buf b;
    buf_init(&b, 1000);
    args_help(options, &b);
    assert_non_null(strstr(b.p, "-p, --port-number N"));
    assert_non_null(strstr(b.p, "the port; default 0 [UNDERSTUDY_PORT_NUMBER]\n"));
    buf_fini(&b);
}

static void exit_codes_tell_whose_fault_it_was(void **state)
{
    (void)state;
    assert_int_equal(args_exit_code(ERR_OK), EXIT_GOOD);
    assert_int_equal(args_exit_code(ERR_USAGE), EXIT_USAGE);
    assert_int_equal(args_exit_code(ERR_FILE), EXIT_ENVIRONMENT);
    assert_int_equal(args_exit_code(ERR_TIMEOUT), EXIT_ENVIRONMENT);
    assert_int_equal(args_exit_code(ERR_CONTRACT), EXIT_CHECK_FAILED);
}

static void a_variable_that_is_empty_is_not_set(void **state)
{
    (void)state;
    static const char *const names[] = {"UNDERSTUDY_TIME_OUT", "UNDERSTUDY_JOBS",
                                        "UNDERSTUDY_STRICT", "UNDERSTUDY_LABEL"};
    struct values v, wanted;
    struct args_rest rest;
    struct err e = {0};
    assert_int_equal(read_words(&wanted, &rest, &e, ""), 0);
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], "", 1);
    assert_int_equal(read_words(&v, &rest, &e, ""), 0);
    assert_int_equal(v.timeout_ms, wanted.timeout_ms);
    assert_int_equal(v.jobs, wanted.jobs);
    assert_int_equal(v.strict, wanted.strict);
    assert_int_equal(v.list.count, wanted.list.count);
    assert_null(args_variable(names[0]));
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(defaults_stay_when_nothing_is_given),
        cmocka_unit_test(a_bare_duration_is_seconds),
        cmocka_unit_test(wrong_words_are_named_with_what_would_be_right),
        cmocka_unit_test(a_variable_that_is_empty_is_not_set),
        cmocka_unit_test(the_environment_is_read_and_the_command_line_wins),
        cmocka_unit_test(too_many_words_are_an_error),
        cmocka_unit_test(help_shows_flag_letter_value_and_variable),
        cmocka_unit_test(exit_codes_tell_whose_fault_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
