/* Clients of others where the machine has too little: descriptors and memory run out at every place in turn, each time
 * with a clean end or a reason. And commands that cannot be clients. */
#include "allow.h"
#include "fail_alloc.h"
#include "traced.h"

#include "harness/external/external.h"
#include "harness/time/mover.h"
#include "harness/time/quiet.h"
#include "harness/tracer/sim_time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { FILES_MORE = 24, ALLOCATIONS_MAX = 500 };

/* 0 when it could be run; else e says why not. */
static int run_plain(const char *const *argv, struct process *out, struct err *e)
{
    return process_run((char *const *)(uintptr_t)argv, environ, PLENTY_MS, OUTPUT_MAX, out, e);
}

/* Like run_with, but nothing need succeed. */
static int try_traced(const char *const *argv, struct process *out, struct err *e)
{
    struct clock_events clock;
    struct tracer *tracer;
    struct tracer_options options = defaults;
    clock_events_init(&clock, START_MS);
    options.clock = &clock;
    options.ports[0] = 1;
    int code = tracer_open(&options, &tracer, e);
    if (!code)
        code = process_run_traced((char *const *)(uintptr_t)argv, environ, tracer, OUTPUT_MAX, out,
                                  e);
    tracer_close(tracer);
    clock_events_fini(&clock);
    return code;
}

static void a_client_starts_or_says_why_not_however_few_descriptors_there_are(void **state)
{
    (void)state;
    const char *const argv[] = {"sh", "-c", "(exit 3); true", NULL};
    int first_free = dup(STDOUT_FILENO);
    close(first_free);
    for (int traced = 0; traced < 2; traced++) {
        int code = -1;
        for (int more = 0; code != 0 && more < FILES_MORE; more++) {
            struct process p = {0};
            struct err e = {0};
            rlim_t before = allow(RLIMIT_NOFILE, (rlim_t)(first_free + more));
            code = traced ? try_traced(argv, &p, &e) : run_plain(argv, &p, &e);
            allow(RLIMIT_NOFILE, before);
            if (code != 0 && e.what[0] == '\0')
                fail_msg("%d descriptors more: code %d without a reason", more, code);
            if (code == 0)
                process_fini(&p);
        }
        assert_int_equal(code, 0);
        assert_int_equal(dup(STDOUT_FILENO), first_free); /* none was kept */
        close(first_free);
    }
}

/* Where children are counted, they allocate at their end. */
static void let_children_allocate(void)
{
    (void)fail_alloc_stop();
}

static void a_traced_client_ends_cleanly_whichever_allocation_fails(void **state)
{
    (void)state;
    const char *const argv[] = {ODD_CALLS, "answers", NULL};
    unsigned nth = 1;
    assert_int_equal(pthread_atfork(NULL, NULL, let_children_allocate), 0);
    for (unsigned refused = 1; refused > 0 && nth < ALLOCATIONS_MAX; nth++) {
        struct process p = {0};
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(nth, FAIL_ONCE);
        int code = try_traced(argv, &p, &e);
        refused = fail_alloc_stop();
        if (code != 0 && e.what[0] == '\0')
            fail_msg("allocation %u: code %d without a reason", nth, code);
        if (code == 0)
            process_fini(&p);
        if (fail_alloc_live() != live)
            fail_msg("allocation %u: %ld blocks kept", nth, fail_alloc_live() - live);
    }
    assert_true(nth > 4 && nth < ALLOCATIONS_MAX);
}

/* Opens what watches over simulated time, and tells it of us and of a connection. */
static int watch_time(struct err *e)
{
    struct clock_events clock;
    struct quiet *quiet = NULL;
    struct mover *mover = NULL;
    clock_events_init(&clock, START_MS);
    int code = quiet_open(&quiet, e);
    if (!code) {
        quiet_join(quiet);
        quiet_connected(quiet, 1, 2);
        code = quiet_failure(quiet, e);
        quiet_leave(quiet);
    }
    if (!code)
        code = mover_start(&clock, quiet, &mover, e);
    if (!code)
        mover_stop(mover);
    quiet_close(quiet);
    clock_events_fini(&clock);
    return code;
}

static void simulated_time_says_that_it_has_no_memory(void **state)
{
    (void)state;
    unsigned nth = 1;
    for (unsigned refused = 1; refused > 0; nth++) {
        struct err e = {0};
        long live = fail_alloc_live();
        fail_alloc_at(nth, FAIL_FOR_GOOD);
        int code = watch_time(&e);
        refused = fail_alloc_stop();
        if (code != (refused > 0 ? ERR_MEMORY : 0))
            fail_msg("allocation %u: code %d: %s", nth, code, e.what);
        assert_int_equal(fail_alloc_live(), live);
    }
    assert_int_equal(nth, 6); /* the set, a thread, a connection, the mover */
}

/* -- Commands ------------------------------------------------------------------------------------- */

static void a_command_that_can_be_no_client_is_refused_before_it_is_run(void **state)
{
    (void)state;
    static char word[] = "x", long_word[5000], slash[5000], here[] = "/", sh[] = "sh";
    static char fixed[] = WAITS_STATIC;
    static char *many[EXTERNAL_ARGS_MAX + 2];
    memset(long_word, 'x', sizeof long_word - 1);
    memset(slash, '/', sizeof slash - 1);
    for (size_t i = 0; i + 1 < COUNT(many); i++)
        many[i] = word;
    const struct {
        char *command[2];
        char **words;
        uint32_t speed;
        int code;
    } rows[] = {
        {{NULL}, NULL, 1, ERR_USAGE},
        {{NULL}, many, 1, ERR_LIMIT},
        {{long_word}, NULL, 1, ERR_NOT_FOUND},
        {{slash}, NULL, 1, ERR_NOT_FOUND},
        {{here}, NULL, 1, ERR_NOT_FOUND},
        {{fixed}, NULL, 60, ERR_USAGE}, /* its clock cannot be reached */
        {{fixed}, NULL, 1, 0},
        {{sh}, NULL, 1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct external x;
        struct err e = {0};
        char *const *command = rows[i].words ? rows[i].words : rows[i].command;
        int code = external_prepare(command, NULL, rows[i].speed, &x, &e);
        if (code != rows[i].code || (code != 0) != (e.what[0] != '\0'))
            fail_msg("row %zu: code %d: %s", i, code, e.what);
    }
}

static void without_a_path_no_program_is_found(void **state)
{
    (void)state;
    static const char *const paths[] = {"", "/nowhere:", "::"};
    char out[4096];
    struct err e = {0};
    char *before = strdup(getenv("PATH"));
    for (size_t i = 0; i < COUNT(paths); i++) {
        setenv("PATH", paths[i], 1);
        assert_int_equal(process_find("no-such-program", out, sizeof out, &e), ERR_NOT_FOUND);
    }
    unsetenv("PATH");
    assert_int_equal(process_find("sh", out, sizeof out, &e), ERR_NOT_FOUND);
    setenv("PATH", before, 1);
    assert_int_equal(process_find("sh", out, 3, &e), ERR_NOT_FOUND); /* no room for its path */
    assert_int_equal(process_find("sh", out, sizeof out, &e), 0);
    free(before);
}

/* -- Times ---------------------------------------------------------------------------------------- */

static void times_that_no_number_holds_are_for_ever(void **state)
{
    (void)state;
    const struct sim_time t = {.ns = 5 * SIM_SECOND_NS, .start_ns = 2 * SIM_SECOND_NS};
    assert_int_equal(sim_span_ns(1, 500000, 1000000), 1500000000);
    assert_int_equal(sim_span_ns(0, 999999999, SIM_SECOND_NS), 999999999);
    assert_int_equal(sim_span_ns(0, SIM_SECOND_NS, SIM_SECOND_NS), -1);
    assert_int_equal(sim_span_ns(0, -1, SIM_SECOND_NS), -1);
    assert_int_equal(sim_span_ns(-1, 0, SIM_SECOND_NS), -1);
    assert_int_equal(sim_span_ns(INT64_MAX, 0, SIM_SECOND_NS), INT64_MAX);
    assert_int_equal(sim_span_ns(9223372036, 999999999, SIM_SECOND_NS), INT64_MAX);
    assert_int_equal(sim_in(&t, -7), t.ns);
    assert_int_equal(sim_in(&t, 7), t.ns + 7);
    assert_int_equal(sim_in(&t, INT64_MAX), INT64_MAX);
    assert_int_equal(sim_clock_ns(&t, CLOCK_REALTIME), t.ns);
    assert_int_equal(sim_clock_ns(&t, CLOCK_MONOTONIC), SIM_UPTIME_NS + 3 * SIM_SECOND_NS);
    assert_int_equal(sim_when_clock_shows(&t, CLOCK_REALTIME, 7), 7);
    assert_int_equal(sim_when_clock_shows(&t, CLOCK_MONOTONIC, SIM_UPTIME_NS), t.start_ns);
    const struct sim_time late = {.ns = INT64_MAX, .start_ns = SIM_UPTIME_NS + 1};
    assert_int_equal(sim_when_clock_shows(&late, CLOCK_MONOTONIC, INT64_MAX), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_starts_or_says_why_not_however_few_descriptors_there_are),
        cmocka_unit_test(a_traced_client_ends_cleanly_whichever_allocation_fails),
        cmocka_unit_test(simulated_time_says_that_it_has_no_memory),
        cmocka_unit_test(a_command_that_can_be_no_client_is_refused_before_it_is_run),
        cmocka_unit_test(without_a_path_no_program_is_found),
        cmocka_unit_test(times_that_no_number_holds_are_for_ever),
    };
    return cmocka_run_group_tests_name("scarce", tests, NULL, NULL);
}
