/* Writing: what comes out is JSON, commas are right, bytes that are no UTF-8 do not pass. */
#include "cases.h"

#include "base/json/json.h"

#include <math.h>
#include <string.h>

static void strings_are_escaped_and_made_utf8(void **state)
{
    (void)state;
    static const struct {
        struct span text;
        const char *want;
    } rows[] = {
        {{"a\"\\/b", 5}, "\"a\\\"\\\\/b\""},
        {{"\b\f\n\r\t\x01\x1F", 7}, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\""},
        {{"\x7F\xC3\xA9\xF0\x9F\x98\x80", 7}, "\"\x7F\xC3\xA9\xF0\x9F\x98\x80\""},
        {{"\xC2\x9B\xE2\x80\xAE", 5}, "\"\\u009b\\u202e\""}, /* terminals obey them */
        {{"a\xFFz", 3}, "\"a\xEF\xBF\xBDz\""},
        {{"\xE4\xBD", 2}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* cut: one for each byte */
        {{"a\0b", 3}, "\"a\\u0000b\""},
        {{NULL, 0}, "\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b;
        buf_init(&b, 100);
        json_add_string(&b, rows[i].text);
        assert_string_equal(b.p, rows[i].want);
        buf_fini(&b);
    }
}

static void write_all_kinds(struct json_writer *w)
{
    json_write_open(w, '{');
    json_write_key(w, "a");
    json_write_open(w, '[');
    json_write_int(w, -5);
    json_write_double(w, 0.1);
    json_write_double(w, (double)INFINITY);
    json_write_bool(w, true);
    json_write_text(w, NULL);
    json_write_open(w, '[');
    json_write_close(w, ']');
    json_write_close(w, ']');
    json_write_key(w, "b\n");
    json_write_span(w, span_of("x"));
    json_write_key(w, "c");
    json_write_raw(w, span_of("{}"));
    json_write_key(w, "d");
    json_write_open(w, '{');
    json_write_close(w, '}');
    json_write_close(w, '}');
}

static void commas_stand_where_they_must(void **state)
{
    (void)state;
    static const struct {
        bool pretty;
        const char *want;
    } rows[] = {
        {false, "{\"a\":[-5,0.1,null,true,null,[]],\"b\\n\":\"x\",\"c\":{},\"d\":{}}"},
        {true,
         "{\n  \"a\": [\n    -5,\n    0.1,\n    null,\n    true,\n    null,\n    []\n  ],\n"
         "  \"b\\n\": \"x\",\n  \"c\": {},\n  \"d\": {}\n}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b;
        struct json_writer w;
        buf_init(&b, 1000);
        json_write_init(&w, &b, rows[i].pretty);
        write_all_kinds(&w);
        assert_string_equal(b.p, rows[i].want);
        assert_int_equal(json_scan(buf_span(&b), NULL, NULL), 0);
        buf_fini(&b);
    }
}

static void doubles_are_short_and_read_back(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *want;
    } rows[] = {
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {1e300, "1e+300"},
        {5, "5"},
        {0.1 + 0.2, "0.30000000000000004"},
        {999999999999999, "999999999999999"},
        {1e15, "1e+15"},
        {0, "0"},
        {-0.0, "-0"},
        {-12, "-12"},
        {1e6 + 0.5, "1000000.5"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b;
        struct json_writer w;
        buf_init(&b, 100);
        json_write_init(&w, &b, false);
        json_write_double(&w, rows[i].value);
        assert_string_equal(b.p, rows[i].want);
        buf_fini(&b);
    }
}

static void a_member_is_its_key_and_its_value(void **state)
{
    (void)state;
    struct buf b;
    struct json_writer w;
    buf_init(&b, 200);
    json_write_init(&w, &b, false);
    json_write_open(&w, '{');
    json_member_text(&w, "text", "\"");
    json_member_text(&w, "none", NULL);
    json_member_span(&w, "span", (struct span){"abc", 2});
    json_member_int(&w, "int", -7);
    json_member_double(&w, "double", 0.5);
    json_member_bool(&w, "bool", true);
    json_write_close(&w, '}');
    assert_string_equal(
        b.p,
        "{\"text\":\"\\\"\",\"none\":null,\"span\":\"ab\",\"int\":-7,\"double\":0.5,"
        "\"bool\":true}");
    buf_fini(&b);
}

static void sixty_four_levels_are_written_and_one_more_breaks_the_buffer(void **state)
{
    (void)state;
    struct buf b;
    struct json_writer w;
    buf_init(&b, 1000);
    json_write_init(&w, &b, false);
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        json_write_open(&w, '[');
        json_write_int(&w, 1);
    }
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        json_write_close(&w, ']');
    assert_int_equal(json_scan(buf_span(&b), NULL, NULL), 0);
    for (int i = 0; i <= JSON_DEPTH_MAX; i++)
        json_write_open(&w, '[');
    assert_int_equal(buf_err(&b, "it", NULL), ERR_LIMIT);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_and_made_utf8),
        cmocka_unit_test(commas_stand_where_they_must),
        cmocka_unit_test(doubles_are_short_and_read_back),
        cmocka_unit_test(a_member_is_its_key_and_its_value),
        cmocka_unit_test(sixty_four_levels_are_written_and_one_more_breaks_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
