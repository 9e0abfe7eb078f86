/* Sends datagrams round, one after the other. */
#include "loopback.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* A connection is opened by three packets, each sent when the one before has arrived. */
    ROUNDS = 3,
    WAIT_NS = 1000000000
};

static bool connect_to_itself(int fd)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    return bind(fd, (struct sockaddr *)&here, size) == 0
        && getsockname(fd, (struct sockaddr *)&here, &size) == 0
        && connect(fd, (struct sockaddr *)&here, size) == 0;
}

int loopback_open(struct loopback *l, struct err *e)
{
    *l = (struct loopback){.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (l->fd >= 0 && connect_to_itself(l->fd))
        return 0;
    int why = errno;
    loopback_close(l);
    return err_set(e, ERR_NETWORK, "127.0.0.1", "no datagram comes back: %s", strerror(why));
}

void loopback_close(struct loopback *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}

/* True when datagram number n has come back. */
static bool is_back(const struct loopback *l, uint32_t n)
{
    uint32_t got;
    ssize_t size;
    do {
        size = recv(l->fd, &got, sizeof got, 0);
    } while (size == sizeof got && got != n);
    return size == sizeof got;
}

void loopback_settle(struct loopback *l)
{
    for (int i = 0; i < ROUNDS; i++) {
        int64_t end_ns = 0;
        uint32_t n = ++l->sent;
        if (send(l->fd, &n, sizeof n, 0) != sizeof n)
            return;
        while (!is_back(l, n)) {
            end_ns = end_ns ? end_ns : clock_ticks_ns() + WAIT_NS;
            if (clock_ticks_ns() > end_ns)
                return;
            sched_yield();
        }
    }
}
