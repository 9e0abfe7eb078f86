/* Programs in simulated time: how long their waits are by their own clocks, and how those end that would not. */
#include "traced.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void this_machine_can_do_it(void **state)
{
    (void)state;
    struct err e = {0};
    if (tracer_check(&e) != 0)
        fail_msg("%s", e.what);
}

/* -- Waits ---------------------------------------------------------------------------------------- */

static const char every_wait[] =
    "semaphore\nsemaphore of the day\nold semaphore\ncondition\nmutex\nold mutex\n"
    "reading\nold reading\nwriting\nold writing\nfutex\nfutex at\nsleep\npoll\nepoll\n"
    "masked epoll\nexact epoll\nsignal\nalarm\ninterval timer\ntimer\ntimer at\ntimerfd\n"
    "timerfd at\nsocket\nselect\nmasked select\nmasked poll\nsleep until\n"
    "sleep until a time of day\njoin\ninterrupted\nignored signal\nanother thread\n"
    "calling timer\nspinning\n";

static void a_wait_of_every_kind_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {WAITS, "exact", NULL};
    run_by(defaults, argv, &ran);
    assert_string_equal(ran.process.output.p, every_wait);
    assert_int_equal(ran.process.end, TRACER_ENDED);
    process_fini(&ran.process);
}

static void a_static_program_lives_in_the_same_time(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {WAITS_STATIC, "exact", NULL};
    run_by(defaults, argv, &ran);
    assert_string_equal(ran.process.output.p, every_wait);
    process_fini(&ran.process);
}

static void a_single_thread_makes_the_same_trace_to_the_nanosecond(void **state)
{
    (void)state;
    struct ran first = {0};
    const char *const argv[] = {WAITS, "one", NULL};
    for (int i = 0; i < 5; i++) {
        struct ran ran;
        run_by(defaults, argv, &ran);
        process_fini(&ran.process);
        if (i == 0)
            first = ran;
        assert_int_equal(ran.lasted_ns, first.lasted_ns);
        assert_int_equal(ran.counts.jumps, first.counts.jumps);
    }
}

static void the_wall_clock_begins_at_the_runs_time_and_children_share_it(void **state)
{
    (void)state;
    struct ran ran;
    shell("date -u +%FT%TZ; sleep 86400 & sleep 3600; (date -u +%FT%TZ)", &ran);
    assert_string_equal(ran.process.output.p, "2026-01-01T00:00:00Z\n2026-01-01T01:00:00Z\n");
    assert_int_equal(ran.lasted_ns / 1000000000, 3600); /* what is left behind lives no more time */
    process_fini(&ran.process);
}

static void a_pipe_between_children_is_no_wait_for_time(void **state)
{
    (void)state;
    struct ran ran;
    shell("(sleep 7; seq 100000; sleep 8) | (cat; sleep 2) | tail -n 1", &ran);
    assert_string_equal(ran.process.output.p, "100000\n");
    assert_int_equal(ran.lasted_ns / 1000000000, 17);
    process_fini(&ran.process);
}

static void a_signal_from_another_process_ends_a_sleep(void **state)
{
    (void)state;
    struct ran ran;
    shell("trap 'echo told' USR1; (sleep 5; kill -USR1 $$) & sleep 100 & wait $!; echo $?; timeout "
          "9 sleep 99; echo $?",
          &ran);
    assert_string_equal(ran.process.output.p, "told\n138\n124\n");
    assert_int_equal(ran.lasted_ns / 1000000000, 14);
    process_fini(&ran.process);
}

/* -- Ends ----------------------------------------------------------------------------------------- */

static void the_exit_code_is_the_clients_or_128_and_the_signal(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        int exit_code;
    } rows[] = {{"exit 7", 7}, {"kill -TERM $$", 128 + 15}, {"kill -KILL $$", 128 + 9}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ran ran;
        shell(rows[i].script, &ran);
        assert_int_equal(ran.process.exit_code, rows[i].exit_code);
        assert_false(ran.process.stopped);
        process_fini(&ran.process);
    }
}

static void a_program_that_cannot_be_run_says_so(void **state)
{
    (void)state;
    struct ran ran;
    struct err e = {0};
    const char *const absent[] = {"/nowhere/no-such-client", NULL};
    assert_int_equal(run_with(defaults, absent, &ran, &e), ERR_NOT_FOUND);
    const char *const no_program[] = {NO_PROGRAM, NULL};
    assert_int_equal(run_with(defaults, no_program, &ran, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.what, "a script begins with a line such as #!/bin/sh"));
}

static void one_that_goes_on_is_stopped_at_its_limit_with_all_that_it_started(void **state)
{
    (void)state;
    struct ran ran;
    struct tracer_options options = defaults;
    options.limit_ms = 60000;
    shell_by(options, "(setsid sleep 10000 &); while sleep 7; do echo x; done", &ran);
    assert_int_equal(ran.process.end, TRACER_LIMIT);
    assert_true(ran.process.stopped);
    assert_int_equal(ran.process.output.n, 2 * 8);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
    process_fini(&ran.process);
}

static void one_whose_threads_all_wait_for_nothing_is_told_from_a_late_one(void **state)
{
    (void)state;
    static const char *const scripts[] = {"kill -STOP $$", "coproc cat; read x <&${COPROC[0]}"};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct ran ran;
        shell(scripts[i], &ran);
        assert_int_equal(ran.process.end, TRACER_FOREVER);
        process_fini(&ran.process);
    }
}

static void one_that_computes_without_a_look_at_a_clock_is_ended_by_real_time(void **state)
{
    (void)state;
    struct ran ran;
    struct tracer_options options = defaults;
    options.busy_limit_ms = 300;
    shell_by(options, "while :; do :; done", &ran);
    assert_int_equal(ran.process.end, TRACER_BUSY);
    assert_true(ran.lasted_ns < 1000000000);
    process_fini(&ran.process);
}

static void one_that_goes_on_without_a_wait_is_ended_by_real_time(void **state)
{
    (void)state;
    static const char *const scripts[] = {"while :; do date; done", "while :; do (:); done"};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct ran ran;
        struct tracer_options options = defaults;
        options.restless_limit_ms = 300;
        shell_by(options, scripts[i], &ran);
        assert_int_equal(ran.process.end, TRACER_RESTLESS);
        process_fini(&ran.process);
    }
}

static void one_that_only_writes_is_ended_by_real_time(void **state)
{
    (void)state;
    struct ran ran;
    struct tracer_options options = defaults;
    options.busy_limit_ms = 300;
    shell_by(options, "exec yes", &ran);
    assert_int_equal(ran.process.end, TRACER_BUSY);
    process_fini(&ran.process);
}

/* -- Strangers ------------------------------------------------------------------------------------ */

/* Answers each connection's first byte after a while of real time; never when that is negative. */
struct stranger {
    int listener;
    int64_t after_ms;
    char port[8];
};

static void *be_a_stranger(void *arg)
{
    const struct stranger *s = arg;
    char byte;
    int fd = accept(s->listener, NULL, NULL);
    while (fd >= 0 && read(fd, &byte, 1) == 1) {
        if (s->after_ms < 0)
            continue;
        clock_wait(clock_real(), s->after_ms);
        if (write(fd, "y", 1) != 1)
            break;
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void open_stranger(struct stranger *s, int64_t after_ms, pthread_t *thread)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    *s = (struct stranger){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                           .after_ms = after_ms};
    assert_int_equal(bind(s->listener, (struct sockaddr *)&here, size), 0);
    assert_int_equal(listen(s->listener, 4), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&here, &size), 0);
    snprintf(s->port, sizeof s->port, "%u", ntohs(here.sin_port));
    setenv("PORT", s->port, 1);
    assert_int_equal(pthread_create(thread, NULL, be_a_stranger, s), 0);
}

static void while_a_stranger_owes_an_answer_time_is_real(void **state)
{
    (void)state;
    struct stranger stranger;
    struct ran ran;
    pthread_t thread;
    open_stranger(&stranger, 150, &thread);
    shell("exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; read -t 60 -n 1 -u 3 y; echo $y; sleep "
          "1000",
          &ran);
    pthread_join(thread, NULL);
    close(stranger.listener);
    assert_string_equal(ran.process.output.p, "y\n");
    assert_true(ran.lasted_ns >= INT64_C(1000100) * 1000000); /* then it is simulated again */
    if (ran.lasted_ns >= INT64_C(1060000) * 1000000)
        fail_msg("%lld ms", (long long)(ran.lasted_ns / 1000000));
    process_fini(&ran.process);
}

static void a_stranger_that_never_answers_ends_the_run_by_its_name(void **state)
{
    (void)state;
    struct stranger stranger;
    struct ran ran;
    pthread_t thread;
    struct tracer_options options = defaults;
    char name[32];
    options.busy_limit_ms = 200;
    open_stranger(&stranger, -1, &thread);
    snprintf(name, sizeof name, "127.0.0.1:%s", stranger.port);
    shell_by(options, "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; read -t 60 -n 1 -u 3 y",
             &ran);
    pthread_join(thread, NULL);
    close(stranger.listener);
    assert_int_equal(ran.process.end, TRACER_PEER);
    assert_string_equal(ran.peer, name);
    process_fini(&ran.process);
}

/* -- What a container may refuse ------------------------------------------------------------------- */

/* A run whose tracer may not make this call. */
struct refused_run {
    unsigned call;
    const char *const *argv;
    struct ran ran;
};

/* On a thread of its own, which keeps the filter for good. */
static void *run_refused(void *arg)
{
    struct refused_run *r = arg;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, r->call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = COUNT(code), .filter = code};
    assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
    run_by(defaults, r->argv, &r->ran);
    return NULL;
}

static void run_without(unsigned call, const char *const *argv, struct ran *out)
{
    struct refused_run r = {.call = call, .argv = argv};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_refused, &r), 0);
    pthread_join(thread, NULL);
    *out = r.ran;
}

static void where_descriptors_cannot_be_compared_timers_last_as_long_as_they_say(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {WAITS, "exact", NULL};
    run_without(SYS_kcmp, argv, &ran);
    assert_string_equal(ran.process.output.p, every_wait);
    assert_string_equal(ran.unseen, "");
    process_fini(&ran.process);
}

static void where_descriptors_cannot_be_copied_a_timer_of_one_is_told(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {WAITS, "exact", NULL};
    run_without(SYS_pidfd_getfd, argv, &ran);
    assert_string_equal(ran.unseen, "timers of timerfd");
    process_fini(&ran.process);
}

static void where_descriptors_cannot_be_copied_a_stranger_is_told(void **state)
{
    (void)state;
    struct stranger stranger;
    struct ran ran;
    pthread_t thread;
    char name[32];
    const char *const argv[] = {"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT; sleep 5", NULL};
    open_stranger(&stranger, -1, &thread);
    snprintf(name, sizeof name, "127.0.0.1:%s", stranger.port);
    run_without(SYS_pidfd_getfd, argv, &ran);
    pthread_join(thread, NULL);
    close(stranger.listener);
    assert_string_equal(ran.unseen, name);
    process_fini(&ran.process);
}

static void where_descriptors_cannot_be_copied_all_else_is_as_ever(void **state)
{
    (void)state;
    struct ran ran;
    const char *const argv[] = {"bash", "-c", "sleep 100", NULL};
    run_without(SYS_pidfd_getfd, argv, &ran);
    assert_string_equal(ran.unseen, "");
    assert_true(ran.lasted_ns >= INT64_C(100000) * 1000000);
    process_fini(&ran.process);
}

/* -- Children ------------------------------------------------------------------------------------- */

static void a_child_that_has_ended_before_it_was_expected_is_not_waited_for(void **state)
{
    (void)state;
    struct ran ran;
    shell("for ((i = 0; i < 300; i++)); do (:) & done; wait; sleep 1; echo done", &ran);
    assert_string_equal(ran.process.output.p, "done\n");
    assert_int_equal(ran.counts.threads, 0);
    process_fini(&ran.process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_can_do_it),
        cmocka_unit_test(a_wait_of_every_kind_lasts_as_long_as_it_says),
        cmocka_unit_test(a_static_program_lives_in_the_same_time),
        cmocka_unit_test(a_single_thread_makes_the_same_trace_to_the_nanosecond),
        cmocka_unit_test(the_wall_clock_begins_at_the_runs_time_and_children_share_it),
        cmocka_unit_test(a_pipe_between_children_is_no_wait_for_time),
        cmocka_unit_test(a_signal_from_another_process_ends_a_sleep),
        cmocka_unit_test(the_exit_code_is_the_clients_or_128_and_the_signal),
        cmocka_unit_test(a_program_that_cannot_be_run_says_so),
        cmocka_unit_test(one_that_goes_on_is_stopped_at_its_limit_with_all_that_it_started),
        cmocka_unit_test(one_whose_threads_all_wait_for_nothing_is_told_from_a_late_one),
        cmocka_unit_test(one_that_computes_without_a_look_at_a_clock_is_ended_by_real_time),
        cmocka_unit_test(one_that_goes_on_without_a_wait_is_ended_by_real_time),
        cmocka_unit_test(one_that_only_writes_is_ended_by_real_time),
        cmocka_unit_test(while_a_stranger_owes_an_answer_time_is_real),
        cmocka_unit_test(a_stranger_that_never_answers_ends_the_run_by_its_name),
        cmocka_unit_test(where_descriptors_cannot_be_compared_timers_last_as_long_as_they_say),
        cmocka_unit_test(where_descriptors_cannot_be_copied_a_timer_of_one_is_told),
        cmocka_unit_test(where_descriptors_cannot_be_copied_a_stranger_is_told),
        cmocka_unit_test(where_descriptors_cannot_be_copied_all_else_is_as_ever),
        cmocka_unit_test(a_child_that_has_ended_before_it_was_expected_is_not_waited_for),
    };
    return cmocka_run_group_tests_name("tracer", tests, NULL, NULL);
}
