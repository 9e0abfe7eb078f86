/* The list of a pool's open sockets. */
#include "sockets.h"

#include "base/grow.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void sockets_fini(struct sockets *s)
{
    free(s->fds);
    *s = (struct sockets){0};
}

int sockets_open(struct sockets *s, int family, int type, int protocol)
{
    int *fds = grow(s->fds, s->count, &s->room, sizeof *fds, SIZE_MAX);
    if (!fds)
        return -1;
    s->fds = fds;
    int fd = socket(family, type, protocol);
    if (fd != -1)
        s->fds[s->count++] = fd;
    return fd;
}

int sockets_close(struct sockets *s, int fd)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->fds[i] == fd) {
            s->fds[i] = s->fds[--s->count];
            break;
        }
    }
    return close(fd);
}

static int local_port_of(int fd)
{
    struct sockaddr_storage at = {0};
    socklen_t size = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
        return -1;
    return at.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&at)->sin6_port)
                                    : ntohs(((struct sockaddr_in *)&at)->sin_port);
}

bool sockets_spoke(const struct sockets *s, int local_port)
{
    for (size_t i = 0; i < s->count; i++) {
        struct pollfd p = {.fd = s->fds[i], .events = POLLIN};
        if (local_port_of(p.fd) == local_port && poll(&p, 1, 0) != 0)
            return true;
    }
    return false;
}
