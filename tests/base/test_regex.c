/* Regular expressions: what matches, where the groups are, and that nothing takes for ever. */
#include "cases.h"

#include "base/regex.h"

#include <stdio.h>
#include <string.h>

static struct regex *opened(const char *pattern, unsigned flags)
{
    struct regex *re = NULL;
    struct err e = {0};
    if (regex_open(pattern, flags, &re, &e))
        fail_msg("%s: %s: %s", pattern, e.where, e.what);
    return re;
}

static void a_pattern_matches_as_json_schema_and_ecmascript_say(void **state)
{
    static const struct {
        const char *pattern, *subject;
        bool found;
    } rows[] = {
        {"^a*$", "aaa", true},
        {"^a*$", "aab", false},
        {"a+", "xxaayy", true}, /* anywhere */
        {"", "", true},
        {"^.$", "\xc3\xa9", true}, /* a character, not a byte */
        {"^\\u00e9$", "\xc3\xa9", true},
        {"^\\u{1F600}$", "\xf0\x9f\x98\x80", true},
        {"^\\d$", "\xd9\xa1", false}, /* an Arabic one is no ASCII digit */
        {"^\\p{Lu}$", "\xc3\x89", true},
        {"^\\p{Letter}\\P{Letter}$",
         "\xc3\x89"
         "1",
         true}, /* ECMAScript's long names */
        {"^[\\p{Lowercase_Letter}_]+$", "\xc3\xa9_", true},
        {"^\\\\p{Letter}$", "\\p{Letter}", true}, /* a backslash, and no name */
        {"^a$", "a\n", false},                    /* the very end */
        {"[]", "a", false},                       /* an empty class */
        {"a|b", "b", true},
        {"^(?!x)", "xa", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct regex *re = opened(rows[i].pattern, 0);
        struct err e = {0};
        int code = regex_find(re, span_of(rows[i].subject), NULL, 0, &e);
        if (code != (rows[i].found ? 0 : ERR_NOT_FOUND))
            fail_msg("%s of \"%s\": %d %s", rows[i].pattern, rows[i].subject, code, e.what);
        regex_close(re);
    }
}

static void groups_are_parts_of_the_subject_and_those_that_took_no_part_are_null(void **state)
{
    (void)state;
    static const char text[] = "id=42; url=";
    struct regex *re = opened("id=(\\d+)(x)?; url=(.*)", 0);
    struct span groups[6];
    memset(groups, 0xA5, sizeof groups);
    assert_int_equal(regex_group_count(re), 3);
    assert_int_equal(regex_find(re, span_of(text), groups, 6, NULL), 0);
    assert_true(span_is(groups[0], text));
    assert_true(groups[1].p == text + 3 && groups[1].n == 2);
    assert_null(groups[2].p);
    assert_true(groups[3].p == text + 11 && groups[3].n == 0); /* took part, and is empty */
    assert_null(groups[4].p);                                  /* the pattern has no more */
    assert_null(groups[5].p);
    assert_int_equal(regex_find(re, span_of(text), groups, 1, NULL), 0); /* fewer than there are */
    assert_int_equal(regex_find(re, span_of("id=x"), groups, 6, NULL), ERR_NOT_FOUND);
    assert_null(groups[0].p);
    regex_close(re);
    regex_close(NULL);
}

static void the_subject_need_not_end_in_a_nul(void **state)
{
    (void)state;
    struct regex *re = opened("b$", 0);
    struct span group;
    assert_int_equal(regex_find(re, (struct span){"abc", 2}, &group, 1, NULL), 0);
    assert_int_equal(regex_find(re, (struct span){0}, &group, 1, NULL), ERR_NOT_FOUND);
    regex_close(re);
}

static void lines_begin_and_end_where_the_flag_says(void **state)
{
    (void)state;
    static const char text[] = "polling\nresult: x.mp4\nbye\n";
    struct regex *whole = opened("^result: (.*)$", 0);
    struct regex *lines = opened("^result: (.*)$", REGEX_MULTI_LINE);
    struct span groups[2];
    assert_int_equal(regex_find(whole, span_of(text), groups, 2, NULL), ERR_NOT_FOUND);
    assert_int_equal(regex_find(lines, span_of(text), groups, 2, NULL), 0);
    assert_true(span_is(groups[1], "x.mp4"));
    regex_close(whole);
    regex_close(lines);
}

static void a_bad_pattern_is_told_with_its_place_and_in_pcre2s_words(void **state)
{
    static const struct {
        const char *pattern, *where, *what;
    } rows[] = {
        {"ab[c", "byte 4", "missing terminating ] for character class"},
        {"a(b", "byte 3", "missing closing parenthesis"},
        {"*a", "byte 0", "quantifier does not follow a repeatable item"},
        {"\\C", "byte 2", "\\C"},
        {"\xff", "byte 0", "UTF-8"},
        {"\\p{Letter}\\p{Lettr}", "byte 19", "unknown property"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct regex *re = (struct regex *)&rows;
        struct err e = {0};
        assert_int_equal(regex_open(rows[i].pattern, 0, &re, &e), ERR_SYNTAX);
        if (strcmp(e.where, rows[i].where) != 0 || !strstr(e.what, rows[i].what))
            fail_msg("%s: \"%s\" %s", rows[i].pattern, e.where, e.what);
        assert_null(re);
    }
}

static void a_long_pattern_is_refused(void **state)
{
    (void)state;
    static char pattern[REGEX_PATTERN_MAX + 2];
    struct regex *re = NULL;
    struct err e = {0};
    memset(pattern, 'a', REGEX_PATTERN_MAX);
    regex_close(opened(pattern, 0));
    pattern[REGEX_PATTERN_MAX] = 'a';
    assert_int_equal(regex_open(pattern, 0, &re, &e), ERR_LIMIT);
    assert_non_null(strstr(e.what, "4096"));
    assert_null(re);
}

/* Each would take seconds to years. */
static void a_search_without_end_is_an_error_that_names_the_number(void **state)
{
    static const struct {
        const char *pattern, *what;
    } rows[] = {
        {"^(a+)+$", "more than 1000000 steps"},              /* exponential */
        {"[a-z]*\\d", "more than 1000000 steps"},            /* square: a run from each place */
        {"^(?:a|b)*c", "more than 10000 places to go back"}, /* deep */
        {"^(?:(?!a*\\d)a)*\\d", "more than 1000000 steps"},
        {"a{20000}\\d", "more than 1000000 steps"}, /* much in one item */
        {"^(a*)\\1b", "more than 1000000 steps"},
    };
    static char text[200001];
    (void)state;
    memset(text, 'a', sizeof text - 2);
    text[sizeof text - 2] = '!';
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct regex *re = opened(rows[i].pattern, 0);
        struct span groups[1];
        struct err e = {0};
        int code = regex_find(re, span_of(text), groups, 1, &e);
        if (code != ERR_LIMIT || !strstr(e.what, rows[i].what))
            fail_msg("%s: %d %s", rows[i].pattern, code, e.what);
        assert_null(groups[0].p);
        regex_close(re);
    }
}

static void what_one_item_looks_at_before_it_fails_counts_too(void **state)
{
    static const char *const patterns[] = {"a{20000}", "^(a*)\\1\\d"};
    static char text[200000];
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 10000 == 9999 ? '!' : 'a';
    for (size_t i = 0; i < COUNT(patterns); i++) {
        struct regex *re = opened(patterns[i], 0);
        struct err e = {0};
        int code = regex_find(re, (struct span){text, sizeof text}, NULL, 0, &e);
        if (code != ERR_LIMIT || !strstr(e.what, "more than 1000000 steps"))
            fail_msg("%s: %d %s", patterns[i], code, e.what);
        regex_close(re);
    }
}

static void long_subjects_are_searched_up_to_a_size(void **state)
{
    (void)state;
    static char text[REGEX_SUBJECT_MAX + 1];
    struct err e = {0};
    memset(text, 'a', sizeof text);
    struct regex *re = opened("^[a-z]*$", 0);
    assert_int_equal(regex_find(re, (struct span){text, REGEX_SUBJECT_MAX}, NULL, 0, &e), 0);
    assert_int_equal(regex_find(re, (struct span){text, sizeof text}, NULL, 0, &e), ERR_LIMIT);
    assert_non_null(strstr(e.what, "1048576"));
    regex_close(re);
}

static void what_is_not_utf8_is_told_with_its_place(void **state)
{
    (void)state;
    struct regex *re = opened("a", 0);
    struct err e = {0};
    assert_int_equal(regex_find(re, span_of("xx\xff"), NULL, 0, &e), ERR_SYNTAX);
    assert_string_equal(e.where, "byte 2");
    regex_close(re);
}

static void steps_are_counted_over_several_searches(void **state)
{
    (void)state;
    struct regex *re = opened("^[a-z]+$", 0);
    struct err e = {0};
    uint32_t steps = 40, before = 0;
    unsigned good = 0;
    int code = 0;
    while (!code) {
        before = steps;
        code = regex_test(re, span_of("abc"), &steps, &e);
        assert_true(steps < before);
        good += !code;
    }
    assert_int_equal(code, ERR_LIMIT);
    assert_int_equal(steps, 0);
    assert_in_range(good, 2, 20);
    steps = 1000;
    assert_int_equal(regex_test(re, span_of("ABC"), &steps, &e), ERR_NOT_FOUND);
    regex_close(re);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_matches_as_json_schema_and_ecmascript_say),
        cmocka_unit_test(groups_are_parts_of_the_subject_and_those_that_took_no_part_are_null),
        cmocka_unit_test(the_subject_need_not_end_in_a_nul),
        cmocka_unit_test(lines_begin_and_end_where_the_flag_says),
        cmocka_unit_test(a_bad_pattern_is_told_with_its_place_and_in_pcre2s_words),
        cmocka_unit_test(a_long_pattern_is_refused),
        cmocka_unit_test(a_search_without_end_is_an_error_that_names_the_number),
        cmocka_unit_test(what_one_item_looks_at_before_it_fails_counts_too),
        cmocka_unit_test(long_subjects_are_searched_up_to_a_size),
        cmocka_unit_test(what_is_not_utf8_is_told_with_its_place),
        cmocka_unit_test(steps_are_counted_over_several_searches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
