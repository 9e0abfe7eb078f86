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

static void a_bad_text_gives_no_tree(void **state)
{
    (void)state;
    struct json *tree = (struct json *)&tree;
    struct err e = {0};
    assert_int_equal(json_open(span_of("{\"a\":01}"), &tree, &e), ERR_SYNTAX);
    assert_null(tree);
    assert_string_equal(e.where, "byte 6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_its_kind),
        cmocka_unit_test(absent_values_answer_for_themselves),
        cmocka_unit_test(getters_know_case_and_kind),
        cmocka_unit_test(integers_survive_exactly),
        cmocka_unit_test(long_numbers_keep_their_places_in_the_tree),
        cmocka_unit_test(numbers_longer_than_the_parser_takes_are_read_whole),
        cmocka_unit_test(a_number_too_long_for_its_place_is_refused),
        cmocka_unit_test(a_bad_text_gives_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
