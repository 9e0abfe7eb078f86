/* The clock of events: it moves when told to, and lets one waiter go at a time. */
#include "cases.h"

#include "base/clock_events.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MS INT64_C(1000000)

struct waiter {
    struct clock_events *clock;
    int64_t ms;
    int fd; /* -1: a plain wait */
    pthread_t thread;
    bool readable;
    int64_t woke_ns;
    atomic_bool back;
};

static void *wait_on(void *arg)
{
    struct waiter *w = arg;
    if (w->fd < 0)
        clock_wait(&w->clock->clock, w->ms);
    else
        w->readable = clock_wait_or_readable(&w->clock->clock, w->ms, w->fd);
    w->woke_ns = clock_events_now_ns(w->clock);
    atomic_store(&w->back, true);
    return NULL;
}

static int waiting(struct clock_events *c)
{
    int count = 0;
    pthread_mutex_lock(&c->lock);
    for (const struct clock_alarm *a = c->first; a; a = a->next)
        count++;
    pthread_mutex_unlock(&c->lock);
    return count;
}

/* Returns when it waits, so that those started one after the other also wait in that order. */
static void start(struct waiter *w, struct clock_events *c, int64_t ms, int fd)
{
    int before = waiting(c);
    *w = (struct waiter){.clock = c, .ms = ms, .fd = fd};
    assert_int_equal(pthread_create(&w->thread, NULL, wait_on, w), 0);
    while (waiting(c) == before)
        assert_int_equal(sched_yield(), 0);
}

static void join(struct waiter *w, int64_t at_ns)
{
    assert_int_equal(pthread_join(w->thread, NULL), 0);
    assert_int_equal(w->woke_ns, at_ns);
}

static void it_stands_still_and_tells_whole_milliseconds(void **state)
{
    (void)state;
    struct clock_events c;
    clock_events_init(&c, 1000);
    assert_int_equal(clock_now(&c.clock), 1000);
    assert_true(clock_events_due_ns(&c) == INT64_MAX);
    assert_false(clock_events_wake(&c, 1000 * MS));
    clock_events_pass(&c, 1001 * MS - 1);
    assert_int_equal(clock_now(&c.clock), 1000);
    clock_events_pass(&c, 7);
    assert_int_equal(clock_events_now_ns(&c), 1001 * MS - 1);
    clock_events_restart(&c, 5);
    assert_int_equal(clock_now(&c.clock), 5);
    clock_wait(&c.clock, 0);
    clock_wait(&c.clock, -1);
    clock_events_fini(&c);
}

static void one_waiter_goes_at_a_time_the_earliest_first_and_equals_as_they_came(void **state)
{
    (void)state;
    enum { COUNT_OF = 5 };
    static const int64_t ms[COUNT_OF] = {30, 10, 20, 10, INT64_MAX};
    static const int order[] = {1, 3, 2, 0};
    struct clock_events c;
    struct waiter w[COUNT_OF];
    clock_events_init(&c, 0);
    for (int i = 0; i < COUNT_OF; i++)
        start(&w[i], &c, ms[i], -1);
    assert_int_equal(clock_events_due_ns(&c), 10 * MS);
    assert_false(clock_events_wake(&c, 10 * MS - 1));
    assert_int_equal(clock_events_rings(&c), 0);
    for (size_t i = 0; i < COUNT(order); i++) {
        int64_t due_ns = clock_events_due_ns(&c);
        assert_int_equal(due_ns, ms[order[i]] * MS);
        assert_true(clock_events_wake(&c, due_ns));
        join(&w[order[i]], due_ns);
        assert_int_equal(waiting(&c), COUNT_OF - 1 - (int)i);
    }
    assert_true(clock_events_due_ns(&c) == INT64_MAX); /* one waits for ever */
    clock_events_stop(&c);
    join(&w[4], 30 * MS);
    clock_events_fini(&c);
}

static void to_pass_wakes_nobody_but_makes_waits_due(void **state)
{
    (void)state;
    struct clock_events c;
    struct waiter w;
    clock_events_init(&c, 0);
    start(&w, &c, 10, -1);
    clock_events_pass(&c, 25 * MS);
    assert_int_equal(waiting(&c), 1);
    assert_false(atomic_load(&w.back));
    assert_true(clock_events_wake(&c, clock_events_due_ns(&c)));
    join(&w, 25 * MS);
    clock_events_fini(&c);
}

static void a_wait_for_a_descriptor_ends_with_its_time_or_with_the_descriptor(void **state)
{
    (void)state;
    struct clock_events c;
    struct waiter timed, spoken_to;
    int fd = eventfd(0, EFD_CLOEXEC);
    clock_events_init(&c, 0);
    start(&timed, &c, 10, fd);
    start(&spoken_to, &c, 20, fd);
    assert_true(clock_events_wake(&c, 10 * MS));
    join(&timed, 10 * MS);
    assert_false(timed.readable);
    assert_int_equal(eventfd_write(fd, 1), 0);
    join(&spoken_to, 10 * MS);
    assert_true(spoken_to.readable);
    assert_int_equal(waiting(&c), 0);
    assert_true(clock_wait_or_readable(&c.clock, INT64_MAX, fd)); /* else it never ends */
    assert_true(clock_wait_or_readable(&c.clock, 0, fd));
    close(fd);
    clock_events_fini(&c);
}

static bool speaks(const struct clock_alarm *a)
{
    eventfd_t count;
    return eventfd_read(a->fd, &count) == 0;
}

static void an_alarm_speaks_once_and_one_that_is_set_again_forgets(void **state)
{
    (void)state;
    struct clock_events c;
    struct clock_alarm a;
    clock_events_init(&c, 0);
    assert_true(clock_has_alarms(&c.clock));
    assert_int_equal(clock_alarm_open(&a, NULL), 0);
    clock_alarm_set(&c.clock, &a, 10);
    clock_alarm_set(&c.clock, &a, 20);
    assert_false(clock_events_wake(&c, 10 * MS));
    assert_true(clock_events_wake(&c, 20 * MS));
    assert_true(speaks(&a));
    assert_false(speaks(&a));
    clock_alarm_set(&c.clock, &a, 30);
    assert_true(clock_events_wake(&c, 30 * MS));
    clock_alarm_clear(&c.clock, &a);
    clock_alarm_clear(&c.clock, &a);
    assert_false(speaks(&a));
    clock_alarm_close(&a);
    clock_events_fini(&c);
}

static void a_stopped_clock_lets_everybody_go_its_mover_too(void **state)
{
    (void)state;
    struct clock_events c;
    struct clock_alarm a;
    clock_events_init(&c, 5);
    assert_int_equal(clock_alarm_open(&a, NULL), 0);
    clock_alarm_set(&c.clock, &a, 10);
    assert_true(clock_events_await(&c));
    clock_events_stop(&c);
    assert_true(speaks(&a));
    assert_false(clock_events_await(&c));
    clock_wait(&c.clock, INT64_MAX);
    clock_alarm_set(&c.clock, &a, INT64_MAX);
    assert_true(speaks(&a));
    assert_int_equal(clock_now(&c.clock), 5);
    clock_alarm_close(&a);
    clock_events_fini(&c);
}

static void note(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
}

static void whoever_waits_says_so_first(void **state)
{
    (void)state;
    struct clock_events c;
    struct waiter w;
    atomic_int told = 0;
    clock_events_init(&c, 0);
    c.on_wait = note;
    c.on_wait_arg = &told;
    clock_wait(&c.clock, 0);
    assert_int_equal(atomic_load(&told), 0);
    start(&w, &c, 1, -1);
    assert_int_equal(atomic_load(&told), 1);
    assert_true(clock_events_wake(&c, MS));
    join(&w, MS);
    clock_events_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stands_still_and_tells_whole_milliseconds),
        cmocka_unit_test(one_waiter_goes_at_a_time_the_earliest_first_and_equals_as_they_came),
        cmocka_unit_test(to_pass_wakes_nobody_but_makes_waits_due),
        cmocka_unit_test(a_wait_for_a_descriptor_ends_with_its_time_or_with_the_descriptor),
        cmocka_unit_test(an_alarm_speaks_once_and_one_that_is_set_again_forgets),
        cmocka_unit_test(a_stopped_clock_lets_everybody_go_its_mover_too),
        cmocka_unit_test(whoever_waits_says_so_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
