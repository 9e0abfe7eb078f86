/* Buffers: never past the maximum, always terminated, broken once and for all. */
#include "cases.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static void bytes_follow_one_another(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    assert_string_equal(b.p, "");
    buf_add_text(&b, "a");
    buf_add_char(&b, '-');
    buf_add_int(&b, INT64_MIN);
    buf_addf(&b, " %s %d", "x", 7);
    buf_add_span(&b, span_of("!"));
    assert_string_equal(b.p, "a--9223372036854775808 x 7!");
    assert_int_equal(b.n, strlen(b.p));
    assert_int_equal(buf_err(&b, "it", NULL), 0);
    buf_fini(&b);
    assert_string_equal(b.p, "");
}

static void the_maximum_is_reached_and_never_passed(void **state)
{
    (void)state;
    struct buf b;
    struct err e = {0};
    buf_init(&b, 4);
    buf_add_text(&b, "abcd");
    assert_int_equal(buf_err(&b, "the word", &e), 0);
    buf_add_char(&b, 'e');
    assert_string_equal(b.p, "abcd");
    assert_int_equal(buf_err(&b, "the word", &e), ERR_LIMIT);
    assert_string_equal(e.what, "the word is longer than 4 bytes");
    buf_fini(&b);
}

static void a_broken_buffer_takes_nothing_until_it_is_reset(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_add_text(&b, "abcde");
    buf_add_text(&b, "a");
    assert_int_equal(b.n, 0);
    assert_null(buf_take(&b));
    buf_add_text(&b, "abcde");
    buf_reset(&b);
    buf_add_text(&b, "ab");
    assert_string_equal(b.p, "ab");
    buf_fini(&b);
}

static void long_formats_come_out_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5000);
    char text[1001];
    memset(text, 'x', 1000);
    text[1000] = '\0';
    for (int i = 0; i < 4; i++)
        buf_addf(&b, "<%s>", text);
    assert_int_equal(b.n, 4 * 1002);
    assert_int_equal(strlen(b.p), b.n);
    buf_addf(&b, "<%s>", text);
    assert_int_equal(b.broken, ERR_LIMIT);
    buf_fini(&b);
}

static void taking_moves_the_bytes_out(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    char *none = buf_take(&b);
    assert_string_equal(none, "");
    free(none);
    buf_add_text(&b, "abc");
    char *p = buf_take(&b);
    assert_string_equal(p, "abc");
    assert_int_equal(b.n, 0);
    assert_string_equal(b.p, "");
    buf_add_text(&b, "d");
    assert_string_equal(p, "abc");
    free(p);
    buf_fini(&b);
}

/* One line, whatever is in it. */
static void text_from_outside_is_added_as_plain_text_or_as_a_plain_url(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *url;
    } rows[] = {
        {"", "", ""},
        {"https://a.example/v?x=%20&y#z", "https://a.example/v?x=%20&y#z",
         "https://a.example/v?x=%20&y#z"},
        {"a\r\nhttps://b", "a https://b", "a%0D%0Ahttps://b"},
        {"\033[2J\x7F\t.", "[2J\t.", "%1B[2J%7F%09."},
        {"\xC2\x9B\xE2\x80\xAE\xD8\x9C\xE2\x80\xA8.", ".", "%C2%9B%E2%80%AE%D8%9C%E2%80%A8."},
        {"\xE4\xB8\xAD \xEF\xBF\xBD", "\xE4\xB8\xAD \xEF\xBF\xBD", "\xE4\xB8\xAD%20\xEF\xBF\xBD"},
        {"\xFF\xE4\xB8", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "%FF%E4%B8"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b;
        buf_init(&b, 100);
        buf_add_plain(&b, span_of(rows[i].text));
        assert_string_equal(b.p, rows[i].line);
        buf_reset(&b);
        buf_add_plain_url(&b, span_of(rows[i].text));
        assert_string_equal(b.p, rows[i].url);
        buf_fini(&b);
    }
}

static void what_is_missing_in_a_part_is_missing_in_the_whole(void **state)
{
    struct buf whole, part;
    (void)state;
    buf_init(&whole, 16);
    buf_init(&part, 4);
    buf_add_text(&part, "ab");
    buf_move(&whole, &part);
    assert_string_equal(whole.p, "ab");
    assert_int_equal(part.n, 0);
    assert_int_equal(whole.broken, ERR_OK);
    buf_add_text(&part, "cd");
    buf_add_text(&part, "too long");
    buf_break_with(&whole, &part);
    assert_int_equal(whole.broken, ERR_LIMIT);
    buf_reset(&whole);
    buf_move(&whole, &part);
    assert_int_equal(whole.broken, ERR_LIMIT);
    assert_int_equal(part.broken, ERR_LIMIT); /* for good: what was lost does not come back */
    assert_int_equal(part.n, 0);
    buf_fini(&whole);
    buf_fini(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_outside_is_added_as_plain_text_or_as_a_plain_url),
        cmocka_unit_test(bytes_follow_one_another),
        cmocka_unit_test(the_maximum_is_reached_and_never_passed),
        cmocka_unit_test(a_broken_buffer_takes_nothing_until_it_is_reset),
        cmocka_unit_test(long_formats_come_out_whole),
        cmocka_unit_test(taking_moves_the_bytes_out),
        cmocka_unit_test(what_is_missing_in_a_part_is_missing_in_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
