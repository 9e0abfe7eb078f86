/* Hashes: the published values, and nothing but the bytes counts. */
#include "cases.h"

#include "base/hash.h"

#include <string.h>

/* From the test vectors of the draft that describes FNV. */
static void the_published_values_come_out(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint64_t hash64;
        uint32_t hash32;
    } rows[] = {
        {"", UINT64_C(0xcbf29ce484222325), 0x811c9dc5},
        {"a", UINT64_C(0xaf63dc4c8601ec8c), 0xe40c292c},
        {"foobar", UINT64_C(0x85944171f73967e8), 0xbf9cf968},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = strlen(rows[i].bytes);
        assert_true(hash64_add(HASH64_START, rows[i].bytes, n) == rows[i].hash64);
        assert_true(hash32_add(HASH32_START, rows[i].bytes, n) == rows[i].hash32);
    }
    assert_true(hash64_add(HASH64_START, NULL, 0) == HASH64_START);
    assert_true(hash32_add(HASH32_START, NULL, 0) == HASH32_START);
}

static void two_pieces_hash_as_if_joined(void **state)
{
    (void)state;
    assert_true(hash64_add(hash64_add(HASH64_START, "foo", 3), "bar", 3)
                == hash64_add(HASH64_START, "foobar", 6));
    assert_true(hash32_add(hash32_add(HASH32_START, "foo", 3), "bar", 3)
                == hash32_add(HASH32_START, "foobar", 6));
}

static void terminators_keep_pieces_apart(void **state)
{
    (void)state;
    assert_true(hash64_add(hash64_add(HASH64_START, "a", 2), "b", 2)
                != hash64_add(hash64_add(HASH64_START, "ab", 3), "", 1));
}

/* A char is signed on some machines and not on others. */
static void bytes_beyond_ascii_count_from_128_to_255(void **state)
{
    (void)state;
    assert_true(hash64_add(HASH64_START, "\xFF", 1) == hash64_step(HASH64_START, 255));
    assert_true(hash32_add(HASH32_START, "\x80", 1) == hash32_step(HASH32_START, 128));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_values_come_out),
        cmocka_unit_test(two_pieces_hash_as_if_joined),
        cmocka_unit_test(terminators_keep_pieces_apart),
        cmocka_unit_test(bytes_beyond_ascii_count_from_128_to_255),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
