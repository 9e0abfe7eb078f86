/* A child for test_external: waits ten minutes in each of the ways that name a clock, and tells how long that was
 * by the same clock. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

enum { TEN_MINUTES = 600 };

static struct timespec in_ten_minutes(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += TEN_MINUTES;
    return t;
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;

static int on_semaphore(clockid_t clock, const struct timespec *until)
{
    sem_t s;
    sem_init(&s, 0, 0);
    return sem_clockwait(&s, clock, until) == 0 ? 0 : errno;
}

static int on_condition(clockid_t clock, const struct timespec *until)
{
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&m);
    return pthread_cond_clockwait(&c, &m, clock, until);
}

static int on_mutex(clockid_t clock, const struct timespec *until)
{
    return pthread_mutex_clocklock(&held, clock, until);
}

static int on_reading(clockid_t clock, const struct timespec *until)
{
    return pthread_rwlock_clockrdlock(&written, clock, until);
}

static int on_writing(clockid_t clock, const struct timespec *until)
{
    return pthread_rwlock_clockwrlock(&written, clock, until);
}

static void wait_on(const char *what, int (*wait)(clockid_t, const struct timespec *),
                    clockid_t clock)
{
    struct timespec until = in_ten_minutes(clock);
    struct timespec now;
    int how = wait(clock, &until);
    clock_gettime(clock, &now);
    printf("%s %s %s\n", what, how == ETIMEDOUT ? "timed out" : "did not wait",
           now.tv_sec >= until.tv_sec - 1 ? "in time" : "too early");
    fflush(stdout);
}

/* Another thread's, so that taking them again is a wait and not a mistake. */
static void *take_locks(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&held);
    pthread_rwlock_wrlock(&written);
    return NULL;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, take_locks, NULL);
    pthread_join(other, NULL);
    wait_on("semaphore", on_semaphore, CLOCK_MONOTONIC);
    wait_on("semaphore", on_semaphore, CLOCK_REALTIME);
    wait_on("condition", on_condition, CLOCK_MONOTONIC);
    wait_on("mutex", on_mutex, CLOCK_MONOTONIC);
    wait_on("reading", on_reading, CLOCK_MONOTONIC);
    wait_on("writing", on_writing, CLOCK_MONOTONIC);
    return 0;
}
