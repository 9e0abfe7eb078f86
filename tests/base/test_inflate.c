/* Compressed bytes made plain. */
#include "base/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct {
    const char *what;
    struct span packed;
    const char *plain; /* NULL: an error */
} rows[] = {
    {"gzip",
     BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac"
           "\x1b\x56\x07\x00\x00\x00"),
     "{\"a\":1}"},
    {"gzip of two members",
     BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac"
           "\x1b\x56\x07\x00\x00\x00\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xcc\x4b\x51\xc8"
           "\xcd\x2f\x4a\x05\x00\xdc\x07\x58\x5a\x08\x00\x00\x00"),
     "{\"a\":1}and more"},
    {"gzip and something behind it",
     BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac"
           "\x1b\x56\x07\x00\x00\x00\x78\x79\x7a"),
     "{\"a\":1}"},
    {"zlib", BYTES("\x78\x9c\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x08\x2a\x02\x09"), "{\"a\":1}"},
    {"raw deflate", BYTES("\xab\x56\x4a\x54\xb2\x32\xac\x05\x00"), "{\"a\":1}"},
    {"gzip that ends too early",
     BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05"), NULL},
    {"gzip whose sum is wrong",
     BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x00\x00"
           "\x00\x00\x07\x00\x00\x00"),
     NULL},
    {"what is not compressed", BYTES("{\"a\":1}"), NULL},
    {"nothing", {"", 0}, NULL},
};

static void what_is_compressed_becomes_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out, 1024);
        int code = inflate_bytes(&out, rows[i].packed, NULL);
        bool good = rows[i].plain ? code == 0 && span_is(buf_span(&out), rows[i].plain)
                                  : code == ERR_SYNTAX;
        if (!good)
            fail_msg("%s: code %d, %s", rows[i].what, code, out.p);
        buf_fini(&out);
    }
}

static void gzip_is_told_by_its_start(void **state)
{
    (void)state;
    assert_true(inflate_is_gzip(rows[0].packed));
    assert_false(inflate_is_gzip(span_cut(rows[0].packed, 0, 2)));
    assert_false(inflate_is_gzip(rows[3].packed));
    assert_false(inflate_is_gzip((struct span){0}));
}

static void more_than_fits_is_a_limit(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 6);
    assert_int_equal(inflate_bytes(&out, rows[0].packed, NULL), ERR_LIMIT);
    buf_fini(&out);
    buf_init(&out, 7);
    assert_int_equal(inflate_bytes(&out, rows[0].packed, NULL), 0);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_compressed_becomes_plain),
        cmocka_unit_test(gzip_is_told_by_its_start),
        cmocka_unit_test(more_than_fits_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
