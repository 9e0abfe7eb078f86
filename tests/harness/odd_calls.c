/* A child for test_tracer_calls: the calls of time as programs make them seldom, by their numbers.
 *
 *     odd_calls answers | again
 *
 * answers: calls that return at once, each as "what: result", a failure as minus its errno: the same with a tracer and
 * without one. again: the same, from a second thread that runs this program anew. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* No program has anything there. */
#define NOWHERE ((void *)(uintptr_t)64)

/* A result in the way of the kernel. */
static long made(long result)
{
    return result == -1 ? -errno : result;
}

#define CALL(...) made(syscall(__VA_ARGS__))

static void tell(const char *what, long result)
{
    printf("%s: %ld\n", what, result);
    fflush(stdout);
}

/* -- Clocks --------------------------------------------------------------------------------------- */

static void look_at_clocks(void)
{
    struct timespec t = {0};
    struct timeval day = {0};
    int zone[2] = {-1, -1};
    long seconds = 0;
    tell("a clock, to nowhere", CALL(SYS_clock_gettime, CLOCK_REALTIME, NOWHERE));
    tell("a clock that is none", CALL(SYS_clock_gettime, 9999, &t));
    tell("of the process's work", CALL(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &t));
    tell("of the thread's work", CALL(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t));
    tell("  which is little", t.tv_sec < 60);
    tell("a time of day", CALL(SYS_gettimeofday, &day, NULL));
    tell("  in microseconds", day.tv_sec > 0 && day.tv_usec < 1000000);
    tell("a zone", CALL(SYS_gettimeofday, NULL, zone));
    tell("  of Greenwich", zone[0] == 0 && zone[1] == 0);
    tell("a time of day, to nowhere", CALL(SYS_gettimeofday, NOWHERE, NULL));
    tell("a zone, to nowhere", CALL(SYS_gettimeofday, NULL, NOWHERE));
    tell("neither", CALL(SYS_gettimeofday, NULL, NULL));
#ifdef SYS_time
    tell("seconds",
         CALL(SYS_time, NULL) >= day.tv_sec - 1); /* it goes by ticks, and may be behind */
    tell("  the same where they are written", CALL(SYS_time, &seconds) == seconds);
    tell("seconds, to nowhere", CALL(SYS_time, NOWHERE));
#else
    (void)seconds;
#endif
}

/* -- Waits that do not wait ----------------------------------------------------------------------- */

static void wait_in_vain(void)
{
    struct timespec t = {.tv_sec = 1};
    struct timespec none = {0};
    struct timeval never = {0};
    struct epoll_event event;
    int word = 7;
    tell("a sleep of nothing", CALL(SYS_nanosleep, &none, NULL));
    tell("a sleep read from nowhere", CALL(SYS_nanosleep, NOWHERE, NULL));
    tell("a sleep of less than nothing", CALL(SYS_nanosleep, &(struct timespec){-1, 0}, NULL));
    t.tv_nsec = 1000000000;
    tell("a sleep of too many nanoseconds", CALL(SYS_nanosleep, &t, NULL));
    t.tv_nsec = -1;
    tell("a sleep of fewer than none", CALL(SYS_nanosleep, &t, NULL));
    t.tv_nsec = 0;
    tell("a sleep until long ago",
         CALL(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL));
    tell("  by the other clock",
         CALL(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
    tell("a sleep by a thread's work",
         CALL(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &t, NULL));
    tell("a sleep by no clock", CALL(SYS_clock_nanosleep, 9999, 0, &t, NULL));
    tell("a select of nothing", CALL(SYS_select, 0, NULL, NULL, NULL, &never));
    tell("a select of less", CALL(SYS_select, 0, NULL, NULL, NULL, &(struct timeval){-1, 0}));
    tell("a select of fewer microseconds",
         CALL(SYS_select, 0, NULL, NULL, NULL, &(struct timeval){1, -1}));
    tell("a select read from nowhere", CALL(SYS_select, 0, NULL, NULL, NULL, NOWHERE));
    tell("a select of no descriptor",
         CALL(SYS_select, -1, NULL, NULL, NULL, &(struct timeval){1, 0}));
    tell("a poll of nothing", CALL(SYS_poll, NULL, 0, 0));
    tell("a poll at nowhere", CALL(SYS_poll, NOWHERE, 1, 1000));
    tell("an epoll of no descriptor", CALL(SYS_epoll_wait, -1, &event, 1, 1000));
    t.tv_sec = 1;
    tell("a futex that has changed", CALL(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 8, &t, NULL, 0));
    tell("  until a time", CALL(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 8, &t, NULL, 1));
    tell("a futex until long ago",
         CALL(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 7, &t, NULL, 1));
    tell("  by the time of day",
         CALL(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 7, &t, NULL, 1));
    tell("a futex for no time", CALL(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 7, &none, NULL, 0));
    tell("a futex that wakes nobody", CALL(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, &t, NULL, 0));
    word = 0;
    tell("a lock that is free", CALL(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, &t, NULL, 0));
    tell("a signal that is not sent",
         CALL(SYS_rt_sigtimedwait, &(uint64_t){1 << 9}, NULL, &none, 8));
    tell("a wait that nobody had begun", CALL(SYS_restart_syscall));
}

/* -- Timers --------------------------------------------------------------------------------------- */

static void set_alarms(void)
{
    const struct itimerval hour = {{1, 500000}, {3600, 0}};
    struct itimerval old = {{9, 9}, {9, 9}};
    struct itimerval bad = {{0, 0}, {1, 1000000}};
    tell("no alarm", CALL(SYS_alarm, 0));
    tell("an alarm", CALL(SYS_alarm, 100));
    tell("  which is left, and put off", CALL(SYS_alarm, 0) == 100);
    tell("an interval timer", CALL(SYS_setitimer, ITIMER_REAL, &hour, &old));
    tell("  where none was", old.it_value.tv_sec + old.it_value.tv_usec + old.it_interval.tv_sec);
    tell("  which is shown", CALL(SYS_getitimer, ITIMER_REAL, &old));
    tell("    with its interval", old.it_interval.tv_sec * 1000000 + old.it_interval.tv_usec);
    tell("    and what it was set to", old.it_value.tv_sec >= 3599);
    tell("  to nowhere", CALL(SYS_getitimer, ITIMER_REAL, NOWHERE));
    tell("one read from nowhere", CALL(SYS_setitimer, ITIMER_REAL, NOWHERE, NULL));
    tell("one of too many microseconds", CALL(SYS_setitimer, ITIMER_REAL, &bad, NULL));
    bad = (struct itimerval){{0, 1000000}, {1, 0}};
    tell("one of too long an interval", CALL(SYS_setitimer, ITIMER_REAL, &bad, NULL));
    bad = (struct itimerval){{-1, 0}, {1, 0}};
    tell("one of less than none", CALL(SYS_setitimer, ITIMER_REAL, &bad, NULL));
    tell("one whose old is to go nowhere", CALL(SYS_setitimer, ITIMER_REAL, &hour, NOWHERE));
    tell("the hour goes on",
         CALL(SYS_getitimer, ITIMER_REAL, &old) == 0 && old.it_value.tv_sec >= 3599);
    bad = (struct itimerval){0};
    tell("until it is put off", CALL(SYS_setitimer, ITIMER_REAL, &bad, &old));
    tell("  and told for the last time", old.it_value.tv_sec >= 3599);
    tell("one of the process's work", CALL(SYS_setitimer, ITIMER_PROF, &hour, NULL));
    tell("  which is shown",
         CALL(SYS_getitimer, ITIMER_PROF, &old) == 0 && old.it_value.tv_sec >= 3599);
    tell("  and put off", CALL(SYS_setitimer, ITIMER_PROF, &bad, NULL));
}

static void make_timers(void)
{
    const struct itimerspec hour = {{1, 5}, {3600, 0}};
    const struct itimerspec bad = {{0, 0}, {0, 1000000000}};
    struct itimerspec old = {{9, 9}, {9, 9}};
    int timer = -1;
    int of_work = -1;
    tell("a timer of no clock", CALL(SYS_timer_create, 9999, NULL, &timer));
    tell("a timer without a word", CALL(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer));
    tell("a timer noted nowhere", CALL(SYS_timer_create, CLOCK_MONOTONIC, NULL, NOWHERE));
    tell("  set for an hour", CALL(SYS_timer_settime, timer, 0, &hour, &old));
    tell("    when it was not set", old.it_value.tv_sec + old.it_interval.tv_sec);
    tell("  shown", CALL(SYS_timer_gettime, timer, &old));
    tell("    with its interval", old.it_interval.tv_sec * 1000000000 + old.it_interval.tv_nsec);
    tell("    and what is left", old.it_value.tv_sec >= 3599);
    tell("  shown to nowhere", CALL(SYS_timer_gettime, timer, NOWHERE));
    tell("  set from nowhere", CALL(SYS_timer_settime, timer, 0, NOWHERE, NULL));
    tell("  set wrong", CALL(SYS_timer_settime, timer, 0, &bad, NULL));
    tell("  deleted", CALL(SYS_timer_delete, timer));
    tell("  gone", CALL(SYS_timer_settime, timer, 0, &hour, NULL));
    tell("    for good", CALL(SYS_timer_delete, timer));
    tell("a timer of work", CALL(SYS_timer_create, CLOCK_PROCESS_CPUTIME_ID, NULL, &of_work));
    tell("  set", CALL(SYS_timer_settime, of_work, 0, &hour, NULL));
    tell("  shown", CALL(SYS_timer_gettime, of_work, &old) == 0 && old.it_value.tv_sec >= 3599);
    tell("  deleted", CALL(SYS_timer_delete, of_work));
}

static void open_timers(void)
{
    const struct itimerspec hour = {{1, 5}, {3600, 0}};
    const struct itimerspec bad = {{0, -1}, {1, 0}};
    struct itimerspec old = {{9, 9}, {9, 9}};
    uint64_t times = 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    tell("a timer behind no descriptor", CALL(SYS_timerfd_settime, -1, 0, &hour, NULL));
    tell("  or another one's", CALL(SYS_timerfd_settime, STDOUT_FILENO, 0, &hour, NULL));
    tell("  which shows nothing", CALL(SYS_timerfd_gettime, STDOUT_FILENO, &old));
    tell("one that is not set", CALL(SYS_timerfd_gettime, fd, &old));
    tell("  shows none", old.it_value.tv_sec + old.it_interval.tv_sec);
    tell("one set", CALL(SYS_timerfd_settime, fd, 0, &hour, &old));
    tell("  shown", CALL(SYS_timerfd_gettime, fd, &old) == 0 && old.it_value.tv_sec >= 3599);
    tell("  shown to nowhere", CALL(SYS_timerfd_gettime, fd, NOWHERE));
    tell("  set from nowhere", CALL(SYS_timerfd_settime, fd, 0, NOWHERE, NULL));
    tell("  set wrong", CALL(SYS_timerfd_settime, fd, 0, &bad, NULL));
    tell("  not gone off", made(read(fd, &times, sizeof times)));
    int same = dup(fd);
    tell("  the same by another number",
         CALL(SYS_timerfd_gettime, same, &old) == 0 && old.it_value.tv_sec >= 3599);
}

/* -- Sockets -------------------------------------------------------------------------------------- */

static void limit_sockets(void)
{
    const struct timeval minute = {60, 250000};
    struct timeval shown[2] = {{9, 9}, {9, 9}};
    socklen_t size = sizeof shown;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell("no limit", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, shown, &size));
    tell("  is none", shown[0].tv_sec + shown[0].tv_usec);
    tell("  of its size", size);
    tell("a limit to send",
         CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute));
    tell("  shown", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, shown, &size));
    tell("  as it is", shown[0].tv_sec == 60 && shown[0].tv_usec >= 250000);
    tell("  and none to receive", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, shown, &size));
    tell("  which is none", shown[0].tv_sec + shown[0].tv_usec);
    size = 4;
    memset(shown, 9, sizeof shown);
    tell("  shown in part", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, shown, &size));
    tell("  its lower half", (int)shown[0].tv_sec == 60 && shown[0].tv_usec != 250000);
    tell("  of that size", size);
    tell("  shown nowhere", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, NOWHERE, &size));
    tell("  in a size of nowhere",
         CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, shown, NOWHERE));
    size = 64;
    tell("  with room to spare", CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, shown, &size));
    tell("  of its size", size);
    tell(
        "a limit in the past",
        CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){-1, 0}, sizeof minute));
    tell("a short limit", CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &minute, 8));
    tell("one from nowhere",
         CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, NOWHERE, sizeof minute));
    tell("one of too many microseconds",
         CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){1, 1000000},
              sizeof minute));
    tell("one of a file",
         CALL(SYS_setsockopt, STDIN_FILENO, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute));
    tell("one of no descriptor",
         CALL(SYS_setsockopt, -1, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute));
}

static void connect_sockets(void)
{
    struct sockaddr_in six_too_short = {.sin_family = AF_INET6};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell("an address of nowhere", CALL(SYS_connect, fd, NOWHERE, 16));
    tell("an address of no family", CALL(SYS_connect, fd, &(struct sockaddr){0}, 16));
    tell("one of another family", CALL(SYS_connect, fd, &six_too_short, 16));
    tell("no descriptor", CALL(SYS_connect, -1, &six_too_short, 16));
    tell("nobody listens on none", CALL(SYS_listen, -1, 4));
    tell("nor on a file", CALL(SYS_listen, STDIN_FILENO, 4));
    tell("on a port that the system chose", CALL(SYS_listen, fd, 4));
    for (uint16_t port = 1; port <= 2; port++) { /* the same descriptor, for another place */
        struct sockaddr_in nobody = {.sin_family = AF_INET,
                                     .sin_port = htons(port),
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int again = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        tell("nobody there", CALL(SYS_connect, again, &nobody, sizeof nobody));
        tell("  nor then", CALL(SYS_connect, again, &nobody, sizeof nobody));
        close(again);
    }
    int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell("on a socket without a name", CALL(SYS_listen, local, 4));
}

static void *run_anew(void *self)
{
    char *const words[] = {self, (char *)"answers", NULL};
    (void)execv(self, words);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "again") == 0) {
        pthread_t other;
        pthread_create(&other, NULL, run_anew, argv[0]);
        pthread_join(other, NULL);
        return 1; /* not reached: exec ends all threads */
    }
    look_at_clocks();
    wait_in_vain();
    set_alarms();
    make_timers();
    open_timers();
    limit_sockets();
    connect_sockets();
    return 0;
}
