/* A mock rests until a packet comes or its clock wakes somebody, and never seems to while it works. */
#include "harness/time/rest.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { TIMES = 50, WORK = 200000 };

/* Works on each datagram that comes, or each time that its clock wakes it. */
struct mock {
    struct quiet *quiet;
    struct clock_events clock;
    struct rest rest;
    bool by_clock;
    int fd;
    pthread_t thread;
    atomic_bool began, stop;
    atomic_int done;
};

static void *live(void *arg)
{
    struct mock *m = arg;
    char byte;
    quiet_join(m->quiet);
    atomic_store(&m->began, true);
    while (!atomic_load(&m->stop)) {
        if (m->by_clock)
            clock_wait(&m->clock.clock, 1);
        else if (recv(m->fd, &byte, 1, 0) != 1)
            break;
        for (volatile int i = 0; i < WORK; i++)
            continue;
        atomic_fetch_add(&m->done, 1);
    }
    return NULL;
}

static void start(struct mock *m, bool by_clock)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    struct err e;
    *m = (struct mock){.by_clock = by_clock, .fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(bind(m->fd, (struct sockaddr *)&here, size), 0);
    assert_int_equal(getsockname(m->fd, (struct sockaddr *)&here, &size), 0);
    assert_int_equal(connect(m->fd, (struct sockaddr *)&here, size), 0); /* to itself */
    clock_events_init(&m->clock, 0);
    assert_int_equal(quiet_open(&m->quiet, &e), 0);
    assert_int_equal(rest_open(&m->rest, m->quiet, &m->clock, &e), 0);
    assert_int_equal(pthread_create(&m->thread, NULL, live, m), 0);
    while (!atomic_load(&m->began))
        sched_yield();
}

static void end(struct mock *m)
{
    atomic_store(&m->stop, true);
    clock_events_stop(&m->clock);
    assert_int_equal(send(m->fd, "x", 1, 0), 1);
    assert_int_equal(pthread_join(m->thread, NULL), 0);
    rest_close(&m->rest);
    quiet_close(m->quiet);
    clock_events_fini(&m->clock);
    close(m->fd);
}

static void await_rest(struct mock *m)
{
    while (!rest_check(&m->rest))
        sched_yield();
}

static void one_that_a_packet_reached_has_done_its_work_when_it_rests(void **state)
{
    (void)state;
    struct mock m;
    start(&m, false);
    for (int i = 1; i <= TIMES; i++) {
        await_rest(&m);
        assert_true(rest_check(&m.rest) || atomic_load(&m.done) == i - 1);
        assert_int_equal(send(m.fd, "x", 1, 0), 1);
        await_rest(&m);
        assert_int_equal(atomic_load(&m.done), i);
    }
    end(&m);
}

static void one_that_its_clock_woke_has_done_its_work_when_it_rests(void **state)
{
    (void)state;
    struct mock m;
    start(&m, true);
    for (int i = 1; i <= TIMES; i++) {
        await_rest(&m);
        assert_true(clock_events_wake(&m.clock, clock_events_due_ns(&m.clock)));
        await_rest(&m);
        assert_int_equal(atomic_load(&m.done), i);
    }
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_a_packet_reached_has_done_its_work_when_it_rests),
        cmocka_unit_test(one_that_its_clock_woke_has_done_its_work_when_it_rests),
    };
    return cmocka_run_group_tests_name("rest", tests, NULL, NULL);
}
