/* Base64: what is written reads back, and what is not base64 is refused. */
#include "cases.h"

#include "base/base64.h"

#include <string.h>

enum { BYTES_MAX = 64 };

/* The examples of RFC 4648, and the digits that other alphabets change. */
static const struct {
    const char *bytes, *text;
} pairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFB\xEF\xBE\xFF\xFF\xFF", "++++////"},
};

static void bytes_are_written_as_the_standard_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct buf out;
        buf_init(&out, BYTES_MAX);
        base64_encode(&out, span_of(pairs[i].bytes));
        assert_string_equal(out.p, pairs[i].text);
        buf_fini(&out);
    }
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(unsigned char)i;
    for (size_t n = 0; n <= sizeof bytes;
         n++) { /* every byte, and every length of the last group */
        struct buf text, back;
        buf_init(&text, 2 * sizeof bytes);
        buf_init(&back, sizeof bytes);
        base64_encode(&text, (struct span){bytes, n});
        assert_true(base64_decode(&back, buf_span(&text)));
        assert_true(span_same(buf_span(&back), (struct span){bytes, n}));
        buf_fini(&text);
        buf_fini(&back);
    }
}

static void recordings_of_other_programs_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"Zg", "f"},                                    /* no padding */
        {"Zm8", "fo"},    {"Zm9v\r\nYmFy\n", "foobar"}, /* on several lines */
        {"Zm8=*", "fo"},                                /* behind the padding nothing is read */
        {"Z", ""},                                      /* six bits are no byte */
        {"Zm9vY", "foo"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        buf_init(&out, BYTES_MAX);
        assert_true(base64_decode(&out, span_of(rows[i].text)));
        assert_string_equal(out.p, rows[i].want);
        buf_fini(&out);
    }
}

static void any_other_character_is_refused(void **state)
{
    (void)state;
    static const struct span rows[] = {
        {"*", 1},    {"Zm9v*", 5},   {"Zm 9v", 5},  {"Zm\t9v", 5}, {"Zm9-", 4},
        {"Zm9_", 4}, {"Zm9\xC3", 4}, {"Zm9v\0", 5}, /* a NUL ends no span, and is no digit */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        buf_init(&out, BYTES_MAX);
        if (base64_decode(&out, rows[i]))
            fail_msg("row %zu was read", i);
        buf_fini(&out);
    }
}

static void neither_way_passes_the_maximum(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4);
    base64_encode(&out, span_of("fooo"));
    assert_int_equal(out.broken, ERR_LIMIT);
    buf_fini(&out);
    buf_init(&out, 2);
    assert_true(base64_decode(&out, span_of("Zm9v")));
    assert_int_equal(out.broken, ERR_LIMIT);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_written_as_the_standard_says),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(recordings_of_other_programs_are_read),
        cmocka_unit_test(any_other_character_is_refused),
        cmocka_unit_test(neither_way_passes_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
