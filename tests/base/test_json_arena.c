/* Arenas: pieces that do not touch, in blocks that grow, given back at once. */
#include "cases.h"

#include "base/json/json_arena.h"

#include <string.h>

static void pieces_are_aligned_and_do_not_touch(void **state)
{
    (void)state;
    struct json_arena a = {0};
    char *last_end = NULL;
    for (size_t n = 0; n < 200; n++) {
        char *piece = json_arena_take(&a, n, 100000);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % 16, 0);
        assert_true(last_end == NULL || piece > last_end);
        memset(piece, 0x5a, n);
        last_end = piece + n;
    }
    json_arena_close(a);
}

static void a_piece_larger_than_the_room_gets_a_block_of_its_own(void **state)
{
    (void)state;
    struct json_arena a = {0};
    char *small = json_arena_take(&a, 1, 0);
    char *large = json_arena_take(&a, 1 << 20, 0);
    char *after = json_arena_take(&a, 1, 0);
    assert_non_null(small);
    assert_non_null(large);
    assert_non_null(after);
    memset(large, 1, 1 << 20);
    *small = *after = 2;
    json_arena_close(a);
}

static void the_first_piece_leads_back_to_every_block(void **state)
{
    (void)state;
    struct json_arena a = {0};
    void *first = json_arena_take(&a, 64, 0);
    for (int i = 0; i < 1000; i++)
        assert_non_null(json_arena_take(&a, 64, 0));
    json_arena_close(json_arena_of(first)); /* the leak sanitizer counts what stayed */
}

static void a_size_that_no_memory_has_is_refused(void **state)
{
    (void)state;
    struct json_arena a = {0};
    assert_null(json_arena_take(&a, SIZE_MAX - 8, 0));
    json_arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_do_not_touch),
        cmocka_unit_test(a_piece_larger_than_the_room_gets_a_block_of_its_own),
        cmocka_unit_test(the_first_piece_leads_back_to_every_block),
        cmocka_unit_test(a_size_that_no_memory_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
