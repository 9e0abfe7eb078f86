/* Sockets: addresses, and operations on CivetWeb's sockets, which are found in /proc/self/fd. */
#include "wire_socket.h"

#include "base/span.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENT_SECONDS = 3600 };

typedef int socket_name(int fd, struct sockaddr *address, socklen_t *len);

/* The port of one end of an internet socket; -1 for any other descriptor. */
static int port_of(int fd, socket_name *name)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.v6 = {0}};
    socklen_t len = sizeof address;
    if (name(fd, &address.any, &len) != 0)
        return -1;
    if (address.any.sa_family == AF_INET)
        return ntohs(address.v4.sin_port);
    if (address.any.sa_family == AF_INET6)
        return ntohs(address.v6.sin6_port);
    return -1;
}

static int local_name(int fd, struct sockaddr *address, socklen_t *len)
{
    return getsockname(fd, address, len);
}

static int peer_name(int fd, struct sockaddr *address, socklen_t *len)
{
    return getpeername(fd, address, len);
}

static bool listens(int fd)
{
    int yes = 0;
    socklen_t len = sizeof yes;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == 0 && yes;
}

typedef void socket_visit(int fd, int *arg);

static void each_socket(int port, bool listening, socket_visit *visit, int *arg)
{
    DIR *table = opendir("/proc/self/fd");
    if (!table)
        return;
    for (struct dirent *row = readdir(table); row; row = readdir(table)) {
        if (row->d_name[0] == '.')
            continue;
        int fd = (int)strtol(row->d_name, NULL, 10);
        if (port_of(fd, local_name) == port && listens(fd) == listening)
            visit(fd, arg);
    }
    closedir(table);
}

static void find(int fd, int *found)
{
    *found = fd;
}

static void stop_reading(int fd, int *unused)
{
    (void)unused;
    shutdown(fd, SHUT_RD);
}

static void reset(int fd, int *peer_port)
{
    if (port_of(fd, peer_name) != *peer_port)
        return;
    int dead = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (dead < 0)
        return;
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    dup3(dead, fd, O_CLOEXEC);
    close(dead);
}

struct wanted {
    int peer_port, fd;
};

static void find_peer(int fd, int *arg)
{
    struct wanted *wanted = (struct wanted *)(void *)arg;
    if (port_of(fd, peer_name) == wanted->peer_port)
        wanted->fd = fd;
}

int socket_find(int port, int peer_port)
{
    struct wanted wanted = {peer_port, -1};
    each_socket(port, false, find_peer, &wanted.peer_port);
    return wanted.fd;
}

bool socket_has_end(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

bool socket_is_dead(int fd)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 || info.tcpi_state == TCP_CLOSE;
}

void socket_await_bytes(int port)
{
    int fd = -1, seconds = SILENT_SECONDS;
    each_socket(port, true, find, &fd);
    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
}

int socket_unlisten(int port, int placeholder_fd)
{
    int fd = -1;
    each_socket(port, true, find, &fd);
    if (fd < 0)
        return -1;
    int listener = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    shutdown(fd, SHUT_RDWR);
    dup3(placeholder_fd, fd, O_CLOEXEC);
    return listener;
}

void socket_wake(int listener)
{
    if (listener < 0)
        return;
    /* A poll that began before dup3 still waits on the old socket. A shutdown wakes it, on Linux
     * even a second one; only its next poll uses the new meaning of the descriptor. */
    shutdown(listener, SHUT_RDWR);
    close(listener);
}

void socket_stop_reading(int port)
{
    each_socket(port, false, stop_reading, NULL);
}

void socket_reset(int port, int peer_port)
{
    each_socket(port, false, reset, &peer_port);
}

bool socket_read_address(const char *listen, char host[SOCKET_HOST_MAX], int *port)
{
    const char *colon = strrchr(listen, ':');
    long long number;
    unsigned char address[sizeof(struct in6_addr)];
    if (!colon || !span_int64(span_of(colon + 1), &number) || number < 0 || number > 65535)
        return false;
    *port = (int)number;
    struct span name = {listen, (size_t)(colon - listen)};
    if (span_is_nocase(name, "localhost"))
        name = span_of("127.0.0.1");
    if (!span_copy(name, host, SOCKET_HOST_MAX))
        return false;
    if (inet_pton(AF_INET, host, address) == 1)
        return true;
    char inner[SOCKET_HOST_MAX];
    return name.n > 2 && host[0] == '[' && host[name.n - 1] == ']'
        && span_copy(span_cut(name, 1, name.n - 2), inner, sizeof inner)
        && inet_pton(AF_INET6, inner, address) == 1;
}
