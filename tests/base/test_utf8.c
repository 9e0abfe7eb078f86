/* UTF-8: every character there is, and everything that is none. */
#include "cases.h"

#include "base/utf8.h"

#include <string.h>

static void characters_are_as_long_as_their_lead_byte_says_and_wrong_ones_say_how_far(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len, good;
    } rows[] = {
        {"a", 1, 0},
        {"\x7F", 1, 0},
        {"\xC2\x80", 2, 0}, /* the first and the last of each length */
        {"\xDF\xBF", 2, 0},
        {"\xE0\xA0\x80", 3, 0},
        {"\xE1\x80\x80", 3, 0},
        {"\xEC\xBF\xBF", 3, 0},
        {"\xED\x80\x80", 3, 0},
        {"\xED\x9F\xBF", 3, 0},
        {"\xEE\x80\x80", 3, 0},
        {"\xEF\xBF\xBF", 3, 0},
        {"\xE0\xBF\xBF", 3, 0},
        {"\xF0\x90\x80\x80", 4, 0},
        {"\xF0\xBF\xBF\xBF", 4, 0},
        {"\xF1\x80\x80\x80", 4, 0},
        {"\xF3\xBF\xBF\xBF", 4, 0},
        {"\xF4\x80\x80\x80", 4, 0},
        {"\xF4\x8F\xBF\xBF", 4, 0},
        {"\x80", 0, 0}, /* no lead byte */
        {"\xBF", 0, 0},
        {"\xC0\x80", 0, 0},
        {"\xC1\xBF", 0, 0},
        {"\xF5\x80\x80\x80", 0, 0},
        {"\xFF", 0, 0},
        {"\xC2", 0, 1}, /* cut */
        {"\xE1\x80", 0, 2},
        {"\xF1\x80\x80", 0, 3},
        {"\xC2\x7F", 0, 1}, /* not followed by what may follow */
        {"\xDF\xC0", 0, 1},
        {"\xE0\x9F\x80", 0, 1}, /* longer than needed */
        {"\xE1\x7F\x80", 0, 1},
        {"\xEC\xC0\x80", 0, 1},
        {"\xED\xA0\x80", 0, 1}, /* a surrogate */
        {"\xEE\x7F\x80", 0, 1},
        {"\xEF\xC0\x80", 0, 1},
        {"\xF0\x8F\x80\x80", 0, 1},
        {"\xF1\x7F\x80\x80", 0, 1},
        {"\xF3\xC0\x80\x80", 0, 1},
        {"\xF4\x90\x80\x80", 0, 1}, /* beyond U+10FFFF */
        {"\xE0\xC0\x80", 0, 1},
        {"\xED\x7F\x80", 0, 1},
        {"\xF0\xC0\x80\x80", 0, 1},
        {"\xF4\x7F\x80\x80", 0, 1},
        {"\xE1\x80\x7F", 0, 2},
        {"\xE1\x80\xC0", 0, 2},
        {"\xF0\x90\x80\xC0", 0, 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t good = 9;
        size_t len = utf8_len(span_of(rows[i].bytes), &good);
        if (len != rows[i].len || good != rows[i].good)
            fail_msg("row %zu: length %zu, good %zu", i, len, good);
        assert_int_equal(utf8_len(span_of(rows[i].bytes), NULL), len);
    }
    size_t good = 9;
    assert_int_equal(utf8_len((struct span){"", 1}, &good), 1); /* NUL is a character here */
}

static void code_points_are_written_in_their_shortest_form(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        const char *bytes;
    } rows[] = {
        {0x01, "\x01"},
        {0x7F, "\x7F"},
        {0x80, "\xC2\x80"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {0xFFFF, "\xEF\xBF\xBF"},
        {0x10000, "\xF0\x90\x80\x80"},
        {0x10FFFF, "\xF4\x8F\xBF\xBF"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[5] = "";
        size_t n = utf8_write(rows[i].code, out);
        assert_int_equal(n, strlen(rows[i].bytes));
        assert_string_equal(out, rows[i].bytes);
    }
}

static void every_character_reads_as_it_was_written_but_surrogates_which_nothing_reads(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char out[4];
        uint32_t read = 7;
        size_t n = utf8_write(code, out);
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        size_t len = utf8_read((struct span){out, n}, &read);
        if (len != (surrogate ? 0 : n) || read != (surrogate ? 7 : code))
            fail_msg("U+%04X came back as U+%04X, %zu bytes", code, read, len);
    }
}

static void a_text_is_valid_when_all_of_it_is_characters(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(span_of("")));
    assert_true(utf8_is_valid(span_of(NULL)));
    assert_true(utf8_is_valid(span_of("a\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80z")));
    assert_true(utf8_is_valid((struct span){"a\0b", 3}));
    assert_false(utf8_is_valid(span_of("\xC3")));             /* cut */
    assert_false(utf8_is_valid(span_of("abc\xE4\xBD")));      /* cut at the end */
    assert_false(utf8_is_valid(span_of("\xE4\xBD\xA0\xA0"))); /* one byte too many */
    assert_false(utf8_is_valid((struct span){"\xC3\xA9", 1}));
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(span_of("")), 0);
    assert_int_equal(utf8_count(span_of("a\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80z")), 5);
}

static void a_cut_leaves_no_part_of_a_character(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t most, want;
    } rows[] = {
        {"abc", 9, 3}, /* nothing to cut */
        {"abc", 3, 3},
        {"abc", 2, 2},
        {"a\xC3\xA9z", 3, 3}, /* behind a character */
        {"a\xC3\xA9z", 2, 1}, /* inside */
        {"a\xF0\x9F\x98\x80", 4, 1},
        {"\xC3\xA9", 1, 0},     /* nothing is left */
        {"\x80\x80\x80", 2, 0}, /* no UTF-8 at all */
        {"", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(utf8_cut(span_of(rows[i].text), rows[i].most), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_as_long_as_their_lead_byte_says_and_wrong_ones_say_how_far),
        cmocka_unit_test(code_points_are_written_in_their_shortest_form),
        cmocka_unit_test(
            every_character_reads_as_it_was_written_but_surrogates_which_nothing_reads),
        cmocka_unit_test(a_text_is_valid_when_all_of_it_is_characters),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_cut_leaves_no_part_of_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
