/* A child for test_tracer_parts: more timers, sockets with limits, ports and peers than a tracer keeps. The newest of
 * each still works, and so does what has none: prints how many of five do. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 1100, PORTS = 70, PEERS = 300 };

static int newest_timer(void)
{
    const struct itimerspec minute = {.it_value = {.tv_sec = 60}};
    uint64_t times = 0;
    int fd = -1;
    for (int i = 0; i < MANY; i++) {
        fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
        timerfd_settime(fd, 0, &minute, NULL);
    }
    return read(fd, &times, sizeof times) == sizeof times && times == 1;
}

static int newest_limit(void)
{
    const struct timeval minute = {.tv_sec = 60};
    int pair[2];
    char byte;
    for (int i = 0; i < MANY; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return 0;
        setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
    }
    return recv(pair[0], &byte, 1, 0) == -1;
}

/* A socket without a limit, and a signal with a word of another process's, which no timer has sent. */
static int word_of_another(void)
{
    siginfo_t info = {0};
    sigset_t set;
    int pair[2];
    char byte;
    pid_t self = getpid();
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return 0;
    if (fork() == 0) {
        syscall(SYS_nanosleep, &(struct timespec){.tv_sec = 60}, NULL);
        sigqueue(self, SIGUSR1, (union sigval){.sival_int = 7});
        _exit(write(pair[1], "x", 1) == 1 ? 0 : 1);
    }
    return recv(pair[0], &byte, 1, 0) == 1 && sigwaitinfo(&set, &info) == SIGUSR1
        && info.si_code == SI_QUEUE && info.si_value.sival_int == 7;
}

/* Asks nobody but servers of its own. */
static int newest_port(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    for (int i = 0; i < PORTS; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        here.sin_port = 0;
        if (bind(fd, (struct sockaddr *)&here, size) != 0 || listen(fd, 1) != 0
            || getsockname(fd, (struct sockaddr *)&here, &size) != 0)
            return 0;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&here, size) == 0 && write(fd, "x", 1) == 1
        && poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 60000) == 0;
}

/* Datagrams to those of whom nobody knows whether they answer. */
static int newest_peer(void)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = -1;
    for (uint16_t i = 0; i < PEERS; i++) {
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        there.sin_port = htons((uint16_t)(20000 + i));
        if (connect(fd, (struct sockaddr *)&there, sizeof there) != 0)
            return 0;
    }
    return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 60000) == 0;
}

int main(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    printf("%d of 5\n",
           newest_timer() + newest_limit() + word_of_another() + newest_port() + newest_peer());
    return 0;
}
