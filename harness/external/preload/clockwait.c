/* Preloaded before libfaketime into a client whose time is sped up: the waits that libfaketime
 * 0.9.10 does not shorten, or gets wrong. Each function here has the name of a libc function,
 * converts the time it is given, and calls the next one of that name.
 *
 * Not shortened by libfaketime, so that they would last as long as on the real clock: waits
 * until a moment on a clock that the caller names (Python's threading.Event.wait, C++'s
 * condition variables), on a semaphore (older Pythons), on locks, on a futex (Rust's condition
 * variables); alarms, timers (coreutils' timeout) and the time-outs of sockets. Gets wrong: poll
 * and epoll_wait, which it ends up to a real millisecond too early, and that is N milliseconds
 * of the fast clock.
 *
 * "The fast clock" is the one that libfaketime shows to the client. UNDERSTUDY_CLOCKWAIT in the
 * environment says how many times faster it runs. Runs inside the client, on any of its threads:
 * no state, no allocation, no locks. */
#include <dlfcn.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND_NS = 1000000000;
static const int64_t FAR_NS = 1000000000 * INT64_C(1000000000); /* thirty years */

/* The next function of that name behind ours: libfaketime's, or else glibc's. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int64_t speed(void)
{
    const char *text = getenv("UNDERSTUDY_CLOCKWAIT");
    int64_t times = text ? strtoll(text, NULL, 10) : 1;
    return times > 0 ? times : 1;
}

/* False for times that libc refuses: they are passed on as they are, so that it does. */
static bool is_time(const struct timespec *t)
{
    return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < SECOND_NS;
}

/* -- Until a moment ---------------------------------------------------------------------------- */

static int64_t ns_between(const struct timespec *from, const struct timespec *until)
{
    int64_t s = 0;
    if (__builtin_sub_overflow(until->tv_sec, from->tv_sec, &s) || llabs(s) >= FAR_NS / SECOND_NS)
        return until->tv_sec < from->tv_sec ? -FAR_NS : FAR_NS;
    return s * SECOND_NS + until->tv_nsec - from->tv_nsec;
}

/* The moment on the real clock when the fast one, as libfaketime shows it, shows `until`. */
static struct timespec on_real_clock(clockid_t clock, const struct timespec *until)
{
    struct timespec fast;
    struct timespec real = {0};
    if (!is_time(until))
        return *until;
    clock_gettime(clock, &fast);
    syscall(SYS_clock_gettime, clock, &real);
    int64_t ns = ns_between(&fast, until);
    ns = real.tv_nsec + (ns > 0 ? ns / speed() : 0);
    real.tv_sec += (time_t)(ns / SECOND_NS);
    real.tv_nsec = (long)(ns % SECOND_NS);
    return real;
}

int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until)
{
    struct timespec moment = on_real_clock(clock, until);
    return NEXT(sem_clockwait)(sem, clock, &moment);
}

int sem_timedwait(sem_t *sem, const struct timespec *until)
{
    return sem_clockwait(sem, CLOCK_REALTIME, until);
}

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                           const struct timespec *until)
{
    struct timespec moment = on_real_clock(clock, until);
    return NEXT(pthread_cond_clockwait)(cond, mutex, clock, &moment);
}

/* Defines both waits for a type of lock: until a moment on a clock that is named,
 * and on CLOCK_REALTIME. */
#define LOCK(type, clockwait, timedwait)                                                           \
    int clockwait(type *lock, clockid_t clock, const struct timespec *until)                       \
    {                                                                                              \
        struct timespec moment = on_real_clock(clock, until);                                      \
        return NEXT(clockwait)(lock, clock, &moment);                                              \
    }                                                                                              \
    int timedwait(type *lock, const struct timespec *until)                                        \
    {                                                                                              \
        return clockwait(lock, CLOCK_REALTIME, until);                                             \
    }

LOCK(pthread_mutex_t, pthread_mutex_clocklock, pthread_mutex_timedlock)
LOCK(pthread_rwlock_t, pthread_rwlock_clockrdlock, pthread_rwlock_timedrdlock)
LOCK(pthread_rwlock_t, pthread_rwlock_clockwrlock, pthread_rwlock_timedwrlock)

/* -- For a while ------------------------------------------------------------------------------- */

static int64_t ns_of(const struct timespec *t)
{
    return t->tv_sec >= FAR_NS / SECOND_NS ? FAR_NS : t->tv_sec * SECOND_NS + t->tv_nsec;
}

static struct timespec time_of(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / SECOND_NS), .tv_nsec = (long)(ns % SECOND_NS)};
}

/* A wait of the fast clock as real time. Rounded up: 0 would mean "do not wait", or turn
 * a timer off. */
static struct timespec shorter(const struct timespec *t)
{
    return is_time(t) ? time_of((ns_of(t) + speed() - 1) / speed()) : *t;
}

/* The other way round, for what the system says is left of a wait. */
static struct timespec longer(const struct timespec *t)
{
    int64_t ns = ns_of(t);
    return time_of(ns >= FAR_NS / speed() ? FAR_NS : ns * speed());
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *wait)
{
    struct timespec real = wait ? shorter(wait) : (struct timespec){0};
    return NEXT(sigtimedwait)(set, info, wait ? &real : NULL);
}

int thrd_sleep(const struct timespec *wait, struct timespec *left)
{
    return nanosleep(wait, left); /* libfaketime shortens this one */
}

int epoll_pwait2(int fd, struct epoll_event *events, int size, const struct timespec *wait,
                 const sigset_t *set)
{
    struct timespec real = wait ? shorter(wait) : (struct timespec){0};
    return NEXT(epoll_pwait2)(fd, events, size, wait ? &real : NULL, set);
}

/* The time to give to libfaketime's poll so that it does not wait too little: it divides by the
 * speed and rounds down. This is the real time, rounded up to a millisecond, times the speed,
 * and half a millisecond more against its own rounding errors. */
static int rounded_up(int ms)
{
    int64_t n = speed();
    int64_t real = (ms + n - 1) / n;
    return ms <= 0 || real * n + n / 2 > INT_MAX ? ms : (int)(real * n + n / 2);
}

int poll(struct pollfd *fds, nfds_t count, int ms)
{
    return NEXT(poll)(fds, count, rounded_up(ms));
}

int epoll_wait(int fd, struct epoll_event *events, int size, int ms)
{
    return NEXT(epoll_wait)(fd, events, size, rounded_up(ms));
}

int epoll_pwait(int fd, struct epoll_event *events, int size, int ms, const sigset_t *set)
{
    return NEXT(epoll_pwait)(fd, events, size, rounded_up(ms), set);
}

/* shorter or longer. */
typedef struct timespec change_fn(const struct timespec *t);

/* Applies it to a time in microseconds, rounded up. */
static struct timeval changed(const struct timeval *t, change_fn *change)
{
    if (t->tv_usec < 0 || t->tv_usec >= SECOND_NS / 1000)
        return *t;
    struct timespec by = {.tv_sec = t->tv_sec, .tv_nsec = t->tv_usec * 1000};
    by = change(&by);
    int64_t us = (ns_of(&by) + 999) / 1000;
    return (struct timeval){.tv_sec = (time_t)(us / 1000000),
                            .tv_usec = (suseconds_t)(us % 1000000)};
}

static void change_alarm(struct itimerval *t, change_fn *change)
{
    t->it_value = changed(&t->it_value, change);
    t->it_interval = changed(&t->it_interval, change);
}

int setitimer(__itimer_which_t which, const struct itimerval *restrict value,
              struct itimerval *restrict old)
{
    struct itimerval real = {0};
    if (value)
        real = *value;
    if (which == ITIMER_REAL) /* the others count processor time, which is not sped up */
        change_alarm(&real, shorter);
    int code = NEXT(setitimer)(which, value ? &real : NULL, old);
    if (!code && old && which == ITIMER_REAL)
        change_alarm(old, longer);
    return code;
}

int getitimer(__itimer_which_t which, struct itimerval *value)
{
    int code = NEXT(getitimer)(which, value);
    if (!code && which == ITIMER_REAL)
        change_alarm(value, longer);
    return code;
}

unsigned alarm(unsigned seconds)
{
    const struct itimerval value = {.it_value = {.tv_sec = (time_t)seconds}};
    struct itimerval old = {0};
    (void)setitimer(ITIMER_REAL, &value, &old);
    return (unsigned)(old.it_value.tv_sec + (old.it_value.tv_usec > 0));
}

static bool times_out(int level, int name, const void *value, socklen_t size)
{
    return level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO) && value
        && size >= sizeof(struct timeval);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    struct timeval t;
    if (times_out(level, name, value, size)) {
        memcpy(&t, value, sizeof t);
        t = changed(&t, shorter);
        value = &t;
        size = sizeof t;
    }
    return NEXT(setsockopt)(fd, level, name, value, size);
}

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict size)
{
    int code = NEXT(getsockopt)(fd, level, name, value, size);
    struct timeval t;
    if (!code && times_out(level, name, value, *size)) {
        memcpy(&t, value, sizeof t);
        t = changed(&t, longer);
        memcpy(value, &t, sizeof t);
    }
    return code;
}

/* -- Timers: for a while, or until a moment ---------------------------------------------------- */

/* How long until the moment. A timer does not say which clock it is on, so the clock whose
 * present time is nearest to the moment is taken: the real-time clock is decades away from the
 * other two, which differ only by the time that the machine was suspended. */
static int64_t ns_until(const struct timespec *moment)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
    int64_t nearest = FAR_NS;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        struct timespec now;
        clock_gettime(clocks[i], &now);
        int64_t ns = ns_between(&now, moment);
        if (llabs(ns) < llabs(nearest))
            nearest = ns;
    }
    return nearest;
}

/* The timer in real time, always relative. One that is set to a moment in the past fires at
 * once: 1 ns, since 0 would turn it off. */
static struct itimerspec relative(const struct itimerspec *t, bool until_moment)
{
    struct itimerspec real = {.it_value = shorter(&t->it_value),
                              .it_interval = shorter(&t->it_interval)};
    if (until_moment && is_time(&t->it_value) && ns_of(&t->it_value) > 0) {
        int64_t ns = ns_until(&t->it_value) / speed();
        real.it_value = time_of(ns > 0 ? ns : 1);
    }
    return real;
}

/* What is left of a timer, in the fast clock's time. */
static void show_timer(struct itimerspec *t)
{
    t->it_value = longer(&t->it_value);
    t->it_interval = longer(&t->it_interval);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
    if (!value)
        return (int)syscall(SYS_timerfd_settime, fd, flags, value, old);
    struct itimerspec real = relative(value, (flags & TFD_TIMER_ABSTIME) != 0);
    int code = (int)syscall(SYS_timerfd_settime, fd, 0, &real, old);
    if (!code && old)
        show_timer(old);
    return code;
}

int timerfd_gettime(int fd, struct itimerspec *value)
{
    int code = (int)syscall(SYS_timerfd_gettime, fd, value);
    if (!code)
        show_timer(value);
    return code;
}

/* glibc 2.34 gave the timer functions a new symbol version, which libfaketime does not provide:
 * call glibc's own. With an older glibc this is NULL, and libfaketime's functions do the work. */
#define SINCE_2_34(name) ((__typeof__(&name))dlvsym(RTLD_NEXT, #name, "GLIBC_2.34"))

int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict value,
                  struct itimerspec *restrict old)
{
    __typeof__(&timer_settime) next = SINCE_2_34(timer_settime);
    if (!next || !value)
        return NEXT(timer_settime)(timer, flags, value, old);
    struct itimerspec real = relative(value, (flags & TIMER_ABSTIME) != 0);
    int code = next(timer, 0, &real, old);
    if (!code && old)
        show_timer(old);
    return code;
}

int timer_gettime(timer_t timer, struct itimerspec *value)
{
    __typeof__(&timer_gettime) next = SINCE_2_34(timer_gettime);
    if (!next)
        return NEXT(timer_gettime)(timer, value);
    int code = next(timer, value);
    if (!code)
        show_timer(value);
    return code;
}

/* -- System calls by number -------------------------------------------------------------------- */

/* The real time for a futex wait: FUTEX_WAIT takes a length, FUTEX_WAIT_BITSET a moment. */
static struct timespec on_futex(int operation, const struct timespec *wait)
{
    bool of_day = (operation & FUTEX_CLOCK_REALTIME) != 0;
    if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT)
        return shorter(wait);
    return on_real_clock(of_day ? CLOCK_REALTIME : CLOCK_MONOTONIC, wait);
}

static bool waits(int operation)
{
    return (operation & FUTEX_CMD_MASK) == FUTEX_WAIT
        || (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
}

long syscall(long number, ...)
{
    enum { OPERATION = 1, WAIT = 3, COUNT = 6 };
    long a[COUNT];
    struct timespec real;
    va_list args;
    va_start(args, number);
    for (int i = 0; i < COUNT; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (number == SYS_futex && waits((int)a[OPERATION]) && a[WAIT] != 0) {
        real = on_futex((int)a[OPERATION], (const struct timespec *)a[WAIT]);
        a[WAIT] = (long)&real;
    }
    return NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
