/* A child for test_preload: calls of the C library that wait, made in odd ways that return at once, and what they
 * return, as "what: result": the same with and without a library that shortens waits. */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const struct timespec past = {.tv_sec = 1}, far = {.tv_sec = INT64_MAX},
                             minus = {.tv_sec = -1}, odd = {.tv_nsec = 1000000000},
                             under = {.tv_nsec = -1}, none = {0};
static const struct timespec *const wrong[] = {&minus, &odd, &under};

static void tell(const char *what, long result)
{
    printf("%s: %ld\n", what, result == -1 ? -errno : result);
}

/* -- Alarms --------------------------------------------------------------------------------------- */

static void set_alarms(void)
{
    static const struct itimerval bad[] = {
        {{0, 0}, {1, 1000000}}, {{0, -1}, {1, 0}}, {{0, 0}, {-1, 0}}};
    const struct itimerval hour = {{60, 500000}, {3600, 250000}}, off = {{0}, {0}};
    struct itimerval old = {{9, 9}, {9, 9}};
    tell("no alarm", alarm(0));
    tell("an alarm", alarm(1000));
    tell("  which is left", alarm(0) >= 999);
    for (int i = 0; i < 3; i++)
        tell("an interval that is none", setitimer(ITIMER_REAL, &bad[i], NULL));
    tell("an interval", setitimer(ITIMER_REAL, &hour, NULL));
    tell("  shown", getitimer(ITIMER_REAL, &old));
    tell("  as it is", old.it_interval.tv_sec == 60 && old.it_value.tv_sec >= 3599);
    tell("  put off", setitimer(ITIMER_REAL, &off, &old));
    tell("  and told", old.it_interval.tv_sec == 60 && old.it_value.tv_sec >= 3599);
    tell("an interval of nothing given", setitimer(ITIMER_REAL, NULL, &old));
    tell("  told", old.it_value.tv_sec);
    tell("one of work", setitimer(ITIMER_PROF, &hour, NULL));
    tell("  shown", getitimer(ITIMER_PROF, &old));
    tell("  as it is", old.it_interval.tv_sec == 60 && old.it_value.tv_sec >= 3599);
    tell("  put off", setitimer(ITIMER_PROF, &off, &old));
    tell("  and told", old.it_interval.tv_sec == 60);
    tell("one of no kind", setitimer((__itimer_which_t)99, &hour, &old));
    tell("  not shown", getitimer((__itimer_which_t)99, &old));
}

/* -- Waits ---------------------------------------------------------------------------------------- */

static void wait_for_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 3; i++)
        tell("a signal, for a time that is none", sigtimedwait(&set, NULL, wrong[i]));
    tell("a signal, for no time", sigtimedwait(&set, NULL, &none));
    raise(SIGUSR1);
    tell("one that was sent", sigtimedwait(&set, NULL, NULL));
    raise(SIGUSR1);
    tell("  in all eternity", sigtimedwait(&set, NULL, &far));
    tell("a sleep of no time", thrd_sleep(&none, NULL));
}

static void wait_for_descriptors(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
        return;
    struct pollfd ready = {.fd = ends[0], .events = POLLIN};
    struct pollfd silent = {.fd = ends[1], .events = POLLIN};
    int fd = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < 3; i++)
        tell("events, for a time that is none", epoll_pwait2(fd, &event, 1, wrong[i], NULL));
    tell("events, for no time", epoll_pwait2(fd, &event, 1, &none, NULL));
    tell("  in milliseconds", epoll_wait(fd, &event, 1, 0));
    tell("  with a mask", epoll_pwait(fd, &event, 1, 0, NULL));
    tell("  of no descriptor", epoll_wait(-1, &event, 1, 1000));
    epoll_ctl(fd, EPOLL_CTL_ADD, ends[0], &event);
    tell("one that is there", epoll_pwait2(fd, &event, 1, NULL, NULL));
    tell("  in all eternity", epoll_pwait2(fd, &event, 1, &far, NULL));
    tell("  in milliseconds", epoll_wait(fd, &event, 1, INT_MAX));
    tell("  without a limit", epoll_pwait(fd, &event, 1, -1, NULL));
    tell("a poll", poll(&ready, 1, INT_MAX));
    tell("  without a limit", poll(&ready, 1, -1));
    tell("  without a wait", poll(&silent, 1, 0));
}

static void wait_for_others(void)
{
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_rwlock_t doors = PTHREAD_RWLOCK_INITIALIZER;
    sem_t semaphore;
    sem_init(&semaphore, 0, 1);
    tell("a semaphore that is up, in all eternity", sem_timedwait(&semaphore, &far));
    tell("one that is down, long ago", sem_timedwait(&semaphore, &past));
    tell("  by the other clock", sem_clockwait(&semaphore, CLOCK_MONOTONIC, &past));
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 3; i++) {
        tell("a semaphore, at a time that is none", sem_timedwait(&semaphore, wrong[i]));
        tell("a condition, likewise",
             pthread_cond_clockwait(&condition, &lock, CLOCK_MONOTONIC, wrong[i]));
        tell("a lock, likewise", pthread_mutex_timedlock(&lock, wrong[i]));
    }
    tell("a condition, long ago", pthread_cond_clockwait(&condition, &lock, CLOCK_REALTIME, &past));
    tell("a lock, long ago", pthread_mutex_clocklock(&lock, CLOCK_MONOTONIC, &past));
    tell("doors that are open", pthread_rwlock_timedrdlock(&doors, &far));
    tell("  and do not close", pthread_rwlock_timedwrlock(&doors, &past));
    tell("  by the other clock", pthread_rwlock_clockwrlock(&doors, CLOCK_MONOTONIC, &past));
    tell("  for another reader", pthread_rwlock_clockrdlock(&doors, CLOCK_MONOTONIC, &past));
}

static void wait_by_number(void)
{
    int word = 7;
    tell("a word that has changed", syscall(SYS_futex, &word, FUTEX_WAIT, 8, &past, NULL, 0));
    tell("  without a limit", syscall(SYS_futex, &word, FUTEX_WAIT, 8, NULL, NULL, 0));
    tell("  until a time", syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 8, &past, NULL, 1));
    tell("a word, long ago", syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 7, &past, NULL, 1));
    tell("  by the time of day",
         syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 7, &past, NULL, 1));
    tell("a word, for a time that is none",
         syscall(SYS_futex, &word, FUTEX_WAIT, 7, &odd, NULL, 0));
    tell("a word that nobody waits for", syscall(SYS_futex, &word, FUTEX_WAKE, 1, &past, NULL, 0));
    tell("another call", syscall(SYS_getpid) == getpid());
}

/* -- Sockets -------------------------------------------------------------------------------------- */

static void limit_sockets(void)
{
    const struct timeval minute = {60, 250000}, bad = {1, 1000000}, under_one = {1, -1};
    struct timeval shown = {9, 9};
    socklen_t size = sizeof shown;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    tell("a limit to send", setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute));
    tell("  shown", getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &shown, &size));
    tell("  as it is", shown.tv_sec == 60);
    tell("  and none to receive", getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &shown, &size));
    tell("  which is none", shown.tv_sec + shown.tv_usec);
    size = 4;
    tell("  shown in part", getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &shown, &size));
    tell("one of nothing", setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, NULL, sizeof minute));
    tell("a short one", setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, 8));
    tell("a wrong one", setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bad, sizeof bad));
    tell("  by one", setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &under_one, sizeof bad));
    tell("one of no descriptor", setsockopt(-1, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute));
    tell("  not shown", getsockopt(-1, SOL_SOCKET, SO_RCVTIMEO, &shown, &size));
    tell("what is no limit", setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
    tell("  nor of sockets", setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

/* -- Timers --------------------------------------------------------------------------------------- */

static void open_timers(void)
{
    const struct itimerspec hour = {{60, 5}, {3600, 0}}, ago = {{0}, {1, 0}}, off = {{0}, {0}};
    const struct itimerspec eternity = {{0}, {INT64_MAX / 4, 0}};
    const struct itimerspec bad = {{0}, {1, 1000000000}};
    struct itimerspec old = {{9, 9}, {9, 9}};
    uint64_t times = 0;
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
    tell("a timer", timerfd_settime(fd, 0, &hour, &old));
    tell("  not set before", old.it_value.tv_sec);
    tell("  shown", timerfd_gettime(fd, &old));
    tell("  as it is", old.it_value.tv_sec >= 3599 && old.it_interval.tv_sec == 60);
    tell("  in all eternity", timerfd_settime(fd, 0, &eternity, NULL));
    tell("  which is far", timerfd_gettime(fd, &old) == 0 && old.it_value.tv_sec > 900000000);
    tell("  set wrong", timerfd_settime(fd, 0, &bad, NULL));
    tell("  to a wrong time", timerfd_settime(fd, TFD_TIMER_ABSTIME, &bad, NULL));
    tell("  from nothing", timerfd_settime(fd, 0, NULL, NULL));
    tell("  long ago", timerfd_settime(fd, TFD_TIMER_ABSTIME, &ago, NULL));
    tell("  gone off", read(fd, &times, sizeof times));
    tell("  put off", timerfd_settime(fd, TFD_TIMER_ABSTIME, &off, NULL));
    tell("  shows none", timerfd_gettime(fd, &old) + old.it_value.tv_sec);
    tell("no timer", timerfd_settime(-1, 0, &hour, &old));
    tell("  shown", timerfd_gettime(-1, &old));
}

static void make_timers(void)
{
    const struct itimerspec hour = {{60, 5}, {3600, 0}}, ago = {{0}, {1, 0}}, bad = {{0}, {1, -1}};
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec old = {{9, 9}, {9, 9}};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return;
    tell("a timer for nobody", timer_settime(timer, 0, &hour, &old));
    tell("  not set before", old.it_value.tv_sec);
    tell("  shown", timer_gettime(timer, &old));
    tell("  as it is", old.it_value.tv_sec >= 3599 && old.it_interval.tv_sec == 60);
    tell("  set wrong", timer_settime(timer, 0, &bad, NULL));
    tell("  set to nothing", timer_settime(timer, 0, NULL, NULL));
    tell("  long ago", timer_settime(timer, TIMER_ABSTIME, &ago, &old));
    tell("  told", old.it_value.tv_sec >= 3599);
    timer_delete(timer);
    tell("  gone", timer_settime(timer, 0, &hour, &old));
    tell("  not shown", timer_gettime(timer, &old));
}

int main(void)
{
    set_alarms();
    wait_for_signals();
    wait_for_descriptors();
    wait_for_others();
    wait_by_number();
    limit_sockets();
    open_timers();
    make_timers();
    return 0;
}
