/* What is kept of a stream: all of a short one, both ends of a long one, however it is cut into pieces. */
#include "harness/external/kept.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { KEPT_MAX = 20 };

static void both_ends_are_kept_in_whole_lines_where_there_are_any(void **state)
{
    (void)state;
    static const struct {
        const char *written, *text;
    } rows[] = {
        {"", ""},
        {"short\n", "short\n"},
        {"12345678901234567890", "12345678901234567890"}, /* just so much */
        {"1234567890\n234567890", "1234567890\n234567890"},
        {"123456789012345678901", "1234567890\n[1 bytes left out]\n2345678901"},
        {"one\ntwo\nthree\nfour\nfive\n", "one\ntwo\n[11 bytes left out]\nfive\n"},
        {"one\n3456789012345678901234567890", "one\n[18 bytes left out]\n1234567890"},
        {"1234567890123456789012345\ntwo\n", "1234567890\n[16 bytes left out]\ntwo\n"},
        {"1234567890123456789012345678901\n", "1234567890\n[12 bytes left out]\n345678901\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t piece = 1; piece <= 40; piece++) {
            struct kept k;
            struct buf text;
            kept_init(&k, KEPT_MAX);
            buf_init(&text, 100);
            struct span left = span_of(rows[i].written);
            for (; left.n > 0; left = span_cut(left, piece, left.n))
                kept_add(&k, span_cut(left, 0, piece));
            kept_text(&k, &text);
            if (strcmp(text.p, rows[i].text) != 0)
                fail_msg("%s in pieces of %zu: %s", rows[i].written, piece, text.p);
            buf_fini(&text);
            kept_fini(&k);
        }
}

static void a_nul_byte_is_read_as_a_line_end(void **state)
{
    (void)state;
    struct kept k;
    struct buf text;
    kept_init(&k, KEPT_MAX);
    buf_init(&text, 100);
    buf_add_char(&text, 'x');
    kept_add(&k, (struct span){"a\0\0b", 4});
    kept_text(&k, &text);
    assert_string_equal(text.p, "xa\n\nb");
    buf_fini(&text);
    kept_fini(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_are_kept_in_whole_lines_where_there_are_any),
        cmocka_unit_test(a_nul_byte_is_read_as_a_line_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
