/* The calls of time that programs make seldom: answered below a tracer as the kernel answers them, waited in to the
 * millisecond, and undone by none of what a program may do in between. */
#include "traced.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void run_plain(const char *const *argv, struct ran *out)
{
    struct err e = {0};
    if (process_run((char *const *)(uintptr_t)argv, environ, PLENTY_MS, OUTPUT_MAX, &out->process,
                    &e)
        != 0)
        fail_msg("%s: %s", e.where, e.what);
}

/* Fails with the first line that differs. */
static void demand_same(const struct ran *traced, const struct ran *plain)
{
    const char *got = traced->process.output.p, *wanted = plain->process.output.p;
    while (strcmp(got, wanted) != 0) {
        size_t n = strcspn(got, "\n"), m = strcspn(wanted, "\n");
        if (n != m || memcmp(got, wanted, n) != 0)
            fail_msg("wanted \"%.*s\", got \"%.*s\"", (int)m, wanted, (int)n, got);
        got += n + 1;
        wanted += m + 1;
    }
}

static void a_call_that_does_not_wait_is_answered_as_by_the_kernel(void **state)
{
    (void)state;
    struct ran plain, traced;
    const char *const argv[] = {ODD_CALLS, "answers", NULL};
    run_plain(argv, &plain);
    run_by(defaults, argv, &traced);
    assert_true(plain.process.output.n > 1000);
    demand_same(&traced, &plain);
    assert_true(traced.lasted_ns < 1000000000);
    process_fini(&plain.process);
    process_fini(&traced.process);
}

static void a_program_that_a_second_thread_runs_anew_is_traced_on(void **state)
{
    (void)state;
    struct ran plain, traced;
    const char *const plain_argv[] = {ODD_CALLS, "answers", NULL};
    const char *const argv[] = {ODD_CALLS, "again", NULL};
    run_plain(plain_argv, &plain);
    run_by(defaults, argv, &traced);
    const char *got = traced.process.output.p, *wanted = plain.process.output.p;
    while (strcmp(got, wanted) != 0) { /* says the first line that differs */
        size_t n = strcspn(got, "\n"), m = strcspn(wanted, "\n");
        if (n != m || memcmp(got, wanted, n) != 0)
            fail_msg("wanted \"%.*s\", got \"%.*s\"", (int)m, wanted, (int)n, got);
        got += n + 1;
        wanted += m + 1;
    }
    process_fini(&plain.process);
    process_fini(&traced.process);
}

static void a_wait_of_an_odd_kind_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    static const char all[] =
        "a second in microseconds\nsets of a select\nsemaphores of System V\nseveral words\n"
        "a word, by the time of day\na lock that lends its priority\na full socket\n"
        "a port that nobody comes to\nlimits that change\nan interval timer\n"
        "an alarm put off\na timer with a word\na timer for one thread\n"
        "a timer for one that waits for it\na timer for nobody\n"
        "a descriptor, three times\nstopped and continued\n"
        "a select, and a signal unheard\na futex, and a signal unheard\n"
        "two signals heard\n";
    struct ran ran;
    const char *const argv[] = {ODD_WAITS, NULL};
    run_by(defaults, argv, &ran);
    assert_string_equal(ran.process.output.p, all);
    process_fini(&ran.process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_does_not_wait_is_answered_as_by_the_kernel),
        cmocka_unit_test(a_program_that_a_second_thread_runs_anew_is_traced_on),
        cmocka_unit_test(a_wait_of_an_odd_kind_lasts_as_long_as_it_says),
    };
    return cmocka_run_group_tests_name("tracer_calls", tests, NULL, NULL);
}
