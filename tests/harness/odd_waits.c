/* A child for test_tracer_calls: waits ten minutes in ways that programs seldom choose, and tells which of them lasted
 * that long by its clock. "NAME: how long, and what came back" is one that did not. */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

enum { TEN_MINUTES = 600, THIRD = TEN_MINUTES / 3 };

static const struct timespec ten_minutes = {.tv_sec = TEN_MINUTES};

static struct timespec now_by(clockid_t clock)
{
    struct timespec now;
    syscall(SYS_clock_gettime, clock, &now);
    return now;
}

static struct timespec then_by(clockid_t clock)
{
    struct timespec then = now_by(clock);
    then.tv_sec += TEN_MINUTES;
    return then;
}

/* 0 when the call failed for that reason. */
static int failed_with(long result, int why)
{
    return result == -1 && errno == why ? 0 : result == -1 ? errno : -1;
}

/* Sleeps itself, which the waits below need not. */
static void pass(time_t seconds)
{
    syscall(SYS_nanosleep, &(struct timespec){.tv_sec = seconds}, NULL);
}

/* -- Limits in odd units, and of odd kinds -------------------------------------------------------- */

static int microseconds(void)
{
    struct timeval limit = {.tv_usec = TEN_MINUTES * 1000000L};
    long n = syscall(SYS_select, 0, NULL, NULL, NULL, &limit);
    return n == 0 && limit.tv_sec == 0 && limit.tv_usec == 0 ? 0 : -1;
}

/* Three descriptors' sets are cleared, and what lies behind them is not. */
static int sets(void)
{
    uint64_t sets[3][2];
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[0], 64) != 64 || dup2(ends[0], 65) != 65)
        return errno;
    for (int i = 0; i < 3; i++)
        sets[i][0] = 0, sets[i][1] = UINT64_C(1) << (i == 1 ? 63 : 0);
    struct timespec limit = ten_minutes;
    long n = syscall(SYS_pselect6, 65, sets[0], NULL, sets[2], &limit, NULL);
    bool cleared = sets[0][1] == 0 && sets[2][1] == 0 && sets[1][1] != 0;
    return n == 0 && cleared && limit.tv_sec == 0 && limit.tv_nsec == 0 ? 0 : -1;
}

static int semaphores(void)
{
    struct sembuf down = {.sem_op = -1};
    int set = semget(IPC_PRIVATE, 1, 0600);
    int how = failed_with(semtimedop(set, &down, 1, &ten_minutes), EAGAIN);
    semctl(set, 0, IPC_RMID);
    return how;
}

static int words(void)
{
    static uint32_t word;
    struct {
        uint64_t value, address;
        uint32_t flags, reserved;
    } wait = {.address = (uintptr_t)&word, .flags = 2 /* of 32 bits */ | FUTEX_PRIVATE_FLAG};
    struct timespec then = then_by(CLOCK_MONOTONIC);
    long n = syscall(SYS_futex_waitv, &wait, 1, 0, &then, CLOCK_MONOTONIC);
    return failed_with(n, ETIMEDOUT);
}

static int word_of_the_day(void)
{
    static uint32_t word;
    struct timespec then = then_by(CLOCK_REALTIME);
    int op = FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME;
    return failed_with(syscall(SYS_futex, &word, op, 0, &then, NULL, 1), ETIMEDOUT);
}

static pthread_mutex_t lent;
static void *take(void *arg)
{
    pthread_mutex_lock(&lent);
    pause();
    return arg;
}

/* Lent priority makes the lock a futex of the kernel's own. */
static int lent_lock(void)
{
    pthread_mutexattr_t kind;
    pthread_t other;
    struct timespec then;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&lent, &kind);
    pthread_create(&other, NULL, take, NULL);
    while (pthread_mutex_trylock(&lent) == 0) {
        pthread_mutex_unlock(&lent);
        sched_yield();
    }
    then = then_by(CLOCK_REALTIME);
    return pthread_mutex_timedlock(&lent, &then) == ETIMEDOUT ? 0 : -1;
}

/* -- Sockets -------------------------------------------------------------------------------------- */

static int limit(int fd, int option)
{
    struct timeval wanted = {.tv_sec = TEN_MINUTES};
    return setsockopt(fd, SOL_SOCKET, option, &wanted, sizeof wanted);
}

static int full_socket(void)
{
    static const char plenty[4096];
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return errno;
    while (send(pair[0], plenty, sizeof plenty, MSG_DONTWAIT) > 0)
        continue;
    return limit(pair[0], SO_SNDTIMEO) == 0 ? failed_with(send(pair[0], plenty, 1, 0), EAGAIN)
                                            : errno;
}

static int nobody_comes(void)
{
    struct sockaddr_un here = {.sun_family = AF_UNIX}; /* the kernel names it */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&here, sizeof here.sun_family) != 0 || listen(fd, 1) != 0
        || limit(fd, SO_RCVTIMEO) != 0)
        return errno;
    return failed_with(accept(fd, NULL, NULL), EAGAIN);
}

/* A limit set anew counts from the call; one taken away counts no more. */
static int limits_change(void)
{
    const struct timeval none = {0}, third = {.tv_sec = THIRD};
    int pair[2];
    char byte;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return errno;
    setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &third, sizeof third);
    int how = failed_with(recv(pair[0], &byte, 1, 0), EAGAIN);
    if (how != 0 || failed_with(read(pair[0], &byte, 1), EAGAIN) != 0)
        return -1;
    setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
    if (fork() == 0) {
        pass(THIRD);
        _exit(write(pair[1], "x", 1) == 1 ? 0 : 1);
    }
    how = recv(pair[0], &byte, 1, 0) == 1 ? 0 : errno;
    wait(NULL);
    return how;
}

/* -- Timers --------------------------------------------------------------------------------------- */

static volatile sig_atomic_t rung, of_a_timer, told;
static void ring(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)context;
    rung++;
    of_a_timer += info->si_code == SI_TIMER;
    told = info->si_value.sival_int;
}

static void listen_to(int signal_number)
{
    struct sigaction action = {.sa_sigaction = ring, .sa_flags = SA_SIGINFO};
    sigaction(signal_number, &action, NULL);
    rung = of_a_timer = told = 0;
}

static int again_and_again(void)
{
    const struct itimerval third = {{THIRD, 0}, {THIRD, 0}}, none = {0};
    listen_to(SIGALRM);
    setitimer(ITIMER_REAL, &third, NULL);
    while (rung < 3)
        pause();
    setitimer(ITIMER_REAL, &none, NULL);
    return 0;
}

static int alarm_put_off(void)
{
    listen_to(SIGALRM);
    alarm(THIRD);
    alarm(TEN_MINUTES);
    pause();
    return rung == 1 ? 0 : -1;
}

static int timer_of(struct sigevent event, time_t first, time_t every, clockid_t clock)
{
    const struct itimerspec value = {{.tv_sec = every}, {.tv_sec = first}};
    int timer = -1;
    if (syscall(SYS_timer_create, clock, &event, &timer) != 0
        || syscall(SYS_timer_settime, timer, 0, &value, NULL) != 0)
        return -1;
    return timer;
}

static int a_word_with_it(void)
{
    struct sigevent event = {.sigev_signo = SIGUSR2, .sigev_value.sival_int = 4711};
    listen_to(SIGUSR2);
    int timer = timer_of(event, THIRD, THIRD, CLOCK_BOOTTIME);
    while (rung < 3)
        pause();
    syscall(SYS_timer_delete, timer);
    return of_a_timer == 3 && told == 4711 ? 0 : -1;
}

static int to_one_thread(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2};
    event._sigev_un._tid = gettid();
    event.sigev_value.sival_int = 42;
    listen_to(SIGUSR2);
    int timer = timer_of(event, TEN_MINUTES, 0, CLOCK_MONOTONIC);
    pause();
    syscall(SYS_timer_delete, timer);
    return rung == 1 && of_a_timer == 1 && told == 42 ? 0 : -1;
}

static int to_one_that_waits_for_it(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2};
    siginfo_t info = {0};
    sigset_t set;
    event._sigev_un._tid = gettid();
    event.sigev_value.sival_int = 42;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int timer = timer_of(event, TEN_MINUTES, 0, CLOCK_MONOTONIC);
    int got = sigwaitinfo(&set, &info);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    syscall(SYS_timer_delete, timer);
    return got == SIGUSR2 && info.si_code == SI_TIMER && info.si_value.sival_int == 42 ? 0 : -1;
}

static int that_tells_nobody(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec left = {0};
    int timer = timer_of(event, THIRD, 0, CLOCK_MONOTONIC);
    pass(TEN_MINUTES);
    syscall(SYS_timer_gettime, timer, &left);
    syscall(SYS_timer_delete, timer);
    return left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0 ? 0 : -1;
}

static int readable_again(void)
{
    const struct itimerspec third = {{.tv_sec = THIRD}, {.tv_sec = THIRD}}, none = {0};
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    uint64_t times = 0, all = 0;
    timerfd_settime(fd, 0, &third, NULL);
    for (int i = 0; i < 3; i++, all += times)
        if (poll(&ready, 1, -1) != 1 || read(fd, &times, sizeof times) != sizeof times)
            return errno;
    timerfd_settime(fd, 0, &none, NULL);
    close(fd);
    return all == 3 ? 0 : -1;
}

/* -- Interrupted ---------------------------------------------------------------------------------- */

/* Another process sends a signal to the first thread after a third of the time, and one more after another third. */
static pid_t disturb(int first, int second)
{
    pid_t self = getpid();
    pid_t other = fork();
    if (other != 0)
        return other;
    pass(THIRD);
    syscall(SYS_tgkill, self, self, first);
    pass(THIRD);
    syscall(SYS_tgkill, self, self, second);
    _exit(0);
}

static int stopped_and_continued(void)
{
    pid_t other = disturb(SIGSTOP, SIGCONT);
    long n = syscall(SYS_nanosleep, &ten_minutes, NULL);
    waitpid(other, NULL, 0);
    return n == 0 ? 0 : errno;
}

static int unheard_select(void)
{
    struct timeval limit = {.tv_sec = TEN_MINUTES};
    pid_t other = disturb(SIGWINCH, SIGURG);
    long n = syscall(SYS_select, 0, NULL, NULL, NULL, &limit);
    waitpid(other, NULL, 0);
    return n == 0 ? 0 : errno;
}

static int unheard_futex(void)
{
    static uint32_t word;
    pid_t other = disturb(SIGWINCH, SIGURG);
    long n = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &ten_minutes, NULL, 0);
    waitpid(other, NULL, 0);
    return failed_with(n, ETIMEDOUT);
}

/* A handler ends a wait, which tells what was left of it; the rest is slept. */
static int heard_twice(void)
{
    struct timespec left = ten_minutes;
    listen_to(SIGUSR1);
    pid_t other = disturb(SIGUSR1, SIGUSR1);
    long n = syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, &left);
    bool third = n == -1 && errno == EINTR && left.tv_sec >= 2 * THIRD - 1;
    struct timeval rest = {.tv_sec = left.tv_sec, .tv_usec = left.tv_nsec / 1000};
    n = syscall(SYS_select, 0, NULL, NULL, NULL, &rest);
    bool fourth = n == -1 && errno == EINTR && rest.tv_sec >= THIRD - 1;
    waitpid(other, NULL, 0);
    pass(THIRD);
    return third && fourth && rung == 2 ? 0 : -1;
}

static void wait_on(const char *what, int (*wait_so)(void))
{
    struct timespec from = now_by(CLOCK_MONOTONIC);
    int how = wait_so();
    struct timespec to = now_by(CLOCK_MONOTONIC);
    int64_t ms = (int64_t)(to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
    if (how == 0 && ms >= TEN_MINUTES * 1000 && ms <= TEN_MINUTES * 1000 + 10)
        printf("%s\n", what);
    else
        printf("%s: %lld ms, %d\n", what, (long long)ms, how);
    fflush(stdout);
}

int main(void)
{
    wait_on("a second in microseconds", microseconds);
    wait_on("sets of a select", sets);
    wait_on("semaphores of System V", semaphores);
    wait_on("several words", words);
    wait_on("a word, by the time of day", word_of_the_day);
    wait_on("a lock that lends its priority", lent_lock);
    wait_on("a full socket", full_socket);
    wait_on("a port that nobody comes to", nobody_comes);
    wait_on("limits that change", limits_change);
    wait_on("an interval timer", again_and_again);
    wait_on("an alarm put off", alarm_put_off);
    wait_on("a timer with a word", a_word_with_it);
    wait_on("a timer for one thread", to_one_thread);
    wait_on("a timer for one that waits for it", to_one_that_waits_for_it);
    wait_on("a timer for nobody", that_tells_nobody);
    wait_on("a descriptor, three times", readable_again);
    wait_on("stopped and continued", stopped_and_continued);
    wait_on("a select, and a signal unheard", unheard_select);
    wait_on("a futex, and a signal unheard", unheard_futex);
    wait_on("two signals heard", heard_twice);
    return 0;
}
