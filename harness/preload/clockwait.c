/* Preloaded beside libfaketime into a client whose time is compressed: the waits that libfaketime 0.9.10
 * leaves as they are, those whose caller names the clock. Python's threading.Event.wait and C++'s
 * condition variables wait so; without this they wait for a moment on the fast clock to come on the real one.
 *
 * UNDERSTUDY_CLOCKWAIT says how many times faster the fast clock runs. */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND_NS = 1000000000;
static const int64_t FAR_NS = 1000000000 * INT64_C(1000000000); /* thirty years */

static int64_t speed(void)
{
    const char *text = getenv("UNDERSTUDY_CLOCKWAIT");
    int64_t times = text != NULL ? strtoll(text, NULL, 10) : 1;
    return times > 0 ? times : 1;
}

static int64_t ns_from(const struct timespec *now, const struct timespec *until)
{
    int64_t s = (int64_t)until->tv_sec - now->tv_sec;
    if (s >= FAR_NS / SECOND_NS)
        return FAR_NS;
    int64_t ns = s * SECOND_NS + until->tv_nsec - now->tv_nsec;
    return s < 0 || ns < 0 ? 0 : ns;
}

/* The moment on the real clock when the fast one, as libfaketime shows it, shows `until`. */
static struct timespec on_real_clock(clockid_t clock, const struct timespec *until)
{
    struct timespec fast;
    struct timespec real;
    clock_gettime(clock, &fast);
    syscall(SYS_clock_gettime, clock, &real);
    int64_t ns = real.tv_nsec + ns_from(&fast, until) / speed();
    real.tv_sec += (time_t)(ns / SECOND_NS);
    real.tv_nsec = (long)(ns % SECOND_NS);
    return real;
}

/* Defines a wait that hands on a moment of the real clock. A time that is none is libc's to refuse. */
#define WAIT(name, parameters, ...)                                                                \
    int name parameters                                                                            \
    {                                                                                              \
        int(*next) parameters = (int(*) parameters)dlsym(RTLD_NEXT, #name);                        \
        struct timespec moment;                                                                    \
        if (until->tv_nsec >= 0 && until->tv_nsec < SECOND_NS) {                                   \
            moment = on_real_clock(clock, until);                                                  \
            until = &moment;                                                                       \
        }                                                                                          \
        return next(__VA_ARGS__);                                                                  \
    }

WAIT(sem_clockwait, (sem_t * sem, clockid_t clock, const struct timespec *until), sem, clock, until)
WAIT(pthread_cond_clockwait,
     (pthread_cond_t * cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until),
     cond, mutex, clock, until)
WAIT(pthread_mutex_clocklock,
     (pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until), mutex, clock, until)
WAIT(pthread_rwlock_clockrdlock,
     (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until), lock, clock, until)
WAIT(pthread_rwlock_clockwrlock,
     (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until), lock, clock, until)
