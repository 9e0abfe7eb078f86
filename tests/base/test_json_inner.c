/* What the JSON files share: characters, escapes and pointer segments, byte by byte. */
#include "cases.h"

#include "base/json/json.h"
#include "base/json/json_inner.h"

#include <stdlib.h>
#include <string.h>

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
    char bytes[4];
    const char *p = "\xE0\xA0\x80"; /* one step takes a whole one */
    assert_int_equal(json_next_char(&p, p + 3, bytes), 3);
    p = "\xF0\x90\x80\x80";
    assert_int_equal(json_next_char(&p, p + 4, bytes), 4);
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
        {"a\x80", 2, "a"},
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
            || (i < 11 && strcmp(got, rows[i].want) != 0))
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
        cmocka_unit_test(escapes_and_bytes_become_the_same_characters),
        cmocka_unit_test(a_character_that_is_cut_ends_the_walk),
        cmocka_unit_test(segments_end_at_slashes_and_tildes_stand_for_two_characters),
        cmocka_unit_test(an_index_is_digits_without_a_leading_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
