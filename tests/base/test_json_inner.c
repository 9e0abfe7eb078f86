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
        /* half a pair is three bytes that are no UTF-8, and ends nothing */
        {"\\ud83d\"", "\xED\xA0\xBD"},
        {"\\ud83dx\"", "\xED\xA0\xBDx"},
        {"\\ude00\\ud83d\"", "\xED\xB8\x80\xED\xA0\xBD"},
        {"\\udbff\\udbff\\udfff\"", "\xED\xAF\xBF\xF4\x8F\xBF\xBF"},
        {"\\udc00\\udc00\"", "\xED\xB0\x80\xED\xB0\x80"},
        {"\\ud7ff\\udc00\"", "\xED\x9F\xBF\xED\xB0\x80"},
        {"\\ud83d\\ue000\"", "\xED\xA0\xBD\xEE\x80\x80"},
        {"\\ud83d\\udbff\"", "\xED\xA0\xBD\xED\xAF\xBF"},
        {"\\ud83d\\\\u\"", "\xED\xA0\xBD\\u"},
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

static void an_escape_is_a_backslash_a_u_and_four_hexadecimal_digits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int unit;
    } rows[] = {
        {"\\u0000", 0},  {"\\uFfff", 0xFFFF}, {"\\u12aB\"", 0x12AB}, {"\\u123", -1},
        {"", -1},        {"\\n1234", -1},     {"xu1234", -1},        {"\\u123g", -1},
        {"\\u:234", -1}, {"\\u/234", -1},     {"\\u@234", -1},       {"\\uG234", -1},
        {"\\u`234", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t len = strlen(rows[i].text);
        if (json_unit(rows[i].text, rows[i].text + len) != rows[i].unit)
            fail_msg("%s", rows[i].text);
    }
}

static void strings_that_no_c_string_holds_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *string;
        enum json_fault fault;
    } rows[] = {
        {"\"\"", JSON_FAULT_NONE},
        {"\"a\\n\"", JSON_FAULT_NONE},
        {"\"\\ud83d\\ude00\"", JSON_FAULT_NONE},
        {"\"\\ud7ff\\ue000\"", JSON_FAULT_NONE}, /* beside the surrogates */
        {"\"\xED\x9F\xBF\\n\"", JSON_FAULT_NONE},
        {"\"\xE1\xA0\xA0\\n\"", JSON_FAULT_NONE},
        {"\"\xC3\xA9\\n\"", JSON_FAULT_NONE},
        {"\"a\\u0000\"", JSON_FAULT_NUL},
        {"\"\\ud800\"", JSON_FAULT_HALF_PAIR},
        {"\"\\udfff\\u0000\"", JSON_FAULT_HALF_PAIR}, /* the first counts */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (json_string_fault(span_of(rows[i].string)) != rows[i].fault)
            fail_msg("%s", rows[i].string);
}

static void a_plain_text_is_one_that_every_parser_reads_and_nothing_moves(void **state)
{
    (void)state;
    char text[] = "{\"\\ud83d\\ud83d\\ude00\":[\"\\\\u0000\\u0000\",\n1e400],\"x\":true}";
    static const char want[] =
        "{\"\\ufffd\\ud83d\\ude00\":[\"\\\\u0000\\ufffd\",\n1e400],\"x\":true}";
    json_make_plain(text, sizeof text - 1);
    assert_string_equal(text, want);
    char number[131];
    memset(number, '9', sizeof number - 1);
    number[130] = '\0';
    json_make_plain(number, JSON_PLAIN_NUMBER_MAX);
    assert_int_equal(strspn(number, "9"), 130); /* short enough as it is */
    json_make_plain(number, 130);
    assert_int_equal(strspn(number, "1e+30"), 6);
    assert_int_equal(strspn(number + 6, " "), 124);
    char huge[] = "-1000000000000000000000000000000000000000000000000000000000000000e999";
    json_make_plain(huge, sizeof huge - 1);
    assert_memory_equal(huge, "1e999 ", 6);
}

static void a_scan_tells_what_to_look_at_closely(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool odd_tokens, repeated_keys;
    } rows[] = {
        {"{\"a\":[123456789012345,\"\\ud83d\\ude00\\n\"],\"b\":{\"a\":1}}", false, false},
        {"1234567890123456", true, false},
        {"1e1", true, false},
        {"1e999", true, false},
        {"\"\\u0000\"", true, false},
        {"\"\\uD800\"", true, false},
        {"\"\\udfff\"", true, false},
        {"\"\\udbff\\udbff\\udfff\"", true, false},
        {"[\"\\u0000\",\"a\",1]", true, false},
        {"\"\\udc00\\udc00\"", true, false},
        {"\"\\ud7ff\\udc00\"", true, false},
        {"\"\\ud800\\ue000\"", true, false},
        {"\"\\ud800\\udbff\"", true, false},
        {"\"\\ud800\\udc00\\udbff\\udfff\\ud7ff\\ue000\\u0001\"", false, false},
        {"[1e1,1]", true, false},
        {"[1234567890123456,1]", true, false},
        {"[{\"a\":1,\"a\":1},{}]", false, true},
        {"{\"a\":1,\"a\":{\"b\":1}}", false, true},
        {"[{\"\\u0061\":1,\"a\":1},{\"a\":1}]", false, true},
        {"{\"a\\u0000\":1,\"a\":1,\"a\\u0000b\":1}", true, false},
        {"{\"a\":1,\"a\\u0000\":1,\"\\ud800\":1,\"\\ud801\":2}", true, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_traits traits;
        assert_int_equal(json_scan_traits(span_of(rows[i].text), false, NULL, &traits, NULL), 0);
        if (traits.odd_tokens != rows[i].odd_tokens
            || traits.repeated_keys != rows[i].repeated_keys)
            fail_msg("%s", rows[i].text);
    }
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
        cmocka_unit_test(an_escape_is_a_backslash_a_u_and_four_hexadecimal_digits),
        cmocka_unit_test(strings_that_no_c_string_holds_are_told_apart),
        cmocka_unit_test(a_plain_text_is_one_that_every_parser_reads_and_nothing_moves),
        cmocka_unit_test(a_scan_tells_what_to_look_at_closely),
        cmocka_unit_test(segments_end_at_slashes_and_tildes_stand_for_two_characters),
        cmocka_unit_test(an_index_is_digits_without_a_leading_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
