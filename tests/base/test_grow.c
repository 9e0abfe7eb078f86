/* Growing lists: they keep what they hold, double, and end at their maximum or at the last byte. */
#include "cases.h"
#include "fail_alloc.h"

#include "base/grow.h"

#include <stdlib.h>

static void a_list_keeps_what_it_holds_and_moves_seldom(void **state)
{
    (void)state;
    uint32_t *list = NULL;
    size_t room = 0;
    unsigned moves = 0;
    for (uint32_t count = 0; count < 1000; count++) {
        size_t before = room;
        uint32_t *more = grow(list, count, &room, sizeof *more, SIZE_MAX);
        assert_non_null(more);
        list = more;
        moves += room != before;
        list[count] = count;
        assert_true(room > count && room <= 2 * (size_t)count + 16);
    }
    assert_int_equal(moves, 7); /* 16, 32 .. 1024 */
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(list[i], i);
    free(list);
}

static void a_list_with_room_stays_where_it_is(void **state)
{
    (void)state;
    char list[4];
    size_t room = sizeof list;
    assert_ptr_equal(grow(list, 3, &room, 1, SIZE_MAX), list);
    assert_int_equal(room, sizeof list);
}

static void a_list_holds_its_maximum_and_not_one_more(void **state)
{
    (void)state;
    static const size_t maxima[] = {1, 15, 16, 17, 100};
    for (size_t i = 0; i < COUNT(maxima); i++) {
        char *list = NULL;
        size_t room = 0;
        for (size_t count = 0; count < maxima[i]; count++) {
            char *more = grow(list, count, &room, 1, maxima[i]);
            assert_non_null(more);
            list = more;
            list[count] = 'x';
            assert_true(room <= maxima[i]);
        }
        assert_null(grow(list, maxima[i], &room, 1, maxima[i]));
        assert_int_equal(room, maxima[i]);
        list[maxima[i] - 1] = 'y'; /* still there */
        free(list);
    }
    size_t room = 0;
    assert_null(grow(NULL, 0, &room, 1, 0));
}

static void a_size_that_would_overflow_leaves_the_list_alone(void **state)
{
    (void)state;
    static char list[1];
    static const struct {
        size_t room, size;
    } rows[] = {
        {SIZE_MAX / 4, 8},     /* the doubled room times the size */
        {SIZE_MAX / 2 + 1, 2}, /* the room itself cannot double */
        {SIZE_MAX / 2, SIZE_MAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t room = rows[i].room;
        assert_null(grow(list, room, &room, rows[i].size, SIZE_MAX));
        assert_true(room == rows[i].room);
    }
}

static void without_memory_the_list_is_as_it_was(void **state)
{
    (void)state;
    size_t room = 0;
    char *list = grow(NULL, 0, &room, 1, SIZE_MAX);
    assert_non_null(list);
    list[0] = 'x';
    size_t before = room;
    fail_alloc_at(1, FAIL_ONCE);
    void *more = grow(list, room, &room, 1, SIZE_MAX);
    assert_int_equal(fail_alloc_stop(), 1);
    assert_null(more);
    assert_int_equal(room, before);
    assert_int_equal(list[0], 'x');
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_what_it_holds_and_moves_seldom),
        cmocka_unit_test(a_list_with_room_stays_where_it_is),
        cmocka_unit_test(a_list_holds_its_maximum_and_not_one_more),
        cmocka_unit_test(a_size_that_would_overflow_leaves_the_list_alone),
        cmocka_unit_test(without_memory_the_list_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
