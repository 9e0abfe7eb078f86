/* What the JSON files share: characters, escapes and pointer segments, byte by byte. */
#include "cases.h"

#include "base/json/json.h"
#include "base/json/json_inner.h"

#include <stdlib.h>
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
        size_t len = json_utf8(span_of(rows[i].bytes), &good);
        if (len != rows[i].len || good != rows[i].good)
            fail_msg("row %zu: length %zu, good %zu", i, len, good);
    }
    size_t good = 9;
    assert_int_equal(json_utf8((struct span){"", 1}, &good), 1); /* NUL is a character here */
    char bytes[4];
    const char *p = "\xE0\xA0\x80"; /* and one step takes a whole one */
    assert_int_equal(json_next_char(&p, p + 3, bytes), 3);
    p = "\xF0\x90\x80\x80";
    assert_int_equal(json_next_char(&p, p + 4, bytes), 4);
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
        size_t n = json_utf8_write(rows[i].code, out);
        assert_int_equal(n, strlen(rows[i].bytes));
        assert_string_equal(out, rows[i].bytes);
    }
}

/* All characters of a string up to its closing quote or to where it stops making sense. */
static void walk(struct span inside, char *out, size_t out_size)
{
    char *copy = malloc(inside.n > 0 ? inside.n : 1); /* exact room for a sanitizer */
    char bytes[4];
    size_t n = 0;
    size_t at = 0;
    assert_non_null(copy);
    memcpy(copy, inside.p, inside.n);
    const char *p = copy;
    while ((n = json_next_char(&p, copy + inside.n, bytes)) > 0) {
        assert_true(at + n < out_size && p <= copy + inside.n);
        memcpy(out + at, bytes, n);
        at += n;
    }
    out[at] = '\0';
    free(copy);
}

static void escapes_and_bytes_become_the_same_characters(void **state)
{
    (void)state;
    static const struct {
        const char *inside, *want;
    } rows[] = {
        {"a\"b", "a"},
        {"\\\"\\\\\\/\"", "\"\\/"},
        {"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t"},
        {"\\u0041\\u00e9\\u4F60\"", "A\xC3\xA9\xE4\xBD\xA0"},
        {"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80"},
        {"\\uD800\\uDC00\"", "\xF0\x90\x80\x80"},
        {"\\uDBFF\\uDFFF\"", "\xF4\x8F\xBF\xBF"},
        {"\\uD7FF\\uE000\"", "\xED\x9F\xBF\xEE\x80\x80"}, /* beside the surrogates */
        {"\xC2\x80|\xDF\xBF\"", "\xC2\x80|\xDF\xBF"},
        {"\xE0\xA0\x80|\xEF\xBF\xBF\"", "\xE0\xA0\x80|\xEF\xBF\xBF"},
        {"\xF0\x90\x80\x80|\xF4\x8F\xBF\xBF\"", "\xF0\x90\x80\x80|\xF4\x8F\xBF\xBF"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[64];
        walk(span_of(rows[i].inside), got, sizeof got);
        assert_string_equal(got, rows[i].want);
    }
}

/* Nobody has scanned these: they end early, and nothing behind them is read. */
static void a_character_that_is_cut_ends_the_walk(void **state)
{
    (void)state;
    static const struct {
        const char *inside;
        size_t n;
        const char *want;
    } rows[] = {
        {"", 0, ""},
        {"a", 1, "a"},
        {"a\xC3", 2, "a"},
        {"a\xE4\xBD", 3, "a"},
        {"a\xF0\x9F\x98", 4, "a"},
        {"a\\", 2, "a"},
        {"a\\n", 3, "a\n"},
        {"a\\u", 3, "a"},
        {"a\\u004", 6, "a"},
        {"a\\u0041", 7, "aA"},
        {"\\ud83d\\ude0", 11, "\xED\xA0\xBD"},
        {"\\ud83d\\ude00", 12, "\xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[64];
        walk((struct span){rows[i].inside, rows[i].n}, got, sizeof got);
        if (strncmp(got, rows[i].want, strlen(rows[i].want)) != 0
            || (i < 10 && strcmp(got, rows[i].want) != 0))
            fail_msg("row %zu: %s", i, got);
    }
    char nul[4];
    const char *p = "\\";
    const char *end = p + 2; /* an escaped NUL stands for itself */
    assert_int_equal(json_next_char(&p, end, nul), 1);
    assert_int_equal(nul[0], '\0');
    assert_ptr_equal(p, end);
}

static void segments_end_at_slashes_and_tildes_stand_for_two_characters(void **state)
{
    (void)state;
    static const struct {
        const char *segment, *want;
        int end; /* what follows the bytes */
    } rows[] = {
        {"", "", -1},    {"ab", "ab", -1}, {"a~1b~0c", "a/b~c", -1}, {"~01", "~1", -1},
        {"a~", "a", -2}, {"a~2", "a", -2}, {"~~0", "", -2},          {"\xFF", "\xFF", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[16] = "";
        size_t len = strlen(rows[i].segment);
        char *copy = malloc(len > 0 ? len : 1); /* exact room for a sanitizer */
        assert_non_null(copy);
        memcpy(copy, rows[i].segment, len);
        struct span segment = {copy, len};
        int c = 0;
        for (size_t n = 0; (c = json_segment_byte(&segment)) >= 0; n++)
            got[n] = (char)(unsigned char)c;
        assert_string_equal(got, rows[i].want);
        assert_int_equal(c, rows[i].end);
        free(copy);
    }
    const char *pointer = "/a//b";
    struct span segment;
    assert_true(json_segment_next(&pointer, &segment) && span_is(segment, "a"));
    assert_true(json_segment_next(&pointer, &segment) && span_is(segment, ""));
    assert_true(json_segment_next(&pointer, &segment) && span_is(segment, "b"));
    assert_false(json_segment_next(&pointer, &segment));
    assert_string_equal(pointer, "");
}

static void an_index_is_digits_without_a_leading_zero(void **state)
{
    (void)state;
    static const struct {
        const char *segment;
        bool is;
        size_t index;
    } rows[] = {
        {"0", true, 0},   {"7", true, 7},
        {"10", true, 10}, {"9223372036854775807", true, INT64_MAX},
        {"", false, 0},   {"00", false, 0},
        {"01", false, 0}, {"-", false, 0},
        {"-1", false, 0}, {"+1", false, 0},
        {"1x", false, 0}, {"9223372036854775808", false, 0},
        {" 1", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t index = 0;
        bool is = json_segment_index(span_of(rows[i].segment), &index);
        if (is != rows[i].is || index != rows[i].index)
            fail_msg("'%s' is %d, %zu", rows[i].segment, is, index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_as_long_as_their_lead_byte_says_and_wrong_ones_say_how_far),
        cmocka_unit_test(code_points_are_written_in_their_shortest_form),
        cmocka_unit_test(escapes_and_bytes_become_the_same_characters),
        cmocka_unit_test(a_character_that_is_cut_ends_the_walk),
        cmocka_unit_test(segments_end_at_slashes_and_tildes_stand_for_two_characters),
        cmocka_unit_test(an_index_is_digits_without_a_leading_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
