/* Errors: codes come back, texts are cut and never overflow, layers wrap. */
#include "cases.h"

#include "base/err.h"

#include <string.h>

static void setting_fills_all_and_returns_the_code(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(err_set(&e, ERR_LIMIT, "a.json:1:2", "more than %d", 7), ERR_LIMIT);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_string_equal(e.where, "a.json:1:2");
    assert_string_equal(e.what, "more than 7");
}

static void an_error_may_be_made_of_its_own_texts(void **state)
{
    (void)state;
    struct err e = {ERR_FILE, "here", "this"};
    (void)err_set(&e, ERR_USAGE, e.where, "not %s", e.what);
    assert_string_equal(e.where, "here");
    assert_string_equal(e.what, "not this");
}

static void nobody_needs_to_take_the_texts(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_FILE, NULL, "x"), ERR_FILE);
    assert_int_equal(err_wrap(NULL, ERR_TIMEOUT, "x"), ERR_TIMEOUT);
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    struct err e = {0};
    char longer[ERR_WHAT_MAX * 2];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    (void)err_set(&e, ERR_FILE, longer, "%s", longer);
    assert_int_equal(strlen(e.where), ERR_WHERE_MAX - 1);
    assert_int_equal(strlen(e.what), ERR_WHAT_MAX - 1);
    (void)err_wrap(&e, ERR_OK, "%s", longer);
    assert_int_equal(strlen(e.where), ERR_WHERE_MAX - 1);
}

static void wrapping_puts_a_prefix_before_the_place(void **state)
{
    (void)state;
    struct err e = {0};
    (void)err_set(&e, ERR_SYNTAX, NULL, "x");
    assert_int_equal(err_wrap(&e, ERR_FILE, "byte %d", 5), ERR_SYNTAX);
    assert_string_equal(e.where, "byte 5");
    (void)err_wrap(&e, ERR_FILE, "a.json");
    assert_string_equal(e.where, "a.json: byte 5");
}

static void every_code_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = ERR_OK; a <= ERR_CANCELLED; a++) {
        assert_string_not_equal(err_name((enum err_code)a), "unknown");
        for (int b = ERR_OK; b < a; b++)
            assert_string_not_equal(err_name((enum err_code)a), err_name((enum err_code)b));
    }
    assert_string_equal(err_name((enum err_code)99), "unknown");
}

static void bytes_that_a_terminal_would_obey_are_shown_as_question_marks(void **state)
{
    (void)state;
    struct err e = {0};
    (void)err_set(&e, ERR_SYNTAX, "a\033]0;b\n.json", "\"%s\" is\r\nno name",
                  "\xC2\x9B"
                  "2J\xFF\xE4\xB8\xAD");
    assert_string_equal(e.where, "a?]0;b?.json");
    assert_string_equal(e.what, "\"?2J?\xE4\xB8\xAD\" is??no name");
    (void)err_wrap(&e, ERR_FILE, "x\x1B");
    assert_string_equal(e.where, "x?: a?]0;b?.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_fills_all_and_returns_the_code),
        cmocka_unit_test(an_error_may_be_made_of_its_own_texts),
        cmocka_unit_test(nobody_needs_to_take_the_texts),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(wrapping_puts_a_prefix_before_the_place),
        cmocka_unit_test(bytes_that_a_terminal_would_obey_are_shown_as_question_marks),
        cmocka_unit_test(every_code_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
