/* Spans: cutting is clamped, comparing is exact, numbers are whole. */
#include "cases.h"

#include "base/span.h"

#include <limits.h>
#include <string.h>

static void cutting_never_leaves_the_span(void **state)
{
    (void)state;
    static const struct {
        size_t from, len;
        const char *want;
    } rows[] = {
        {0, 4, "abcd"},       /* all */
        {1, 2, "bc"},         /* inside */
        {2, 99, "cd"},        /* too long */
        {9, 1, ""},           /* begins behind the end */
        {1, SIZE_MAX, "bcd"}, /* a length that would overflow */
        {SIZE_MAX, SIZE_MAX, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(span_is(span_cut(span_of("abcd"), rows[i].from, rows[i].len), rows[i].want));
    assert_int_equal(span_cut(span_of(NULL), 1, 1).n, 0);
}

static void comparing_knows_case_and_length(void **state)
{
    (void)state;
    assert_true(span_is(span_of("ab"), "ab"));
    assert_false(span_is(span_of("ab"), "abc"));
    assert_false(span_is(span_of("ab"), "AB"));
    assert_true(span_is_nocase(span_of("aB"), "Ab"));
    assert_false(span_is_nocase(span_of("aB"), "Abc"));
    assert_true(span_starts(span_of("abc"), "ab"));
    assert_false(span_starts(span_of("a"), "ab"));
    assert_true(span_is(span_of(NULL), ""));
    assert_true(span_same((struct span){"a\0b", 3}, (struct span){"a\0b", 3}));
    assert_false(span_same((struct span){"a\0b", 3}, (struct span){"a\0c", 3}));
}

static void trimming_takes_blanks_at_both_ends(void **state)
{
    (void)state;
    assert_true(span_is(span_trim(span_of(" \t\r\n a b \n")), "a b"));
    assert_true(span_is(span_trim(span_of(" \t ")), ""));
    assert_int_equal(span_trim(span_of(NULL)).n, 0);
}

static void copying_fits_whole_or_not_at_all(void **state)
{
    (void)state;
    char out[4] = "xxx";
    assert_true(span_copy(span_of("abc"), out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(span_copy(span_of("abcd"), out, sizeof out));
    assert_string_equal(out, "");
    assert_false(span_copy(span_of(""), out, 0));
}

static void finding_gives_the_length_when_absent(void **state)
{
    (void)state;
    assert_int_equal(span_find(span_of("abc"), 'c'), 2);
    assert_int_equal(span_find(span_of("abc"), 'd'), 3);
    assert_int_equal(span_find(span_of(NULL), 'd'), 0);
}

static void only_whole_decimal_numbers_are_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        long long want;
    } rows[] = {
        {"0", true, 0},
        {"-12", true, -12},
        {"007", true, 7},
        {"9223372036854775807", true, LLONG_MAX},
        {"-9223372036854775808", true, LLONG_MIN},
        {"9223372036854775808", false, 0},  /* one too many */
        {"-9223372036854775809", false, 0}, /* one too few */
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long value = 5;
        if (span_int64(span_of(rows[i].text), &value) != rows[i].good || value != rows[i].want)
            fail_msg("\"%s\" gave %lld", rows[i].text, value);
    }
}

static void integers_are_written_with_all_their_digits(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {10, "10"},
        {-1, "-1"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char room[SPAN_INT_MAX];
        struct span digits = span_of_int(rows[i].value, room);
        if (!span_is(digits, rows[i].text) || digits.p + digits.n != room + sizeof room)
            fail_msg("%s came out as %.*s", rows[i].text, (int)digits.n, digits.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cutting_never_leaves_the_span),
        cmocka_unit_test(comparing_knows_case_and_length),
        cmocka_unit_test(trimming_takes_blanks_at_both_ends),
        cmocka_unit_test(copying_fits_whole_or_not_at_all),
        cmocka_unit_test(finding_gives_the_length_when_absent),
        cmocka_unit_test(only_whole_decimal_numbers_are_integers),
        cmocka_unit_test(integers_are_written_with_all_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
