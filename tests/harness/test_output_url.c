/* The URL in a client's output: the right one is found, and in one pass whatever stands there. */
#include "base/buf.h"
#include "harness/external/output_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_expected_url_is_found_as_a_whole_word_else_the_last_one(void **state)
{
    (void)state;
    static const struct {
        const char *output, *url;
    } rows[] = {
        {"", ""},
        {"http", ""},
        {"httpx://a https:/b", ""},
        {"http://a https://b", "https://b"},
        {"https://e/right https://b", "https://e/right"},
        {"https://e/right.part", "https://e/right.part"},
        {"<https://a>'https://b'(https://c)\"https://d\"\thttps://e\r\n", "https://e"},
        {"https://a/?next=https://e/right x", "https://e/right"}, /* inside of another */
        {"httphttp://a", "http://a"},
        {"HTTP/1.1 200 http://a", "http://a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span found;
        output_url_find(span_of(rows[i].output), "https://e/right", &found);
        if (!span_is(found, rows[i].url))
            fail_msg("%s: %.*s", rows[i].output, (int)found.n, found.p);
    }
}

static void bytes_behind_a_nul_are_looked_at_too(void **state)
{
    (void)state;
    struct span found;
    output_url_find((struct span){"http://a\0http://b", 17}, NULL, &found);
    assert_true(span_is(found, "http://b"));
}

/* The worst that a client can print: one word of a mebibyte in which a URL may start everywhere. */
static void no_output_makes_a_byte_be_looked_at_more_than_twice(void **state)
{
    (void)state;
    static const char *const words[] = {"http", "http://", "https://a", "http ", "h", "x"};
    enum { SHORT = 64 << 10, LONG = 1 << 20 };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct buf output;
        struct span found;
        buf_init(&output, LONG + 16);
        for (int k = 0; k < 2; k++) {
            while (output.n < (k ? LONG : SHORT))
                buf_add_text(&output, words[i]);
            size_t looked_at = output_url_find(buf_span(&output), "http://http://", &found);
            assert_true(looked_at <= 2 * output.n);
        }
        buf_fini(&output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_expected_url_is_found_as_a_whole_word_else_the_last_one),
        cmocka_unit_test(bytes_behind_a_nul_are_looked_at_too),
        cmocka_unit_test(no_output_makes_a_byte_be_looked_at_more_than_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
