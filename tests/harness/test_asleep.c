/* Whether a thread sleeps: the kernel's word, however busy the machine is. */
#include "harness/time/asleep.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* Reads from a pipe until it is closed, or spins until told to stop. */
struct other {
    int ends[2];
    bool spins;
    pthread_t thread;
    atomic_int tid, reads;
    atomic_bool stop;
    struct asleep asleep;
};

static void *live(void *arg)
{
    struct other *o = arg;
    char byte;
    atomic_store(&o->tid, (int)gettid());
    while (o->spins && !atomic_load(&o->stop))
        continue;
    while (read(o->ends[0], &byte, 1) == 1)
        atomic_fetch_add(&o->reads, 1);
    return NULL;
}

static void start(struct other *o, bool spins)
{
    *o = (struct other){.spins = spins};
    assert_int_equal(pipe(o->ends), 0);
    assert_int_equal(pthread_create(&o->thread, NULL, live, o), 0);
    while (atomic_load(&o->tid) == 0)
        sched_yield();
    assert_int_equal(asleep_open(getpid(), atomic_load(&o->tid), &o->asleep, NULL), 0);
}

static void end(struct other *o)
{
    atomic_store(&o->stop, true);
    close(o->ends[1]);
    assert_int_equal(pthread_join(o->thread, NULL), 0);
    close(o->ends[0]);
}

static void fall_asleep(struct other *o)
{
    struct asleep_call call = {.number = -1};
    while (!asleep_look(&o->asleep, &call) || call.number != SYS_read)
        sched_yield();
    assert_int_equal(call.args[0], o->ends[0]);
    assert_false(call.ended);
}

static void a_thread_that_waits_sleeps_and_the_call_is_told(void **state)
{
    (void)state;
    struct other o;
    start(&o, false);
    fall_asleep(&o);
    for (int i = 0; i < 100; i++) {
        assert_true(asleep_look(&o.asleep, NULL));
        assert_true(asleep_still(&o.asleep));
    }
    end(&o);
    asleep_close(&o.asleep);
    asleep_close(&o.asleep);
}

static void a_thread_that_computes_is_awake_with_or_without_a_processor(void **state)
{
    (void)state;
    struct other o;
    start(&o, true);
    for (int i = 0; i < 1000; i++) {
        assert_false(asleep_look(&o.asleep, NULL));
        assert_false(asleep_still(&o.asleep));
    }
    end(&o);
    asleep_close(&o.asleep);
}

static void one_that_woke_and_slept_again_between_the_looks_was_awake(void **state)
{
    (void)state;
    struct other o;
    start(&o, false);
    fall_asleep(&o);
    struct asleep first_look = o.asleep;
    assert_int_equal(write(o.ends[1], "x", 1), 1);
    while (atomic_load(&o.reads) == 0)
        sched_yield();
    fall_asleep(&o);
    assert_false(asleep_still(&first_look));
    assert_true(asleep_still(&o.asleep));
    end(&o);
    asleep_close(&o.asleep);
}

static void one_that_was_woken_is_awake_at_once(void **state)
{
    (void)state;
    struct other o;
    start(&o, false);
    for (int i = 1; i <= 1000; i++) {
        fall_asleep(&o);
        assert_int_equal(write(o.ends[1], "x", 1), 1);
        /* Awake, or asleep again after its turn: never as if nothing had happened. */
        assert_true(!asleep_still(&o.asleep) || atomic_load(&o.reads) == i);
        while (atomic_load(&o.reads) < i)
            sched_yield();
    }
    end(&o);
    asleep_close(&o.asleep);
}

static void one_that_is_known_to_sleep_is_looked_at_anew_once_it_has_woken(void **state)
{
    (void)state;
    struct other o;
    struct asleep_call call = {.number = -1};
    start(&o, false);
    fall_asleep(&o);
    assert_true(asleep_known(&o.asleep, &call));
    assert_int_equal(call.number, SYS_read);
    assert_int_equal(write(o.ends[1], "x", 1), 1);
    while (atomic_load(&o.reads) == 0)
        sched_yield();
    assert_true(asleep_known(&o.asleep, NULL)); /* as of the last look */
    assert_false(asleep_still(&o.asleep));
    uint64_t before = o.asleep.turns;
    while (!asleep_known(&o.asleep, NULL))
        sched_yield();
    assert_true(o.asleep.turns > before);
    end(&o);
    asleep_close(&o.asleep);
}

static void one_whose_place_is_not_told_is_known_by_its_letter(void **state)
{
    (void)state;
    struct other o;
    start(&o, false);
    close(o.asleep.place_fd);
    o.asleep.place_fd = -1;
    fall_asleep(&o);
    assert_true(asleep_still(&o.asleep));
    assert_int_equal(write(o.ends[1], "x", 1), 1);
    assert_true(!asleep_still(&o.asleep) || atomic_load(&o.reads) == 1);
    end(&o);
    asleep_close(&o.asleep);
}

static void one_that_has_ended_sleeps_for_good(void **state)
{
    (void)state;
    struct other o;
    struct asleep again;
    struct asleep_call call = {0};
    start(&o, false);
    end(&o);
    while (!asleep_look(&o.asleep, &call) || !call.ended)
        sched_yield();
    assert_int_equal(call.number, -1);
    assert_int_equal(asleep_open(getpid(), atomic_load(&o.tid), &again, NULL), ERR_NOT_FOUND);
    asleep_close(&again);
    asleep_close(&o.asleep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_waits_sleeps_and_the_call_is_told),
        cmocka_unit_test(a_thread_that_computes_is_awake_with_or_without_a_processor),
        cmocka_unit_test(one_that_woke_and_slept_again_between_the_looks_was_awake),
        cmocka_unit_test(one_that_was_woken_is_awake_at_once),
        cmocka_unit_test(one_that_is_known_to_sleep_is_looked_at_anew_once_it_has_woken),
        cmocka_unit_test(one_whose_place_is_not_told_is_known_by_its_letter),
        cmocka_unit_test(one_that_has_ended_sleeps_for_good),
    };
    return cmocka_run_group_tests_name("asleep", tests, NULL, NULL);
}
