/* What decoders share: words, URLs, and texts that fit or do not. */
#include "client/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_first_trouble_of_a_view_is_kept(void **state)
{
    (void)state;
    struct err e = {0};
    struct reading r = {.e = &e};
    char out[4];
    view_text(&r, "/fits", "abc", out, sizeof(out));
    assert_int_equal(r.code, 0);
    assert_string_equal(out, "abc");
    view_text(&r, "/first", "abcd", out, sizeof(out));
    assert_int_equal(r.code, ERR_LIMIT);
    assert_string_equal(e.where, "/first");
    assert_string_equal(e.what, "is longer than 3 bytes");
    view_text(&r, "/second", "abcdefgh", out, sizeof(out));
    assert_string_equal(e.where, "/first");
}

static void a_cut_text_ends_with_a_whole_character(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t room;
        const char *want;
    } rows[] = {
        {"", 1, ""},
        {"abc", 4, "abc"},
        {"abcd", 4, "abc"},
        {"abcde", 4, "abc"},
        {"ab\xC3\xA9", 5, "ab\xC3\xA9"},
        {"ab\xC3\xA9", 4, "ab"},
        {"ab\xC3\xA9", 3, "ab"},
        {"a\xE4\xBD\xA0z", 5, "a\xE4\xBD\xA0"},
        {"a\xE4\xBD\xA0z", 4, "a"},
        {"a\xE4\xBD\xA0z", 3, "a"},
        {"a\xF0\x9F\x98\x80", 5, "a"},
        {"\xC3\xA9", 2, ""}, /* nothing is left */
        {"a", 1, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[16];
        memset(out, '#', sizeof(out));
        view_cut(rows[i].text, out, rows[i].room);
        if (strcmp(out, rows[i].want) != 0) {
            fail_msg("row %zu: '%s'", i, out);
        }
    }
}

static void only_http_and_https_are_web_urls(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"http://v", true}, {"https://v", true},  {"http://", true},    {"https://", true},
        {"http:/", false},  {"https:/", false},   {"http", false},      {"", false},
        {"ftp://v", false}, {" http://v", false}, {"httpx://v", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(is_web_url(rows[i].text), rows[i].is);
    }
}

static void a_word_has_its_state_in_any_case_and_none_when_it_is_new(void **state)
{
    (void)state;
    static const struct state_word words[] = {
        {"queued", TASK_QUEUED}, {"done", TASK_SUCCEEDED}, {NULL, TASK_UNKNOWN}};
    assert_int_equal(state_of_word(words, "queued"), TASK_QUEUED);
    assert_int_equal(state_of_word(words, "DoNe"), TASK_SUCCEEDED);
    assert_int_equal(state_of_word(words, "don"), TASK_UNKNOWN);
    assert_int_equal(state_of_word(words, "done "), TASK_UNKNOWN);
    assert_int_equal(state_of_word(words, ""), TASK_UNKNOWN);
}

static void a_pointer_too_long_to_tell_is_cut_and_the_trouble_is_still_told(void **state)
{
    (void)state;
    char key[ERR_WHERE_MAX + 40];
    struct json *root;
    struct err e = {0};
    struct reading r = {.e = &e};
    memset(key, 'k', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    assert_int_equal(json_open(span_of("{}"), &root, &e), 0);
    struct fields f = fields_of(root, &r);
    struct fields inside = field_object(&f, key);
    field_need(&inside, "x");
    assert_int_equal(r.code, ERR_CONTRACT);
    assert_int_equal(strlen(e.where), ERR_WHERE_MAX - 1);
    assert_memory_equal(e.where, "/kkkk", 5);
    assert_string_equal(e.what, "is missing");
    json_close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_trouble_of_a_view_is_kept),
        cmocka_unit_test(a_cut_text_ends_with_a_whole_character),
        cmocka_unit_test(only_http_and_https_are_web_urls),
        cmocka_unit_test(a_word_has_its_state_in_any_case_and_none_when_it_is_new),
        cmocka_unit_test(a_pointer_too_long_to_tell_is_cut_and_the_trouble_is_still_told),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
