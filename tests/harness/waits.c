/* A child for test_external and test_tracer: waits ten minutes in each of the ways that libfaketime leaves to us, and
 * tells how long that was by a clock.
 *
 *     waits [exact | one]
 *
 * exact: in the ways that libfaketime knows too, and to the millisecond; one: only in those of one thread. */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

enum { TEN_MINUTES = 600 };

/* Returns ETIMEDOUT when it waited until the time, or for ten minutes. */
typedef int wait_fn(clockid_t clock, const struct timespec *until);

/* -- Until a moment ------------------------------------------------------------------------------- */

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;

static int on_semaphore(clockid_t clock, const struct timespec *until)
{
    sem_t s;
    sem_init(&s, 0, 0);
    return sem_clockwait(&s, clock, until) == 0 ? 0 : errno;
}

static int on_old_semaphore(clockid_t clock, const struct timespec *until)
{
    sem_t s;
    (void)clock;
    sem_init(&s, 0, 0);
    return sem_timedwait(&s, until) == 0 ? 0 : errno;
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

static int on_old_mutex(clockid_t clock, const struct timespec *until)
{
    (void)clock;
    return pthread_mutex_timedlock(&held, until);
}

static int on_reading(clockid_t clock, const struct timespec *until)
{
    return pthread_rwlock_clockrdlock(&written, clock, until);
}

static int on_old_reading(clockid_t clock, const struct timespec *until)
{
    (void)clock;
    return pthread_rwlock_timedrdlock(&written, until);
}

static int on_writing(clockid_t clock, const struct timespec *until)
{
    return pthread_rwlock_clockwrlock(&written, clock, until);
}

static int on_old_writing(clockid_t clock, const struct timespec *until)
{
    (void)clock;
    return pthread_rwlock_timedwrlock(&written, until);
}

static int on_futex_at(clockid_t clock, const struct timespec *until)
{
    int word = 0;
    (void)clock;
    long how = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, until, NULL,
                       FUTEX_BITSET_MATCH_ANY);
    return how == 0 ? 0 : errno;
}

/* -- For a while ---------------------------------------------------------------------------------- */

static const struct timespec ten_minutes = {.tv_sec = TEN_MINUTES};

/* Blocked everywhere: only waited for. */
static sigset_t signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGUSR1);
    return set;
}

static int on_futex(clockid_t clock, const struct timespec *until)
{
    int word = 0;
    (void)clock, (void)until;
    return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &ten_minutes, NULL, 0) == 0 ? 0 : errno;
}

static int asleep(clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    return thrd_sleep(&ten_minutes, NULL) == 0 ? ETIMEDOUT : 0;
}

/* Almost a real millisecond more than ten minutes, at the speed of the test: cut to whole ones it is missed. */
enum { A_LITTLE = 2, AND_A_LITTLE_MS = TEN_MINUTES * 1000 + A_LITTLE * 1000 + 990 };

static int late_enough(clockid_t clock, const struct timespec *until)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec >= until->tv_sec + A_LITTLE ? ETIMEDOUT : 0;
}

static int on_poll(clockid_t clock, const struct timespec *until)
{
    return poll(NULL, 0, AND_A_LITTLE_MS) == 0 ? late_enough(clock, until) : 0;
}

static int on_epoll(clockid_t clock, const struct timespec *until)
{
    struct epoll_event event;
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return epoll_wait(fd, &event, 1, AND_A_LITTLE_MS) == 0 ? late_enough(clock, until) : 0;
}

static int on_masked_epoll(clockid_t clock, const struct timespec *until)
{
    struct epoll_event event;
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return epoll_pwait(fd, &event, 1, AND_A_LITTLE_MS, NULL) == 0 ? late_enough(clock, until) : 0;
}

static int on_exact_epoll(clockid_t clock, const struct timespec *until)
{
    struct epoll_event event;
    int fd = epoll_create1(EPOLL_CLOEXEC);
    (void)clock, (void)until;
    return epoll_pwait2(fd, &event, 1, &ten_minutes, NULL) == 0 ? ETIMEDOUT : 0;
}

static int on_signal(clockid_t clock, const struct timespec *until)
{
    sigset_t set = signals();
    (void)clock, (void)until;
    return sigtimedwait(&set, NULL, &ten_minutes) == -1 && errno == EAGAIN ? ETIMEDOUT : 0;
}

/* True when what is shown of a wait that has begun counts the clock's own seconds. */
static bool is_left(time_t seconds)
{
    return seconds > 0 && seconds <= TEN_MINUTES;
}

static int until_signal(int wanted, bool good)
{
    sigset_t set = signals();
    int got = 0;
    return sigwait(&set, &got) == 0 && got == wanted && good ? ETIMEDOUT : 0;
}

static int on_alarm(clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    (void)alarm(TEN_MINUTES);
    return until_signal(SIGALRM, is_left((time_t)alarm(TEN_MINUTES)));
}

static int on_interval_timer(clockid_t clock, const struct timespec *until)
{
    const struct itimerval value = {.it_value = {.tv_sec = TEN_MINUTES}};
    struct itimerval left = {0};
    (void)clock, (void)until;
    (void)setitimer(ITIMER_REAL, &value, NULL);
    (void)getitimer(ITIMER_REAL, &left);
    return until_signal(SIGALRM, is_left(left.it_value.tv_sec));
}

static int on_any_timer(clockid_t clock, int flags, const struct itimerspec *value)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec left = {0};
    timer_t timer;
    if (timer_create(clock, &event, &timer) != 0 || timer_settime(timer, flags, value, NULL) != 0
        || timer_gettime(timer, &left) != 0)
        return errno;
    int how = until_signal(SIGUSR1, is_left(left.it_value.tv_sec));
    (void)timer_delete(timer);
    return how;
}

static int on_timer(clockid_t clock, const struct timespec *until)
{
    (void)until;
    return on_any_timer(clock, 0, &(struct itimerspec){.it_value = ten_minutes});
}

static int on_timer_at(clockid_t clock, const struct timespec *until)
{
    return on_any_timer(clock, TIMER_ABSTIME, &(struct itimerspec){.it_value = *until});
}

static int on_any_timerfd(clockid_t clock, int flags, const struct itimerspec *value)
{
    struct itimerspec left = {0};
    unsigned long long times = 0;
    int fd = timerfd_create(clock, TFD_CLOEXEC);
    if (fd < 0 || timerfd_settime(fd, flags, value, NULL) != 0 || timerfd_gettime(fd, &left) != 0)
        return errno;
    ssize_t n = read(fd, &times, sizeof times);
    (void)close(fd);
    return n == sizeof times && times == 1 && is_left(left.it_value.tv_sec) ? ETIMEDOUT : 0;
}

static int on_timerfd(clockid_t clock, const struct timespec *until)
{
    (void)until;
    return on_any_timerfd(clock, 0, &(struct itimerspec){.it_value = ten_minutes});
}

static int on_timerfd_at(clockid_t clock, const struct timespec *until)
{
    return on_any_timerfd(clock, TFD_TIMER_ABSTIME, &(struct itimerspec){.it_value = *until});
}

static int on_socket(clockid_t clock, const struct timespec *until)
{
    const struct timeval wanted = {.tv_sec = TEN_MINUTES};
    struct timeval shown = {0};
    socklen_t size = sizeof shown;
    int pair[2];
    char byte;
    (void)clock, (void)until;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0
        || setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &wanted, sizeof wanted) != 0
        || getsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &shown, &size) != 0)
        return errno;
    bool good = shown.tv_sec >= TEN_MINUTES; /* the system counts in its own, longer, steps */
    return recv(pair[0], &byte, 1, 0) == -1 && errno == EAGAIN && good ? ETIMEDOUT : 0;
}

/* -- Those that libfaketime knows ------------------------------------------------------------------ */

static int on_select(clockid_t clock, const struct timespec *until)
{
    struct timeval left = {.tv_sec = TEN_MINUTES};
    fd_set set;
    int pair[2];
    (void)clock, (void)until;
    if (pipe(pair) != 0)
        return errno;
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    int n = select(pair[0] + 1, &set, NULL, NULL, &left);
    return n == 0 && !FD_ISSET(pair[0], &set) && left.tv_sec == 0 ? ETIMEDOUT : 0;
}

static int on_masked_select(clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    return pselect(0, NULL, NULL, NULL, &ten_minutes, NULL) == 0 ? ETIMEDOUT : 0;
}

static int on_masked_poll(clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    return ppoll(NULL, 0, &ten_minutes, NULL) == 0 ? ETIMEDOUT : 0;
}

static int asleep_until(clockid_t clock, const struct timespec *until)
{
    return syscall(SYS_clock_nanosleep, clock, TIMER_ABSTIME, until, NULL) == 0 ? ETIMEDOUT : 0;
}

static void *never_end(void *arg)
{
    pause();
    return arg;
}

static int on_join(clockid_t clock, const struct timespec *until)
{
    pthread_t other;
    (void)clock;
    pthread_create(&other, NULL, never_end, NULL);
    return pthread_timedjoin_np(other, NULL, until);
}

static void nothing(int signal_number)
{
    (void)signal_number;
}

/* A handler ends a sleep, which tells how much of it was left. */
static int interrupted(clockid_t clock, const struct timespec *until)
{
    struct sigaction action = {.sa_handler = nothing};
    const struct timespec twenty = {.tv_sec = 2 * TEN_MINUTES};
    struct timespec left = {0};
    sigset_t set = signals();
    (void)clock, (void)until;
    sigaction(SIGALRM, &action, NULL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    alarm(TEN_MINUTES);
    int how = syscall(SYS_nanosleep, &twenty, &left) == -1 ? errno : 0;
    sigprocmask(SIG_BLOCK, &set, NULL);
    return how == EINTR && left.tv_sec == TEN_MINUTES - (left.tv_nsec > 0) ? ETIMEDOUT : 0;
}

/* A signal that nobody handles must not lengthen a wait. */
static int ignored(clockid_t clock, const struct timespec *until)
{
    (void)clock, (void)until;
    signal(SIGCHLD, SIG_DFL);
    if (fork() == 0) {
        thrd_sleep(&(struct timespec){.tv_sec = TEN_MINUTES / 2}, NULL);
        _exit(0);
    }
    return poll(NULL, 0, TEN_MINUTES * 1000) == 0 ? ETIMEDOUT : 0;
}

static void *wake_later(void *word)
{
    thrd_sleep(&ten_minutes, NULL);
    *(_Atomic int *)word = 1;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    return NULL;
}

/* An event ends a wait before its time. */
static int on_another_thread(clockid_t clock, const struct timespec *until)
{
    static _Atomic int word;
    const struct timespec hour = {.tv_sec = 6 * TEN_MINUTES};
    pthread_t other;
    (void)clock, (void)until;
    pthread_create(&other, NULL, wake_later, (void *)&word);
    long how = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &hour, NULL, 0);
    pthread_join(other, NULL);
    return how == 0 ? ETIMEDOUT : 0;
}

/* A timer of the C library's, which calls a function in a thread of its own. */
static sem_t called;
static void call(union sigval value)
{
    (void)value;
    sem_post(&called);
}

static int on_calling_timer(clockid_t clock, const struct timespec *until)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = call};
    const struct itimerspec value = {.it_value = ten_minutes};
    timer_t timer;
    (void)until;
    sem_init(&called, 0, 0);
    if (timer_create(clock, &event, &timer) != 0 || timer_settime(timer, 0, &value, NULL) != 0)
        return errno;
    return sem_wait(&called) == 0 ? ETIMEDOUT : 0;
}

/* A computer that waits for nothing but the clock. */
static int spinning(clockid_t clock, const struct timespec *until)
{
    struct timespec now;
    do
        clock_gettime(clock, &now);
    while (now.tv_sec < until->tv_sec
           || (now.tv_sec == until->tv_sec && now.tv_nsec < until->tv_nsec));
    return ETIMEDOUT;
}

/* Another thread's, so that taking them again is a wait and not a mistake. */
static void *take_locks(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&held);
    pthread_rwlock_wrlock(&written);
    return NULL;
}

static int64_t ms_between(const struct timespec *a, const struct timespec *b)
{
    return (int64_t)(b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;
}

static void wait_on(const char *what, wait_fn *wait, clockid_t clock, int64_t late_ms_max)
{
    struct timespec until;
    struct timespec now;
    clock_gettime(clock, &until);
    until.tv_sec += TEN_MINUTES;
    int how = wait(clock, &until);
    clock_gettime(clock, &now);
    int64_t late_ms = ms_between(&until, &now);
    const char *when = late_ms < (late_ms_max < INT64_MAX ? 0 : -1000) ? "too early"
        : late_ms > late_ms_max                                        ? "too late"
                                                                       : NULL;
    if (how != ETIMEDOUT || when)
        printf("%s: %s, %s\n", what, how == ETIMEDOUT ? "timed out" : "did not wait",
               when ? when : "in time");
    else
        printf("%s\n", what);
    fflush(stdout);
}

struct wait_kind {
    const char *what;
    wait_fn *wait;
    clockid_t clock;
};

static void wait_on_all(const struct wait_kind *rows, size_t count, int64_t late_ms_max)
{
    for (size_t i = 0; i < count; i++)
        wait_on(rows[i].what, rows[i].wait, rows[i].clock, late_ms_max);
}

int main(int argc, char **argv)
{
    static const struct wait_kind waits[] = {
        {"semaphore", on_semaphore, CLOCK_MONOTONIC},
        {"semaphore of the day", on_semaphore, CLOCK_REALTIME},
        {"old semaphore", on_old_semaphore, CLOCK_REALTIME},
        {"condition", on_condition, CLOCK_MONOTONIC},
        {"mutex", on_mutex, CLOCK_MONOTONIC},
        {"old mutex", on_old_mutex, CLOCK_REALTIME},
        {"reading", on_reading, CLOCK_MONOTONIC},
        {"old reading", on_old_reading, CLOCK_REALTIME},
        {"writing", on_writing, CLOCK_MONOTONIC},
        {"old writing", on_old_writing, CLOCK_REALTIME},
        {"futex", on_futex, CLOCK_MONOTONIC},
        {"futex at", on_futex_at, CLOCK_MONOTONIC},
        {"sleep", asleep, CLOCK_MONOTONIC},
        {"poll", on_poll, CLOCK_MONOTONIC},
        {"epoll", on_epoll, CLOCK_MONOTONIC},
        {"masked epoll", on_masked_epoll, CLOCK_MONOTONIC},
        {"exact epoll", on_exact_epoll, CLOCK_MONOTONIC},
        {"signal", on_signal, CLOCK_MONOTONIC},
        {"alarm", on_alarm, CLOCK_MONOTONIC},
        {"interval timer", on_interval_timer, CLOCK_MONOTONIC},
        {"timer", on_timer, CLOCK_MONOTONIC},
        {"timer at", on_timer_at, CLOCK_REALTIME},
        {"timerfd", on_timerfd, CLOCK_MONOTONIC},
        {"timerfd at", on_timerfd_at, CLOCK_MONOTONIC},
        {"socket", on_socket, CLOCK_MONOTONIC},
    };
    static const struct wait_kind known[] = {
        {"select", on_select, CLOCK_MONOTONIC},
        {"masked select", on_masked_select, CLOCK_MONOTONIC},
        {"masked poll", on_masked_poll, CLOCK_MONOTONIC},
        {"sleep until", asleep_until, CLOCK_MONOTONIC},
        {"sleep until a time of day", asleep_until, CLOCK_REALTIME},
        {"join", on_join, CLOCK_REALTIME},
        {"interrupted", interrupted, CLOCK_MONOTONIC},
        {"ignored signal", ignored, CLOCK_MONOTONIC},
        {"another thread", on_another_thread, CLOCK_MONOTONIC},
        {"calling timer", on_calling_timer, CLOCK_MONOTONIC},
    };
    static const struct wait_kind spin[] = {{"spinning", spinning, CLOCK_REALTIME}};
    enum { SPIN_STEP_MS = 40 };
    bool exact = argc > 1 && strcmp(argv[1], "exact") == 0;
    sigset_t set = signals();
    pthread_t other;
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    pthread_create(&other, NULL, take_locks, NULL);
    pthread_join(other, NULL);
    if (argc > 1 && strcmp(argv[1], "one") == 0) {
        wait_on_all(spin, 1, SPIN_STEP_MS);
        wait_on_all(&waits[10], 12, A_LITTLE * 1000 + 1000);
        return 0;
    }
    wait_on_all(waits, sizeof waits / sizeof waits[0], exact ? A_LITTLE * 1000 + 1000 : INT64_MAX);
    if (exact) {
        wait_on_all(known, sizeof known / sizeof known[0], 1);
        wait_on_all(spin, 1, SPIN_STEP_MS);
    }
    return 0;
}
