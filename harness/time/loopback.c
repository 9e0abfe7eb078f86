/* Sends datagrams round, one after the other. */
#include "loopback.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* A connection is opened by three packets, each sent when the one before has arrived. */
    ROUNDS = 3,
    WAIT_NS = 1000000000,
    LOOPBACK_DEVICE = 1, /* its number in every network of Linux (LOOPBACK_IFINDEX) */
    ANSWER_MAX = 1024
};

/* Packets of all loopback_settle of this process. Between the two, one may have been counted by the
 * kernel or not. */
static atomic_uint_fast64_t packets_begun, packets_done;

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
    *l = (struct loopback){.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
                           .count_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
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
    if (l->count_fd >= 0)
        close(l->count_fd);
    l->fd = l->count_fd = -1;
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
        atomic_fetch_add(&packets_begun, 1);
        ssize_t size = send(l->fd, &n, sizeof n, 0);
        atomic_fetch_add(&packets_done, 1);
        if (size != sizeof n)
            return;
        while (!is_back(l, n)) {
            end_ns = end_ns ? end_ns : clock_ticks_ns() + WAIT_NS;
            if (clock_ticks_ns() > end_ns)
                return;
            sched_yield();
        }
    }
}

/* -- Counting ------------------------------------------------------------------------------------- */

static bool ask_for_stats(int fd)
{
    struct {
        struct nlmsghdr head;
        struct if_stats_msg of;
    } request = {
        .head = {.nlmsg_len = sizeof request,
                 .nlmsg_type = RTM_GETSTATS,
                 .nlmsg_flags = NLM_F_REQUEST},
        .of = {.ifindex = LOOPBACK_DEVICE,
               .filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64)},
    };
    return send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

/* All packets that were sent on the device. The answer lies ready. */
static bool read_stats(int fd, uint64_t *out)
{
    _Alignas(struct nlmsghdr) char bytes[ANSWER_MAX];
    const struct nlmsghdr *head = (const struct nlmsghdr *)(const void *)bytes;
    const size_t at = NLMSG_HDRLEN + sizeof(struct if_stats_msg);
    const struct nlattr *part = (const struct nlattr *)(const void *)(bytes + at);
    const size_t sent_at = sizeof *part + offsetof(struct rtnl_link_stats64, tx_packets);
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    if (n < (ssize_t)(at + sent_at + sizeof *out) || head->nlmsg_type != RTM_NEWSTATS
        || part->nla_type != IFLA_STATS_LINK_64 || part->nla_len < sent_at + sizeof *out)
        return false;
    memcpy(out, bytes + at + sent_at, sizeof *out);
    return true;
}

bool loopback_packets(struct loopback *l, uint64_t *out)
{
    uint64_t ours = atomic_load(&packets_done);
    uint64_t all = 0;
    if (l->count_fd < 0 || !ask_for_stats(l->count_fd) || !read_stats(l->count_fd, &all))
        return false;
    *out = all - ours;
    return atomic_load(&packets_begun) == ours;
}
