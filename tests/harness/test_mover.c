/* Simulated time that moves when everybody waits, and stands while anybody has something to do. */
#include "harness/time/mover.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A clock, a set and a mover. */
struct moved_world {
    struct clock_events clock;
    struct quiet *quiet;
    struct mover *mover;
};

static void open_world(struct moved_world *w)
{
    clock_events_init(&w->clock, 0);
    assert_int_equal(quiet_open(&w->quiet, NULL), 0);
    assert_int_equal(mover_start(&w->clock, w->quiet, &w->mover, NULL), 0);
}

static void close_world(struct moved_world *w)
{
    assert_int_equal(quiet_failure(w->quiet, NULL), 0);
    mover_stop(w->mover);
    quiet_close(w->quiet);
    clock_events_fini(&w->clock);
}

/* -- The mover ------------------------------------------------------------------------------------ */

enum { PERIODS = 3, STEPS_MAX = 4000 };
static const int64_t hour_ms = 3600000;
static const int64_t period_ms[PERIODS] = {2000, 3000, 7000};

/* What happened, in order: who woke, and when. */
struct step {
    int who;
    int64_t ms;
};

struct story {
    struct step steps[STEPS_MAX];
    int count;
};

struct actor {
    struct moved_world *world;
    struct story *story; /* written without a lock: never do two actors run at once */
    int who;
    atomic_int *ready; /* how many have joined */
    pthread_t thread;
};

static void *act(void *arg)
{
    struct actor *a = arg;
    struct clock *clock = &a->world->clock.clock;
    quiet_join(a->world->quiet);
    atomic_fetch_add(a->ready, 1);
    while (atomic_load(a->ready) < PERIODS)
        sched_yield();
    for (clock_wait(clock, a->who + 1); clock_now(clock) < hour_ms;
         clock_wait(clock, period_ms[a->who]))
        a->story->steps[a->story->count++] = (struct step){a->who, clock_now(clock)};
    return NULL;
}

static void play(struct story *out)
{
    struct moved_world w;
    struct actor actors[PERIODS];
    atomic_int ready = 0;
    *out = (struct story){0};
    open_world(&w);
    for (int i = 0; i < PERIODS; i++) {
        actors[i] = (struct actor){.world = &w, .story = out, .who = i, .ready = &ready};
        assert_int_equal(pthread_create(&actors[i].thread, NULL, act, &actors[i]), 0);
    }
    for (int i = 0; i < PERIODS; i++)
        assert_int_equal(pthread_join(actors[i].thread, NULL), 0);
    close_world(&w);
}

static void an_hour_of_three_threads_is_the_same_story_every_time(void **state)
{
    (void)state;
    static struct story first, second;
    play(&first);
    play(&second);
    assert_int_equal(first.count, 1800 + 1200 + 515);
    assert_memory_equal(&first, &second, sizeof first);
    for (int i = 0; i < first.count; i++) {
        const struct step *s = &first.steps[i];
        assert_int_equal((s->ms - s->who - 1) % period_ms[s->who], 0);
        assert_true(i == 0 || s->ms >= s[-1].ms);
    }
}

struct worker {
    struct moved_world *world;
    atomic_bool ready;
    int64_t began_ms, ended_ms, woke_ms;
};

static void *compute(void *arg)
{
    struct worker *w = arg;
    struct clock *clock = &w->world->clock.clock;
    volatile uint64_t sum = 0;
    quiet_join(w->world->quiet);
    w->began_ms = clock_now(clock);
    atomic_store(&w->ready, true);
    for (int i = 0; i < 20000000; i++)
        sum += (uint64_t)i;
    w->ended_ms = clock_now(clock);
    clock_wait(clock, 5);
    w->woke_ms = clock_now(clock);
    return NULL;
}

static void time_stands_while_somebody_computes(void **state)
{
    (void)state;
    struct moved_world w;
    struct worker worker = {.world = &w};
    pthread_t thread;
    open_world(&w);
    assert_int_equal(pthread_create(&thread, NULL, compute, &worker), 0);
    while (!atomic_load(&worker.ready))
        sched_yield();
    clock_wait(&w.clock.clock, 1);
    assert_int_equal(clock_now(&w.clock.clock), 1);
    clock_wait(&w.clock.clock, 100);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(worker.began_ms, 0);
    assert_int_equal(worker.ended_ms, 0);
    assert_int_equal(worker.woke_ms, 5);
    close_world(&w);
}

/* -- Quiet ---------------------------------------------------------------------------------------- */

struct sleeper {
    struct quiet *quiet;
    pthread_mutex_t lock;
    pthread_cond_t signal;
    bool by_lock, over;
    atomic_bool joined;
};

static void *sleep_on_it(void *arg)
{
    struct sleeper *s = arg;
    quiet_join(s->quiet);
    atomic_store(&s->joined, true);
    pthread_mutex_lock(&s->lock);
    while (!s->by_lock && !s->over)
        pthread_cond_wait(&s->signal, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static int quiet_of(const struct sleeper *s, int looks)
{
    int quiet = 0;
    for (int i = 0; i < looks; i++)
        quiet += quiet_check(s->quiet);
    return quiet;
}

static void one_that_waits_for_a_lock_is_no_sleeper_one_that_waits_for_a_signal_is(void **state)
{
    (void)state;
    for (int by_lock = 0; by_lock < 2; by_lock++) {
        struct sleeper s = {.lock = PTHREAD_MUTEX_INITIALIZER,
                            .signal = PTHREAD_COND_INITIALIZER,
                            .by_lock = by_lock == 1};
        pthread_t thread;
        assert_int_equal(quiet_open(&s.quiet, NULL), 0);
        assert_true(quiet_check(s.quiet)); /* nobody is in it */
        if (by_lock)
            pthread_mutex_lock(&s.lock);
        assert_int_equal(pthread_create(&thread, NULL, sleep_on_it, &s), 0);
        while (!atomic_load(&s.joined))
            sched_yield();
        if (by_lock)
            assert_int_equal(quiet_of(&s, 100), 0);
        while (!quiet_check(s.quiet)) /* in the end the lock's sleeper counts too */
            sched_yield();
        if (!by_lock)
            pthread_mutex_lock(&s.lock);
        s.over = true;
        pthread_cond_signal(&s.signal);
        pthread_mutex_unlock(&s.lock);
        assert_int_equal(pthread_join(thread, NULL), 0);
        while (!quiet_check(s.quiet)) /* an ended thread is forgotten */
            sched_yield();
        quiet_close(s.quiet);
    }
}

/* Two sockets that are connected, and their ports. */
static void connect_pair(int ends[2], uint16_t ports[2])
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &n), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(ends[0], (struct sockaddr *)&at, sizeof at), 0);
    ends[1] = accept(listener, NULL, NULL);
    ports[1] = ntohs(at.sin_port);
    assert_int_equal(getsockname(ends[0], (struct sockaddr *)&at, &n), 0);
    ports[0] = ntohs(at.sin_port);
    close(listener);
}

static void fill(int fd)
{
    static const char bytes[1 << 16];
    while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        continue;
}

static void empty(int fd)
{
    static char bytes[1 << 16];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        continue;
}

static void bytes_in_flight_are_waited_for_but_not_for_ever(void **state)
{
    (void)state;
    int ends[2];
    uint16_t ports[2];
    struct quiet *quiet;
    connect_pair(ends, ports);
    assert_int_equal(quiet_open(&quiet, NULL), 0);
    quiet_connected(quiet, ports[0], ports[1]);
    assert_true(quiet_check(quiet));
    assert_int_equal(send(ends[1], "all arrives", 11, 0), 11);
    while (!quiet_check(quiet))
        sched_yield();
    empty(ends[0]);
    fill(ends[0]);
    for (int i = 0; i < 100; i++)
        assert_false(quiet_check(quiet));
    while (!quiet_check(quiet)) /* he will never read */
        sched_yield();
    empty(ends[1]);
    while (!quiet_check(quiet))
        empty(ends[1]);
    fill(ends[0]);
    close(ends[0]);
    quiet_disconnected(quiet, ports[0], ports[1]);
    assert_false(quiet_check(quiet)); /* what was sent before the close is still to come */
    close(ends[1]);
    while (!quiet_check(quiet))
        sched_yield();
    quiet_close(quiet);
}

static void a_thread_that_cannot_be_seen_is_told(void **state)
{
    (void)state;
    struct quiet *quiet;
    struct err e;
    assert_int_equal(quiet_open(&quiet, NULL), 0);
    assert_int_equal(quiet_add(quiet, getpid(), 1 << 30, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.what, "1073741824"));
    assert_int_equal(quiet_failure(quiet, &e), 0);
    quiet_join(quiet);
    quiet_remove(quiet, gettid());
    assert_true(quiet_check(quiet));
    quiet_close(quiet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_of_three_threads_is_the_same_story_every_time),
        cmocka_unit_test(time_stands_while_somebody_computes),
        cmocka_unit_test(one_that_waits_for_a_lock_is_no_sleeper_one_that_waits_for_a_signal_is),
        cmocka_unit_test(bytes_in_flight_are_waited_for_but_not_for_ever),
        cmocka_unit_test(a_thread_that_cannot_be_seen_is_told),
    };
    return cmocka_run_group_tests_name("mover", tests, NULL, NULL);
}
