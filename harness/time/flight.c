/* Asks the kernel for the counters of both ends of a connection. */
#include "flight.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 2048, STATES_ALL = 0xfff };
static const int64_t PATIENCE_NS = 300 * 1000000;

/* As the kernel numbers them (net/tcp_states.h), in struct inet_diag_msg. */
enum { STATE_FIN_WAIT_1 = 4, STATE_LAST_ACK = 9, STATE_LISTEN = 10, STATE_CLOSING = 11 };

/* One end of a connection. */
struct end {
    bool there;
    bool is_closing; /* it has sent its end, and the other has not acknowledged it */
    struct tcp_info info;
};

int flight_open(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}

static bool ask(int fd, uint16_t port, uint16_t peer_port)
{
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 of;
    } request = {
        .head = {.nlmsg_len = sizeof request,
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .of = {.sdiag_family = AF_INET,
               .sdiag_protocol = IPPROTO_TCP,
               .idiag_ext = 1 << (INET_DIAG_INFO - 1),
               .idiag_states = STATES_ALL,
               .id = {.idiag_sport = htons(port),
                      .idiag_dport = htons(peer_port),
                      .idiag_src = {htonl(INADDR_LOOPBACK)},
                      .idiag_dst = {htonl(INADDR_LOOPBACK)},
                      .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
    };
    return send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

/* A port that listens answers for connections that are gone. */
static void take(const struct inet_diag_msg *answer, size_t n, struct end *out)
{
    const struct nlattr *part = (const struct nlattr *)(answer + 1);
    size_t left = n - sizeof *answer;
    while (left >= sizeof *part && part->nla_len >= sizeof *part && part->nla_len <= left) {
        size_t step = NLA_ALIGN(part->nla_len);
        size_t has = part->nla_len - sizeof *part;
        if (part->nla_type == INET_DIAG_INFO && answer->idiag_state != STATE_LISTEN) {
            memcpy(&out->info, part + 1, has < sizeof out->info ? has : sizeof out->info);
            out->there = true;
        }
        left -= step < left ? step : left;
        part = (const struct nlattr *)((const char *)part + step);
    }
    out->is_closing = answer->idiag_state == STATE_FIN_WAIT_1
        || answer->idiag_state == STATE_CLOSING || answer->idiag_state == STATE_LAST_ACK;
}

static struct end end_at(int fd, uint16_t port, uint16_t peer_port)
{
    struct end out = {0};
    _Alignas(struct nlmsghdr) char bytes[ANSWER_MAX];
    const struct nlmsghdr *head = (const struct nlmsghdr *)(const void *)bytes;
    if (!ask(fd, port, peer_port))
        return out;
    ssize_t n = recv(fd, bytes, sizeof bytes, 0); /* the answer lies ready */
    const size_t least = NLMSG_HDRLEN + sizeof(struct inet_diag_msg);
    if (n >= (ssize_t)least && head->nlmsg_type == SOCK_DIAG_BY_FAMILY)
        take((const struct inet_diag_msg *)(const void *)(bytes + NLMSG_HDRLEN),
             (size_t)n - NLMSG_HDRLEN, &out);
    return out;
}

static bool are_out(const struct end *from, const struct end *to)
{
    return from->is_closing || from->info.tcpi_notsent_bytes > 0
        || from->info.tcpi_bytes_sent - from->info.tcpi_bytes_retrans
        > to->info.tcpi_bytes_received;
}

bool flight_is_empty(int fd, struct flight *f)
{
    if (fd < 0)
        return true;
    struct end a = end_at(fd, f->ports[0], f->ports[1]);
    struct end b = end_at(fd, f->ports[1], f->ports[0]);
    if (!a.there || !b.there || (!are_out(&a, &b) && !are_out(&b, &a))) {
        f->stands_ns = 0;
        return true;
    }
    uint64_t arrived = a.info.tcpi_bytes_received + b.info.tcpi_bytes_received;
    int64_t now_ns = clock_ticks_ns();
    if (f->stands_ns == 0 || arrived != f->arrived)
        f->stands_ns = now_ns;
    f->arrived = arrived;
    return now_ns - f->stands_ns > PATIENCE_NS;
}
