/* Trees: exact kinds, exact case, exact integers; absent values answer for themselves. */
#include "cases.h"

#include "base/json/json.h"

#include <stdlib.h>
#include <string.h>

static struct json *open_text(const char *text)
{
    struct json *tree = NULL;
    struct err e = {0};
    if (json_open(span_of(text), &tree, &e) != 0)
        fail_msg("%s: %s: %s", text, e.where, e.what);
    return tree;
}

static void every_value_has_its_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"null", "null"},    {"false", "false"}, {"true", "true"}, {"-1.5", "number"},
        {"\"x\"", "string"}, {"[]", "array"},    {"{}", "object"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *tree = open_text(rows[i].text);
        assert_string_equal(json_kind_name(json_kind(tree)), rows[i].want);
        json_close(tree);
    }
    assert_string_equal(json_kind_name(json_kind(NULL)), "absent");
}

static void absent_values_answer_for_themselves(void **state)
{
    (void)state;
    bool truth = true;
    int64_t whole = 5;
    double number = 5;
    char text[8] = "x";
    assert_null(json_get(NULL, "a"));
    assert_null(json_at(NULL, ""));
    assert_null(json_string(NULL));
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_null(json_key(NULL));
    assert_int_equal(json_count(NULL), 0);
    assert_false(json_bool(NULL, &truth) || truth);
    assert_false(json_int64(NULL, &whole) || whole != 0);
    assert_false(json_double(NULL, &number) || number > 0);
    assert_false(json_number_text(NULL, text, sizeof text));
    assert_string_equal(text, "");
    json_close(NULL);
}

static void getters_know_case_and_kind(void **state)
{
    (void)state;
    struct json *tree = open_text(
        "{\"Code\":1,\"code\":\"x\\u00e9\\n\",\"on\":true,\"list\":[1,2,3]}");
    bool truth = false;
    double number = 0;
    assert_string_equal(json_string(json_get(tree, "code")), "x\xC3\xA9\n");
    assert_null(json_string(json_get(tree, "Code")));
    assert_null(json_get(tree, "CODE"));
    assert_null(json_get(json_get(tree, "list"), "0"));
    assert_true(json_bool(json_get(tree, "on"), &truth) && truth);
    assert_false(json_bool(json_get(tree, "code"), &truth));
    assert_true(json_double(json_get(tree, "Code"), &number) && number > 0.5);
    assert_int_equal(json_count(tree), 4);
    assert_int_equal(json_count(json_get(tree, "list")), 3);
    assert_int_equal(json_count(json_get(tree, "code")), 0);
    assert_null(json_first(json_get(tree, "code")));
    const struct json *second = json_next(json_first(tree));
    assert_string_equal(json_key(second), "code");
    assert_null(json_key(json_first(json_get(tree, "list"))));
    json_close(tree);
}

static void integers_survive_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
        int64_t want;
        const char *digits;
    } rows[] = {
        {"0", true, 0, "0"},
        {"-0", true, 0, "-0"},
        {"200", true, 200, "200"},
        {"999999999999999", true, INT64_C(999999999999999), "999999999999999"},
        {"9007199254740993", true, INT64_C(9007199254740993), "9007199254740993"}, /* 2^53+1 */
        {"-9007199254740993", true, INT64_C(-9007199254740993), "-9007199254740993"},
        {"9223372036854775807", true, INT64_MAX, "9223372036854775807"},
        {"-9223372036854775808", true, INT64_MIN, "-9223372036854775808"},
        {"9223372036854775808", false, 0, "9223372036854775808"}, /* one too many for 64 bits */
        {"123456789012345678901234567890", false, 0, "123456789012345678901234567890"},
        {"1.0", true, 1, "1"},
        {"1e3", true, 1000, "1000"},
        {"15e-1", false, 0, "1.5"},
        {"1.5e1", true, 15, "15"},
        {"9007199254740993.0", true, INT64_C(9007199254740993), "9007199254740992"},
        {"123456789012345e3", true, INT64_C(123456789012345000), "1.23456789012345e+17"},
        {"92233720368547758070e-1", true, INT64_MAX, "9.223372036854776e+18"},
        {"1e18", true, INT64_C(1000000000000000000), "1e+18"},
        {"1e19", false, 0, "1e+19"},
        {"0e999", true, 0, "0"},
        {"0.1", false, 0, "0.1"},
        {"0.30000000000000004", false, 0, "0.30000000000000004"},
        {"1e-400", false, 0, "0"},
        {"1.7976931348623157e308", false, 0, "1.7976931348623157e+308"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *tree = open_text(rows[i].text);
        int64_t whole = 0;
        char digits[64];
        bool is = json_int64(tree, &whole);
        if (is != rows[i].whole || whole != rows[i].want)
            fail_msg("%s gave %d %lld", rows[i].text, is, (long long)whole);
        assert_true(json_number_text(tree, digits, sizeof digits));
        double back = strtod(digits, NULL);
        double self = strtod(rows[i].text, NULL);
        if (back < self || back > self)
            fail_msg("%s reads back as %s", rows[i].text, digits);
        if (strcmp(digits, rows[i].digits) != 0)
            fail_msg("%s became %s", rows[i].text, digits);
        json_close(tree);
    }
}

static void long_numbers_keep_their_places_in_the_tree(void **state)
{
    (void)state;
    struct json *tree = open_text(
        "{\"7\\\"8\":[1,{\"a\":9007199254740993},[[]],\"9\\\\\",{}],\"-3\":"
        "-9007199254740995,\"b\":2,\"c\":9223372036854775807}");
    static const struct {
        const char *pointer;
        int64_t want;
    } rows[] = {
        {"/7\"8/0", 1},
        {"/7\"8/1/a", INT64_C(9007199254740993)},
        {"/-3", INT64_C(-9007199254740995)},
        {"/b", 2},
        {"/c", INT64_MAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t whole = 0;
        if (!json_int64(json_at(tree, rows[i].pointer), &whole) || whole != rows[i].want)
            fail_msg("%s is %lld", rows[i].pointer, (long long)whole);
    }
    assert_null(json_string(json_at(tree, "/c")));
    json_close(tree);
}

static void numbers_longer_than_the_parser_takes_are_read_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 2000);
    buf_add_text(&b, "[1");
    for (int i = 0; i < 200; i++)
        buf_add_char(&b, '0');
    buf_add_text(&b, ",0.");
    for (int i = 0; i < 100; i++)
        buf_add_char(&b, '3');
    buf_add_text(&b, ",42]");
    struct json *tree = open_text(b.p);
    double number = 0;
    char digits[64];
    assert_true(json_double(json_at(tree, "/0"), &number));
    assert_true(number > 0.9e200 && number < 1.1e200);
    assert_false(json_number_text(json_at(tree, "/0"), digits, sizeof digits)); /* 201 digits */
    assert_true(json_double(json_at(tree, "/1"), &number));
    assert_true(number > 0.333333333333333 && number < 0.333333333333334);
    assert_true(json_number_text(json_at(tree, "/2"), digits, sizeof digits));
    assert_string_equal(digits, "42");
    json_close(tree);
    buf_fini(&b);
}

static void a_number_too_long_for_its_place_is_refused(void **state)
{
    (void)state;
    struct json *tree = open_text("12345678");
    char out[8] = "x";
    assert_false(json_number_text(tree, out, sizeof out));
    assert_string_equal(out, "");
    json_close(tree);
}

static void what_cannot_be_read_says_why_and_answers_as_if_absent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_kind written;
        size_t length;
        const char *why;
    } rows[] = {
        {"\"a\\ud83d\"", JSON_STRING, 2, "half a surrogate pair in a string"},
        {"\"\\ude00\\ud83d\"", JSON_STRING, 2, "half a surrogate pair in a string"},
        {"\"a\\u0000b\"", JSON_STRING, 3, "\\u0000 in a string"},
        {"1e309", JSON_NUMBER, 0, "a number beyond the range of a double"},
        {"-10000000000000000000000000000000000000000000000000000000000000000e999", JSON_NUMBER, 0,
         "a number beyond the range of a double"}, /* longer than the parser takes */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *tree = open_text(rows[i].text);
        int64_t whole = 5;
        double number = 5;
        bool truth = true;
        char digits[400];
        assert_string_equal(json_kind_name(json_kind(tree)), "unreadable");
        assert_int_equal(json_written_kind(tree), rows[i].written);
        assert_string_equal(json_unreadable(tree), rows[i].why);
        assert_int_equal(json_length(tree), rows[i].length);
        assert_null(json_string(tree));
        assert_false(json_int64(tree, &whole) || whole != 0);
        assert_false(json_double(tree, &number) || number > 0);
        assert_false(json_bool(tree, &truth) || truth);
        assert_false(json_number_text(tree, digits, sizeof digits));
        json_close(tree);
        assert_int_equal(json_open_strict(span_of(rows[i].text), &tree, NULL), ERR_SYNTAX);
        assert_null(tree);
    }
    struct json *tree = open_text("\"\\ud83d\\ude00a\"");
    assert_null(json_unreadable(tree));
    assert_int_equal(json_length(tree), 2);
    assert_int_equal(json_written_kind(tree), JSON_STRING);
    json_close(tree);
    assert_null(json_unreadable(NULL));
    assert_int_equal(json_written_kind(NULL), JSON_ABSENT);
    assert_int_equal(json_length(NULL), 0);
}

static void what_stands_beside_an_unreadable_value_is_read(void **state)
{
    (void)state;
    struct json *tree = open_text("{\"a\":[\"\\u0000\",9007199254740993,{\"\\\"b\":\"\\\\\"},[],{}]"
                                  ",\"n\":1e999,\"c\":\"\\ud83d\\ude00\","
                                  "\"d\":null,\"e\":-9007199254740995,\"f\":true}");
    int64_t whole = 0;
    bool truth = false;
    assert_int_equal(json_kind(json_at(tree, "/a/0")), JSON_UNREADABLE);
    assert_true(json_int64(json_at(tree, "/a/1"), &whole) && whole == INT64_C(9007199254740993));
    assert_string_equal(json_string(json_at(tree, "/a/2/\"b")), "\\");
    assert_int_equal(json_kind(json_at(tree, "/n")), JSON_UNREADABLE);
    assert_string_equal(json_string(json_get(tree, "c")), "\xF0\x9F\x98\x80");
    assert_int_equal(json_kind(json_get(tree, "d")), JSON_NULL);
    assert_true(json_int64(json_get(tree, "e"), &whole) && whole == INT64_C(-9007199254740995));
    assert_true(json_bool(json_get(tree, "f"), &truth) && truth);
    assert_int_equal(json_count(tree), 6);
    json_close(tree);
}

static void the_value_of_a_repeated_key_is_nobodys(void **state)
{
    (void)state;
    struct json *tree = open_text("{\"b\":1,\"a\":{\"x\":1},\"c\":{\"x\":[7]},\"\\u0061\":\"z\","
                                  "\"aa\":2,\"A\":3,\"a\":\"z\"}");
    int64_t whole = 0;
    const struct json *a = json_get(tree, "a");
    assert_int_equal(json_kind(a), JSON_UNREADABLE);
    assert_int_equal(json_written_kind(a), JSON_UNREADABLE);
    assert_string_equal(json_unreadable(a), "its key stands there more than once");
    assert_null(json_get(a, "x"));
    assert_null(json_first(a));
    assert_ptr_equal(json_at(tree, "/a/x/0"), a); /* what is inside is as unreadable */
    assert_true(json_int64(json_get(tree, "b"), &whole) && whole == 1);
    assert_true(json_int64(json_at(tree, "/c/x/0"), &whole) && whole == 7);
    assert_true(json_int64(json_get(tree, "aa"), &whole) && whole == 2);
    assert_true(json_int64(json_get(tree, "A"), &whole) && whole == 3);
    size_t unreadable = 0;
    for (const struct json *v = json_first(tree); v; v = json_next(v))
        unreadable += json_unreadable(v) ? 1 : 0;
    assert_int_equal(unreadable, 3);
    assert_int_equal(json_count(tree), 7);
    json_close(tree);
}

static void a_key_that_is_no_text_is_found_by_no_name(void **state)
{
    (void)state;
    struct json *tree = open_text(
        "{\"\\ud83d\":\"x\",\"\\ud83e\":[1],\"a\\u0000\":2,\"a\":3,\"\\ud83d\":1e999}");
    int64_t whole = 0;
    assert_null(json_get(tree, "\xEF\xBF\xBD"));
    assert_null(json_at(tree, "/\xEF\xBF\xBD"));
    assert_true(json_int64(json_get(tree, "a"), &whole) && whole == 3);
    const struct json *first = json_first(tree);
    assert_string_equal(json_key(first), "\xEF\xBF\xBD");
    assert_string_equal(json_unreadable(first), "its key is no text");
    assert_int_equal(json_written_kind(first), JSON_STRING);
    assert_int_equal(json_written_kind(json_next(first)), JSON_ARRAY);
    json_close(tree);
    tree = open_text("{\"\\ud83d\":1,\"\xEF\xBF\xBD\":2}"); /* one looks like the other */
    assert_true(json_int64(json_get(tree, "\xEF\xBF\xBD"), &whole) && whole == 2);
    assert_true(json_int64(json_at(tree, "/\xEF\xBF\xBD"), &whole) && whole == 2);
    json_close(tree);
}

static void a_bad_text_gives_no_tree(void **state)
{
    (void)state;
    struct json *tree = (struct json *)&tree;
    struct err e = {0};
    assert_int_equal(json_open(span_of("{\"a\":01}"), &tree, &e), ERR_SYNTAX);
    assert_null(tree);
    assert_string_equal(e.where, "byte 6");
}

static void the_characters_of_a_string_may_have_a_nul_among_them(void **state)
{
    (void)state;
    static const struct {
        const char *token;
        struct span want;
        bool good;
    } rows[] = {
        {"\"\"", {"", 0}, true},
        {"\"ab\"", {"ab", 2}, true},
        {"\"a\\u0000\\n\\\"\"", {"a\0\n\"", 4}, true},
        {"\"\\ud83d\\ude00\"", {"\xF0\x9F\x98\x80", 4}, true},
        {"\"a\\ud83d\"", {"a", 1}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out, 64);
        assert_int_equal(json_string_bytes(span_of(rows[i].token), &out), rows[i].good);
        assert_true(span_same(buf_span(&out), rows[i].want));
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_characters_of_a_string_may_have_a_nul_among_them),
        cmocka_unit_test(every_value_has_its_kind),
        cmocka_unit_test(absent_values_answer_for_themselves),
        cmocka_unit_test(getters_know_case_and_kind),
        cmocka_unit_test(integers_survive_exactly),
        cmocka_unit_test(long_numbers_keep_their_places_in_the_tree),
        cmocka_unit_test(numbers_longer_than_the_parser_takes_are_read_whole),
        cmocka_unit_test(a_number_too_long_for_its_place_is_refused),
        cmocka_unit_test(what_cannot_be_read_says_why_and_answers_as_if_absent),
        cmocka_unit_test(what_stands_beside_an_unreadable_value_is_read),
        cmocka_unit_test(the_value_of_a_repeated_key_is_nobodys),
        cmocka_unit_test(a_key_that_is_no_text_is_found_by_no_name),
        cmocka_unit_test(a_bad_text_gives_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
