/* Clocks: they never go back, and a wait is over when, and not before, its time has passed. */
#include "cases.h"

#include "base/clock.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static void simulated_waits_move_the_clock_exactly(void **state)
{
    (void)state;
    struct clock_sim c;
    clock_sim_init(&c, 1000);
    assert_int_equal(clock_now(&c.clock), 1000);
    clock_wait(&c.clock, 250);
    assert_int_equal(clock_now(&c.clock), 1250);
    clock_wait(&c.clock, 0);
    clock_wait(&c.clock, -5);
    assert_int_equal(clock_now(&c.clock), 1250);
    clock_wait(&c.clock, INT64_MAX);
    assert_true(clock_now(&c.clock) == INT64_MAX);
}

static void a_fast_clock_covers_the_time_that_was_waited_for(void **state)
{
    (void)state;
    struct clock_scaled c;
    clock_scaled_init(&c, 100000);
    int64_t before = clock_now(&c.clock);
    clock_wait(&c.clock, 1000);
    assert_true(clock_now(&c.clock) - before >= 1000);
}

static void a_fast_clock_does_not_overflow_within_years(void **state)
{
    (void)state;
    struct clock_scaled c;
    clock_scaled_init(&c, 100000);
    int64_t year_ms = INT64_C(365) * 24 * 3600 * 1000;
    c.start_ns -= year_ms * 1000000;
    assert_true(clock_now(&c.clock) - c.start_ms >= year_ms * 100000);
    assert_true(clock_now(&c.clock) - c.start_ms < (year_ms + 3600 * 1000) * 100000);
}

static void the_real_clock_is_one_and_tells_this_century(void **state)
{
    (void)state;
    struct clock *c = clock_real();
    assert_ptr_equal(c, clock_real());
    assert_int_equal(c->speed, 1);
    int64_t now = clock_now(c);
    assert_true(now > INT64_C(946684800000) && now < INT64_C(4102444800000));
    clock_wait(c, 1);
    assert_true(clock_now(c) >= now + 1);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* What a clock takes real time to be ahead of the ticks is the same whenever it started; a rare one that was
 * interrupted while starting may differ. */
static void clocks_of_speed_1_agree_within_a_fraction_of_a_millisecond(void **state)
{
    (void)state;
    enum { COUNT = 101, NEAR_NS = 100000 };
    int64_t ahead_ns[COUNT];
    for (int i = 0; i < COUNT; i++) {
        struct clock_scaled c;
        int64_t until_ns = clock_ticks_ns() + 37000; /* in other parts of a millisecond each */
        while (clock_ticks_ns() < until_ns)
            continue;
        clock_scaled_init(&c, 1);
        ahead_ns[i] = c.start_ms * 1000000 - c.start_ns;
    }
    qsort(ahead_ns, COUNT, sizeof ahead_ns[0], compare);
    assert_true(ahead_ns[COUNT * 3 / 4] - ahead_ns[COUNT / 4] < NEAR_NS);
}

struct waiter {
    struct clock_manual *clock;
    int64_t ms, woke_ms;
};

static void *wait_on(void *arg)
{
    struct waiter *w = arg;
    clock_wait(&w->clock->clock, w->ms);
    w->woke_ms = clock_now(&w->clock->clock);
    return NULL;
}

static void a_manual_wait_ends_when_the_clock_has_been_moved_far_enough(void **state)
{
    (void)state;
    struct clock_manual c;
    clock_manual_init(&c, 0);
    struct waiter w = {&c, 1000, 0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wait_on, &w), 0);
    /* Woken before its time it goes on waiting, however often that happens. */
    clock_manual_advance(&c, 1);
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(pthread_cond_broadcast(&c.moved), 0);
        assert_int_equal(sched_yield(), 0);
        assert_int_equal(pthread_tryjoin_np(thread, NULL), EBUSY);
    }
    /* Whenever the waiter began, the clock moves until it is back: no sleep decides anything. */
    int64_t moved = 1;
    while (pthread_tryjoin_np(thread, NULL) != 0) {
        clock_manual_advance(&c, 1);
        moved++;
    }
    assert_true(w.woke_ms >= 1000);
    assert_true(w.woke_ms <= moved);
    clock_manual_fini(&c);
}

static void a_stopped_clock_lets_everybody_go_now_and_later(void **state)
{
    (void)state;
    struct clock_manual c;
    clock_manual_init(&c, 5);
    struct waiter w = {&c, INT64_MAX, 0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wait_on, &w), 0);
    clock_manual_stop(&c);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(w.woke_ms, 5);
    clock_wait(&c.clock, 1000);
    clock_manual_fini(&c);
}

static void a_manual_clock_never_goes_back(void **state)
{
    (void)state;
    struct clock_manual c;
    clock_manual_init(&c, 5);
    clock_manual_advance(&c, -3);
    assert_int_equal(clock_now(&c.clock), 5);
    clock_manual_move_to(&c, 4);
    assert_int_equal(clock_now(&c.clock), 5);
    clock_manual_move_to(&c, 7);
    assert_int_equal(clock_now(&c.clock), 7);
    clock_manual_advance(&c, INT64_MAX);
    assert_true(clock_now(&c.clock) == INT64_MAX);
    clock_manual_fini(&c);
}

static void an_auto_clock_is_moved_by_those_who_wait(void **state)
{
    (void)state;
    struct clock_manual c;
    int64_t end_ms;
    clock_manual_init_auto(&c, 5);
    clock_wait(&c.clock, 1000);
    clock_wait(&c.clock, -3);
    assert_int_equal(clock_now(&c.clock), 1005);
    assert_false(clock_manual_next_end(&c, &end_ms));
    clock_wait(&c.clock, INT64_MAX);
    assert_true(clock_now(&c.clock) == INT64_MAX);
    clock_manual_fini(&c);
}

static void the_next_end_is_that_of_the_first_wait_that_is_not_over(void **state)
{
    (void)state;
    struct clock_manual c;
    int64_t end_ms = 0;
    clock_manual_init(&c, 0);
    assert_false(clock_manual_next_end(&c, &end_ms));
    struct waiter waiters[] = {{&c, 3000, 0}, {&c, 2000, 0}, {&c, 1000, 0}};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) { /* the next begins when this one is seen to wait */
        assert_int_equal(pthread_create(&threads[i], NULL, wait_on, &waiters[i]), 0);
        while (!clock_manual_next_end(&c, &end_ms) || end_ms != waiters[i].ms)
            sched_yield();
    }
    for (int i = 2; i > 0; i--) {
        assert_true(clock_manual_next_end(&c, &end_ms));
        assert_int_equal(end_ms, waiters[i].ms);
        clock_manual_move_to(&c, end_ms);
        assert_true(clock_manual_next_end(&c, &end_ms)); /* though its thread may not be back yet */
        assert_int_equal(end_ms, waiters[i - 1].ms);
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(waiters[i].woke_ms, waiters[i].ms);
    }
    clock_manual_stop(&c);
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_false(clock_manual_next_end(&c, &end_ms));
    clock_manual_fini(&c);
}

static void a_wait_ends_with_its_time_or_when_the_descriptor_speaks(void **state)
{
    (void)state;
    int ends[2];
    struct clock_scaled fast;
    struct clock_sim sim;
    assert_int_equal(pipe(ends), 0);
    clock_scaled_init(&fast, 1000);
    clock_sim_init(&sim, 0);
    int64_t before = clock_now(&fast.clock);
    assert_false(clock_wait_or_readable(&fast.clock, 2000, ends[0]));
    assert_true(clock_now(&fast.clock) >= before + 2000);
    assert_false(clock_wait_or_readable(&fast.clock, -1, ends[0]));
    assert_false(clock_wait_or_readable(&sim.clock, 2000, ends[0]));
    assert_int_equal(sim.ms, 2000);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(clock_wait_or_readable(&fast.clock, INT64_MAX, ends[0])); /* else it never ends */
    assert_true(clock_wait_or_readable(&sim.clock, 2000, ends[0]));
    assert_int_equal(sim.ms, 2000);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_waits_move_the_clock_exactly),
        cmocka_unit_test(a_fast_clock_covers_the_time_that_was_waited_for),
        cmocka_unit_test(a_fast_clock_does_not_overflow_within_years),
        cmocka_unit_test(clocks_of_speed_1_agree_within_a_fraction_of_a_millisecond),
        cmocka_unit_test(the_real_clock_is_one_and_tells_this_century),
        cmocka_unit_test(a_wait_ends_with_its_time_or_when_the_descriptor_speaks),
        cmocka_unit_test(a_manual_wait_ends_when_the_clock_has_been_moved_far_enough),
        cmocka_unit_test(a_stopped_clock_lets_everybody_go_now_and_later),
        cmocka_unit_test(a_manual_clock_never_goes_back),
        cmocka_unit_test(an_auto_clock_is_moved_by_those_who_wait),
        cmocka_unit_test(the_next_end_is_that_of_the_first_wait_that_is_not_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
