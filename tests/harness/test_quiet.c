/* Whether nothing will happen before time moves: threads that sleep, bytes on their way, and what cannot be known. */
#include "allow.h"
#include "base/clock.h"
#include "harness/time/flight.h"
#include "harness/time/loopback.h"
#include "harness/time/quiet.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct quiet *open_quiet(void)
{
    struct quiet *quiet;
    assert_int_equal(quiet_open(&quiet, NULL), 0);
    return quiet;
}

/* -- Connections ---------------------------------------------------------------------------------- */

struct line {
    int listener, ends[2];
    uint16_t ports[2];
};

static uint16_t port_of(int fd)
{
    struct sockaddr_in a;
    socklen_t size = sizeof a;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    return ntohs(a.sin_port);
}

static void open_line(struct line *l)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(l->listener, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(l->listener, 1), 0);
    here.sin_port = htons(port_of(l->listener));
    l->ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(l->ends[0], (struct sockaddr *)&here, sizeof here), 0);
    l->ends[1] = accept(l->listener, NULL, NULL);
    assert_true(l->ends[1] >= 0);
    for (int i = 0; i < 2; i++)
        l->ports[i] = port_of(l->ends[i]);
}

static void close_line(struct line *l)
{
    close(l->ends[0]);
    close(l->ends[1]);
    close(l->listener);
}

/* Sends until no more is taken: what has left the one end has no room at the other. */
static size_t fill(const struct line *l)
{
    static const char plenty[1 << 16];
    size_t sent = 0;
    ssize_t n;
    for (int tries = 0; tries < 100; sched_yield())
        if ((n = send(l->ends[0], plenty, sizeof plenty, MSG_DONTWAIT)) > 0)
            sent += (size_t)n;
        else
            tries++;
    return sent;
}

static void a_connection_at_rest_is_quiet(void **state)
{
    (void)state;
    struct quiet *quiet = open_quiet();
    struct line line;
    open_line(&line);
    quiet_connected(quiet, line.ports[0], line.ports[1]);
    assert_true(quiet_check(quiet));
    assert_int_equal(send(line.ends[0], "hello", 5, 0), 5);
    while (!quiet_check(quiet)) /* it arrives, and need not be read */
        sched_yield();
    quiet_disconnected(quiet, line.ports[0], line.ports[1]);
    assert_true(quiet_check(quiet));
    close_line(&line);
    assert_true(quiet_check(quiet));
    quiet_close(quiet);
}

static void bytes_without_room_are_on_their_way_until_they_have_stood_for_long(void **state)
{
    (void)state;
    struct quiet *quiet = open_quiet();
    struct line line;
    open_line(&line);
    quiet_connected(quiet, line.ports[0], line.ports[1]);
    assert_true(fill(&line) > 0);
    int64_t from_ns = clock_ticks_ns();
    assert_false(quiet_check(quiet));
    while (!quiet_check(quiet))
        sched_yield();
    assert_true(clock_ticks_ns() - from_ns >= 100 * INT64_C(1000000));
    quiet_close(quiet);
    close_line(&line);
}

static void bytes_the_other_way_round_are_seen_too(void **state)
{
    (void)state;
    struct quiet *quiet = open_quiet();
    struct line line;
    open_line(&line);
    quiet_connected(quiet, 1, 2); /* nobody's */
    quiet_connected(quiet, line.ports[1], line.ports[0]);
    assert_true(fill(&line) > 0);
    assert_false(quiet_check(quiet));
    quiet_disconnected(quiet, 1, line.ports[0]);
    quiet_disconnected(quiet, line.ports[1], 2);
    assert_false(quiet_check(quiet));
    close_line(&line);
    while (!quiet_check(quiet))
        sched_yield();
    quiet_close(quiet);
}

static void a_connection_that_is_gone_is_quiet_though_its_port_listens(void **state)
{
    (void)state;
    struct flight flight = {.ports = {0, 9}};
    struct line line;
    int fd = flight_open();
    open_line(&line);
    flight.ports[0] = line.ports[1];
    assert_true(fd >= 0);
    assert_true(flight_is_empty(fd, &flight));
    close(fd);
    assert_true(flight_is_empty(fd, &flight)); /* a kernel that cannot be asked */
    assert_true(flight_is_empty(-1, &flight));
    close_line(&line);
}

static void a_datagram_comes_back_before_the_loop_is_settled(void **state)
{
    (void)state;
    struct loopback l;
    struct err e;
    assert_int_equal(loopback_open(&l, &e), 0);
    for (uint32_t i = 1; i <= 10; i++) {
        loopback_settle(&l);
        assert_int_equal(l.sent, 3 * i);
    }
    char byte;
    assert_int_equal(recv(l.fd, &byte, 1, MSG_DONTWAIT), -1); /* none is left */
    uint32_t old = 1;
    assert_int_equal(send(l.fd, &old, sizeof old, 0), sizeof old);
    loopback_settle(&l); /* one that came late is passed by */
    assert_int_equal(recv(l.fd, &byte, 1, MSG_DONTWAIT), -1);
    loopback_close(&l);
    assert_int_equal(l.fd, -1);
    loopback_settle(&l);
    loopback_close(&l);
}

/* -- Threads -------------------------------------------------------------------------------------- */

/* A thread that joins, and lives until it is told to end: in a read, or, deeply, as the parent of a vfork. */
struct other {
    struct quiet *quiet;
    pthread_t thread;
    int ends[2];
    bool deeply;
    atomic_int tid;
};

static void wait_for_end(const struct other *o)
{
    char byte;
    while (read(o->ends[0], &byte, 1) < 0)
        continue;
}

static void *live(void *arg)
{
    struct other *o = arg;
    quiet_join(o->quiet);
    quiet_join(o->quiet);
    atomic_store(&o->tid, (int)gettid());
    if (!o->deeply) {
        wait_for_end(o);
        quiet_leave(o->quiet);
        return NULL;
    }
    pid_t child = vfork();
    if (child == 0) {
        close(o->ends[1]); /* in a table of its own */
        wait_for_end(o);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    return NULL; /* without leaving */
}

static void start(struct other *o, struct quiet *quiet, bool deeply)
{
    *o = (struct other){.quiet = quiet, .deeply = deeply};
    assert_int_equal(pipe(o->ends), 0);
    assert_int_equal(pthread_create(&o->thread, NULL, live, o), 0);
    while (atomic_load(&o->tid) == 0)
        sched_yield();
}

static void end(struct other *o)
{
    close(o->ends[1]);
    assert_int_equal(pthread_join(o->thread, NULL), 0);
    close(o->ends[0]);
}

static void a_thread_that_joined_is_asked_until_it_leaves(void **state)
{
    (void)state;
    struct quiet *quiet = open_quiet();
    struct other a, b;
    start(&a, quiet, false);
    start(&b, quiet, false);
    while (!quiet_check(quiet))
        sched_yield();
    quiet_join(quiet);
    assert_false(quiet_check(quiet)); /* we are awake */
    quiet_leave(quiet);
    quiet_leave(quiet);
    while (!quiet_check(quiet))
        sched_yield();
    end(&b);
    quiet_remove(quiet, 1);
    while (!quiet_check(quiet))
        sched_yield();
    end(&a);
    assert_true(quiet_check(quiet));
    assert_int_equal(quiet_failure(quiet, NULL), 0);
    quiet_close(quiet);
}

static void one_that_the_kernel_works_for_is_no_sleeper(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* it makes a fork of vfork, whose parent sleeps like any other */
#endif
    struct quiet *quiet = open_quiet();
    struct other o;
    start(&o, quiet, true);
    for (int i = 0; i < 1000; i++)
        assert_false(quiet_check(quiet));
    end(&o);
    while (!quiet_check(quiet)) /* it has ended without a word */
        sched_yield();
    quiet_close(quiet);
}

static void a_thread_whose_state_cannot_be_read_is_told_and_the_first_reason_kept(void **state)
{
    (void)state;
    struct err e = {0};
    struct quiet *quiet = open_quiet();
    assert_int_equal(quiet_add(quiet, getpid(), 1 << 22, &e), ERR_NOT_FOUND);
    assert_int_equal(quiet_failure(quiet, NULL), 0);
    rlim_t before = allow(RLIMIT_NOFILE, 0);
    quiet_join(quiet);
    quiet_leave(quiet);
    quiet_join(quiet);
    allow(RLIMIT_NOFILE, before);
    assert_int_equal(quiet_failure(quiet, &e), ERR_FILE);
    assert_string_equal(e.where, "/proc");
    assert_non_null(strstr(e.what, "Too many open files"));
    quiet_leave(quiet);
    quiet_close(quiet);
}

static void without_descriptors_there_is_no_loop_and_connections_are_taken_for_quiet(void **state)
{
    (void)state;
    struct err e = {0};
    struct loopback l;
    struct quiet *quiet;
    rlim_t before = allow(RLIMIT_NOFILE, 0);
    assert_int_equal(loopback_open(&l, &e), ERR_NETWORK);
    assert_int_equal(quiet_open(&quiet, NULL), 0);
    allow(RLIMIT_NOFILE, before);
    assert_int_equal(l.fd, -1);
    assert_non_null(strstr(e.what, "Too many open files"));
    quiet_connected(quiet, 1, 2);
    assert_true(quiet_check(quiet));
    quiet_close(quiet);
    quiet_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_at_rest_is_quiet),
        cmocka_unit_test(bytes_without_room_are_on_their_way_until_they_have_stood_for_long),
        cmocka_unit_test(bytes_the_other_way_round_are_seen_too),
        cmocka_unit_test(a_connection_that_is_gone_is_quiet_though_its_port_listens),
        cmocka_unit_test(a_datagram_comes_back_before_the_loop_is_settled),
        cmocka_unit_test(a_thread_that_joined_is_asked_until_it_leaves),
        cmocka_unit_test(one_that_the_kernel_works_for_is_no_sleeper),
        cmocka_unit_test(a_thread_whose_state_cannot_be_read_is_told_and_the_first_reason_kept),
        cmocka_unit_test(without_descriptors_there_is_no_loop_and_connections_are_taken_for_quiet),
    };
    return cmocka_run_group_tests_name("quiet", tests, NULL, NULL);
}
