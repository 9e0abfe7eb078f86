/* The parts of a tracer by themselves: what they say of nobody, of nothing, and of a world that is not at rest. */
#include "traced.h"

#include "harness/tracer/calls.h"
#include "harness/tracer/pin.h"
#include "harness/tracer/timers.h"
#include "harness/tracer/vdso.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static void calls_that_have_nothing_to_do_with_time_are_of_no_concern(void **state)
{
    (void)state;
    assert_null(calls_find(SYS_getpid));
    assert_int_equal(calls_find(SYS_futex)->number, SYS_futex);
    assert_true(calls_is_wall_clock(CLOCK_REALTIME_ALARM));
    assert_true(calls_is_wall_clock(CALLS_CLOCK_LAST));
    assert_false(calls_is_wall_clock(CLOCK_BOOTTIME));
    assert_true(calls_is_clock(CLOCK_REALTIME));
    assert_true(calls_is_clock(CALLS_CLOCK_LAST));
    assert_false(calls_is_clock(CALLS_CLOCK_LAST + 1));
    assert_false(calls_is_clock(-1));
    assert_false(calls_is_clock(CLOCK_THREAD_CPUTIME_ID));
    assert_false(calls_is_clock(CLOCK_PROCESS_CPUTIME_ID));
}

static void of_nobody_nothing_is_read_or_written(void **state)
{
    (void)state;
    struct machine m = {.tid = 1 << 22};
    struct tracees nobody = {0};
    char byte;
    assert_false(machine_read(m.tid, &m));
    assert_false(machine_write(&m));
    assert_false(machine_peek(m.tid, 4096, &byte, 1));
    assert_false(machine_poke(m.tid, 4096, "x", 1));
    assert_false(vdso_hide(m.tid));
    assert_null(tracees_find(&nobody, m.tid));
    assert_null(tracees_add(&nobody, m.tid));
    tracees_remove(&nobody, m.tid);
    tracees_fini(&nobody);
}

static void where_no_timer_is_none_goes_off(void **state)
{
    (void)state;
    struct timers none = {0};
    struct tracees nobody = {0};
    assert_int_equal(timers_due_ns(&none), INT64_MAX);
    timers_fire(&none, &nobody, INT64_MAX);
    timers_exec(&none, 1);
    timers_fini(&none);
}

static void each_turn_takes_one_of_the_processors_that_there_are(void **state)
{
    (void)state;
    cpu_set_t before, after;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    for (int i = 0; i < 2 * CPU_COUNT(&before); i++) {
        tracer_pin();
        assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
        assert_int_equal(CPU_COUNT(&after), 1);
        CPU_AND(&after, &after, &before);
        assert_int_equal(CPU_COUNT(&after), 1);
        assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    }
}

/* Is at rest every third time that it is asked. */
static bool is_quiet_at_times(void *arg)
{
    return ++*(int *)arg % 3 == 0;
}

static void time_moves_only_when_the_world_is_at_rest(void **state)
{
    (void)state;
    int asked = 0;
    struct ran ran;
    struct tracer_options options = defaults;
    options.world_is_quiet = is_quiet_at_times;
    options.world = &asked;
    shell_by(options, "sleep 5; for i in 1 2 3; do date +%s; done >/dev/null; sleep 6", &ran);
    assert_int_equal(ran.lasted_ns / 1000000000, 11);
    assert_true(asked >= 6);
    process_fini(&ran.process);
}

static void of_more_than_are_kept_the_newest_works(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {ODD_MANY, NULL};
    run_by(defaults, argv, &ran);
    assert_string_equal(ran.process.output.p, "5 of 5\n");
    assert_int_equal(ran.lasted_ns / 1000000000, 300);
    process_fini(&ran.process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_that_have_nothing_to_do_with_time_are_of_no_concern),
        cmocka_unit_test(of_nobody_nothing_is_read_or_written),
        cmocka_unit_test(where_no_timer_is_none_goes_off),
        cmocka_unit_test(each_turn_takes_one_of_the_processors_that_there_are),
        cmocka_unit_test(time_moves_only_when_the_world_is_at_rest),
        cmocka_unit_test(of_more_than_are_kept_the_newest_works),
    };
    return cmocka_run_group_tests_name("tracer_parts", tests, NULL, NULL);
}
