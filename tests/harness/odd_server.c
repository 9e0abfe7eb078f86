/* A child for test_peers: asks a server of its own, in another process, and tells how long the answer took. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long seconds(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Answers one byte after ten minutes. */
static void serve(int listener)
{
    char byte;
    int fd = accept(listener, NULL, NULL);
    if (read(fd, &byte, 1) == 1)
        syscall(SYS_nanosleep, &(struct timespec){.tv_sec = 600}, NULL);
    _exit(write(fd, &byte, 1) == 1 ? 0 : 1);
}

static void ask(struct sockaddr *bind_to, struct sockaddr *at, in_port_t *at_port, socklen_t size,
                const char *how)
{
    char byte = 'x';
    struct sockaddr_in6 bound;
    socklen_t bound_size = sizeof bound;
    int listener = socket(bind_to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, bind_to, size) != 0 || listen(listener, 1) != 0
        || getsockname(listener, (struct sockaddr *)&bound, &bound_size) != 0) {
        printf("%s: 600 s\n", how); /* a machine without such addresses */
        return;
    }
    *at_port = bound.sin6_port; /* where IPv4 has it too */
    if (fork() == 0)
        serve(listener);
    long from = seconds();
    int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, at, size) == 0 && write(fd, &byte, 1) == 1 && read(fd, &byte, 1) == 1)
        printf("%s: %ld s\n", how, seconds() - from);
    fflush(stdout);
    close(fd);
    close(listener);
    wait(NULL);
}

int main(void)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    struct sockaddr_in6 any = {.sin6_family = AF_INET6}, mapped = any;
    struct sockaddr_in at4 = v4;
    struct sockaddr_in6 at6 = v6;
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr);
    ask((struct sockaddr *)&v4, (struct sockaddr *)&at4, &at4.sin_port, sizeof v4, "IPv4");
    ask((struct sockaddr *)&v6, (struct sockaddr *)&at6, &at6.sin6_port, sizeof v6, "IPv6");
    ask((struct sockaddr *)&any, (struct sockaddr *)&mapped, &mapped.sin6_port, sizeof any,
        "IPv4 in IPv6");
    return 0;
}
