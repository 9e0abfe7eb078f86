/* Children: how they are started, what they are given, and how they end. */
#include "harness/external/external_args.h"
#include "harness/external/process.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern char **environ;

enum { PLENTY_MS = 60000, OUTPUT_MAX = 4096 };

/* exec and its kin take words that they never write to. */
static char *const *as_command(const char *const *words)
{
    return (char *const *)(uintptr_t)words;
}

static void run_shell(const char *script, int64_t limit_ms, size_t output_max, struct process *out)
{
    struct err e = {0};
    const char *const argv[] = {"sh", "-c", script, NULL};
    if (process_run(as_command(argv), environ, limit_ms, output_max, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void the_exit_code_is_the_childs_or_128_and_the_signal(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        int exit_code;
    } cases[] = {
        {"exit 0", 0},
        {"exit 7", 7},
        {"exit 255", 255},
        {"kill -TERM $$", 128 + 15},
        {"kill -KILL $$", 128 + 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct process p;
        run_shell(cases[i].script, PLENTY_MS, OUTPUT_MAX, &p);
        if (p.exit_code != cases[i].exit_code || p.stopped)
            fail_msg("%s: exit code %d", cases[i].script, p.exit_code);
        process_fini(&p);
    }
}

/* Which of two pipes was written to first cannot be told by who reads them: no verdict goes by it. */
static void standard_error_stands_behind_standard_output_and_by_itself(void **state)
{
    (void)state;
    struct process p;
    run_shell("echo one; echo two >&2; printf three", PLENTY_MS, OUTPUT_MAX, &p);
    assert_string_equal(p.output.p, "one\nthree\ntwo\n");
    assert_string_equal(p.errors.p, "two\n");
    process_fini(&p);
    run_shell("echo one; echo two >&2; exec 2>&1; echo three; echo four >&2", PLENTY_MS, OUTPUT_MAX,
              &p);
    assert_string_equal(p.output.p, "one\nthree\nfour\ntwo\n");
    process_fini(&p);
}

static void of_a_long_output_the_beginning_and_the_end_are_kept_and_the_child_still_ends(
    void **state)
{
    (void)state;
    struct process p;
    run_shell("echo begun; seq 100000 199999; echo ended; seq 1000 >&2; exit 3", PLENTY_MS, 100,
              &p);
    assert_int_equal(p.exit_code, 3);
    assert_string_equal(p.output.p,
                        "begun\n100000\n100001\n[699972 bytes left out]\n199998\n199999\nended\n"
                        "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n[3848 bytes left out]\n"
                        "996\n997\n998\n999\n1000\n");
    process_fini(&p);
}

static void a_nul_byte_ends_a_line(void **state)
{
    (void)state;
    struct process p;
    run_shell("printf 'a\\0b\\0'", PLENTY_MS, OUTPUT_MAX, &p);
    assert_int_equal(p.output.n, 4);
    assert_string_equal(p.output.p, "a\nb\n");
    process_fini(&p);
}

/* The grandchild inherits a pipe, which hangs up when the last of the group has ended. */
static void at_the_limit_the_child_ends_with_its_whole_group(void **state)
{
    (void)state;
    struct process p;
    int held[2];
    assert_int_equal(pipe(held), 0);
    run_shell("sleep 60 & echo begun; wait", 300, OUTPUT_MAX, &p);
    assert_true(p.stopped);
    assert_int_equal(p.exit_code, 128 + 9);
    close(held[1]);
    struct pollfd end = {.fd = held[0], .events = POLLIN};
    assert_int_equal(poll(&end, 1, 10000), 1);
    assert_true(end.revents & POLLHUP);
    close(held[0]);
    process_fini(&p);
}

static void a_child_that_closes_its_output_and_runs_on_is_stopped_at_the_limit(void **state)
{
    (void)state;
    struct process p;
    run_shell("exec >&- 2>&-; sleep 60", 300, OUTPUT_MAX, &p);
    assert_true(p.stopped);
    process_fini(&p);
}

static void a_program_that_is_not_there_is_not_found_by_its_name(void **state)
{
    (void)state;
    struct process p;
    struct err e = {0};
    const char *const argv[] = {"/nowhere/no-such-client", NULL};
    assert_int_equal(process_run(as_command(argv), environ, PLENTY_MS, OUTPUT_MAX, &p, &e),
                     ERR_NOT_FOUND);
    assert_string_equal(e.where, "/nowhere/no-such-client");
}

/* -- What the child is given ------------------------------------------------------------------- */

static struct upstream upstream = {.name = "doubao", .contract = {.polite.interval_ms = 5000}};
static struct scenario scenario = {.expect = {.within_ms = 90500}};

static void make(const struct external *x, struct external_args *out)
{
    static struct clock_sim sim;
    struct err e = {0};
    struct endpoint endpoint = {.upstream = &upstream,
                                .scenario = &scenario,
                                .base_url = "http://127.0.0.1:1/doubao",
                                .task_id = "a b'c\"$d"};
    clock_sim_init(&sim, 1767225600000);
    if (external_args_make(x, &sim.clock, &endpoint, out, &e) != 0)
        fail_msg("%s", e.what);
}

static const char *variable(const struct external_args *args, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; args->environment[i] != NULL; i++)
        if (strncmp(args->environment[i], name, n) == 0 && args->environment[i][n] == '=')
            return args->environment[i] + n + 1;
    return NULL;
}

static void placeholders_are_replaced_wherever_they_stand_in_a_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *becomes;
    } cases[] = {
        {"client", "client"},
        {"{base_url}/v1/{upstream}", "http://127.0.0.1:1/doubao/v1/doubao"},
        {"{task_id}", "a b'c\"$d"}, /* one word as it is: no shell reads it */
        {"{interval}s,{timeout}s", "5s,90.5s"},
        {"{speed}", "1"}, /* its seconds are the mock's */
        {"Bearer {token}", "Bearer " TESTBED_TOKEN},
        {"{goal}", ""},
        {"{unknown} {", "{unknown} {"},
        {"{{interval}}", "{5}"},
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    const char *command[COUNT + 1] = {NULL};
    struct external_args args;
    for (size_t i = 0; i < COUNT; i++)
        command[i] = cases[i].word;
    struct external x = {.command = as_command(command), .speed = 1};
    make(&x, &args);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(args.argv[i], cases[i].becomes);
    assert_null(args.argv[COUNT]);
    external_args_fini(&args);
}

static void the_environment_has_the_values_before_what_is_inherited(void **state)
{
    (void)state;
    const char *const command[] = {"client", NULL};
    struct external x = {.command = as_command(command), .speed = 1};
    struct external_args args;
    setenv("MOCK_TASK_ID", "from before", 1);
    setenv("UNDERSTUDY_TEST_INHERITED", "kept", 1);
    make(&x, &args);
    assert_string_equal(variable(&args, "MOCK_BASE_URL"), "http://127.0.0.1:1/doubao");
    assert_string_equal(variable(&args, "MOCK_TASK_ID"), "a b'c\"$d");
    assert_string_equal(variable(&args, "MOCK_TOKEN"), TESTBED_TOKEN);
    assert_string_equal(variable(&args, "MOCK_INTERVAL"), "5");
    assert_string_equal(variable(&args, "MOCK_TIMEOUT"), "90.5");
    assert_string_equal(variable(&args, "MOCK_UPSTREAM"), "doubao");
    assert_string_equal(variable(&args, "UNDERSTUDY_TEST_INHERITED"), "kept");
    external_args_fini(&args);
    unsetenv("MOCK_TASK_ID");
    unsetenv("UNDERSTUDY_TEST_INHERITED");
}

static void a_profiles_arguments_stand_at_the_end_with_their_placeholders_replaced(void **state)
{
    (void)state;
    const char *const command[] = {"client", "{upstream}", NULL};
    struct profile profile = {.arguments = {"--interval", "{interval}"}};
    struct external x = {.command = as_command(command), .profile = &profile, .speed = 10};
    struct external_args args;
    x.pace = PACE_INTERVAL;
    assert_true(external_args_use(&x, PLACEHOLDER_INTERVAL));
    make(&x, &args);
    assert_string_equal(args.argv[1], "doubao");
    assert_string_equal(args.argv[2], "--interval");
    assert_string_equal(args.argv[3], "0.5"); /* divided by the speed */
    assert_string_equal(variable(&args, "MOCK_TIMEOUT"), "9.05");
    assert_string_equal(variable(&args, "MOCK_SPEED"), "10"); /* for what replies ask for */
    assert_null(args.argv[4]);
    external_args_fini(&args);
    x.profile = NULL;
    assert_false(external_args_use(&x, PLACEHOLDER_INTERVAL));
}

static void a_profiles_bound_and_interval_are_what_the_client_is_told(void **state)
{
    (void)state;
    const char *const command[] = {"client", "{interval} {timeout}", NULL};
    struct profile profile = {.bound_ms = 600000, .interval_ms = 1500};
    struct external x = {.command = as_command(command), .profile = &profile, .speed = 1};
    struct external_args args;
    make(&x, &args);
    assert_string_equal(args.argv[1], "1.5 600");
    assert_string_equal(variable(&args, "MOCK_TIMEOUT"), "600");
    external_args_fini(&args);
    profile.bound_ms = profile.interval_ms = -1;
    make(&x, &args);
    assert_string_equal(args.argv[1], "5 90.5");
    external_args_fini(&args);
}

/* {word} is a mistake; what shells, curl, awk and templates mean by braces is not. */
static void a_name_in_braces_that_is_no_placeholder_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *word, *says; /* NULL: it is taken */
    } cases[] = {
        {"{base_url}/{task_id}", NULL},
        {"{base-url}", "{base-url} is no placeholder; nearest: {base_url}"},
        {"{base_url}/{taskid}", "{taskid} is no placeholder; nearest: {task_id}"},
        {"{BASE_URL}", "nearest: {base_url}"},
        {"{xyzzy}", "{xyzzy} is no placeholder; known are {base_url} {task_id}"},
        {"for x in {xyzzy}", NULL},
        {"curl {taskid}", "nearest: {task_id}"},
        {"${taskid}%{taskid}{{taskid}}", NULL},
        {"{}{1,3}{task id}{", NULL},
        {"{\"id\":{xyzzy}}", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = {0};
        int code = placeholder_check(cases[i].word, &e);
        assert_int_equal(code, cases[i].says ? ERR_USAGE : 0);
        if (cases[i].says && !strstr(e.what, cases[i].says))
            fail_msg("%s: %s", cases[i].word, e.what);
    }
}

static void libfaketime_starts_the_child_at_the_mocks_present_time(void **state)
{
    (void)state;
    const char *const command[] = {"client", "{interval}", NULL};
    struct external x = {.command = as_command(command), .speed = 60, .pace = PACE_FAKETIME};
    struct external_args args;
    make(&x, &args);
    assert_string_equal(args.argv[0], "sh");
    assert_string_equal(args.argv[4], "-f");
    assert_string_equal(args.argv[5], "@1767225600 x60");
    assert_string_equal(args.argv[6], "client");
    assert_string_equal(args.argv[7], "5"); /* not divided: its clock is the fast one */
    assert_string_equal(variable(&args, "MOCK_SPEED"), "1");
    assert_string_equal(variable(&args, "FAKETIME_FMT"), "%s");
    external_args_fini(&args);
}

/* What is not sped up waits ten minutes, and is stopped at the limit. */
static void waits_that_libfaketime_leaves_are_sped_up_too(void **state)
{
    (void)state;
    const char *const command[] = {WAITS, NULL};
    struct external x = {.command = as_command(command), .speed = 3000, .pace = PACE_FAKETIME};
    struct external_args args;
    struct process p;
    struct err e = {0};
    char faketime[4096];
    if (process_find("faketime", faketime, sizeof faketime, NULL) != 0)
        skip();
    make(&x, &args);
    assert_int_equal(process_run(args.argv, args.environment, PLENTY_MS, OUTPUT_MAX, &p, &e), 0);
    assert_string_equal(
        p.output.p,
        "semaphore\nsemaphore of the day\nold semaphore\ncondition\nmutex\nold mutex\n"
        "reading\nold reading\nwriting\nold writing\nfutex\nfutex at\nsleep\npoll\nepoll\n"
        "masked epoll\nexact epoll\n"
        "signal\nalarm\n"
        "interval timer\ntimer\ntimer at\ntimerfd\ntimerfd at\nsocket\n");
    assert_false(p.stopped);
    process_fini(&p);
    external_args_fini(&args);
}

/* A shell asks its children for the time. */
static void a_childs_children_share_its_clock(void **state)
{
    (void)state;
    const char *const command[] = {
        "bash", "-c", "a=$(date +%s); sleep 600; b=$(date +%s); echo $((b - a >= 600))", NULL};
    struct external x = {.command = as_command(command), .speed = 1000, .pace = PACE_FAKETIME};
    struct external_args args;
    struct process p;
    struct err e = {0};
    char faketime[4096];
    if (process_find("faketime", faketime, sizeof faketime, NULL) != 0)
        skip();
    make(&x, &args);
    assert_int_equal(process_run(args.argv, args.environment, PLENTY_MS, OUTPUT_MAX, &p, &e), 0);
    assert_string_equal(p.output.p, "1\n");
    process_fini(&p);
    external_args_fini(&args);
}

static void a_variable_of_ours_stands_once_and_what_is_preloaded_stays(void **state)
{
    (void)state;
    const char *const command[] = {"client", NULL};
    struct external x = {.command = as_command(command), .speed = 60, .pace = PACE_FAKETIME};
    struct external_args args;
    size_t preloads = 0;
    setenv("LD_PRELOAD", "/lib/of/theirs.so", 1);
    make(&x, &args);
    unsetenv("LD_PRELOAD");
    for (size_t i = 0; args.environment[i] != NULL; i++)
        preloads += strncmp(args.environment[i], "LD_PRELOAD=", 11) == 0;
    assert_int_equal(preloads, 1);
    assert_non_null(strstr(variable(&args, "LD_PRELOAD"), ":/lib/of/theirs.so"));
    assert_string_equal(variable(&args, "UNDERSTUDY_CLOCKWAIT"), "60");
    external_args_fini(&args);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_code_is_the_childs_or_128_and_the_signal),
        cmocka_unit_test(standard_error_stands_behind_standard_output_and_by_itself),
        cmocka_unit_test(
            of_a_long_output_the_beginning_and_the_end_are_kept_and_the_child_still_ends),
        cmocka_unit_test(a_nul_byte_ends_a_line),
        cmocka_unit_test(at_the_limit_the_child_ends_with_its_whole_group),
        cmocka_unit_test(a_child_that_closes_its_output_and_runs_on_is_stopped_at_the_limit),
        cmocka_unit_test(a_program_that_is_not_there_is_not_found_by_its_name),
        cmocka_unit_test(placeholders_are_replaced_wherever_they_stand_in_a_word),
        cmocka_unit_test(the_environment_has_the_values_before_what_is_inherited),
        cmocka_unit_test(a_profiles_arguments_stand_at_the_end_with_their_placeholders_replaced),
        cmocka_unit_test(a_profiles_bound_and_interval_are_what_the_client_is_told),
        cmocka_unit_test(a_name_in_braces_that_is_no_placeholder_is_refused),
        cmocka_unit_test(libfaketime_starts_the_child_at_the_mocks_present_time),
        cmocka_unit_test(waits_that_libfaketime_leaves_are_sped_up_too),
        cmocka_unit_test(a_childs_children_share_its_clock),
        cmocka_unit_test(a_variable_of_ours_stands_once_and_what_is_preloaded_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
