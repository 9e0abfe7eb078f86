/* A row for each connection that was asked for, and a look at its socket when it matters. */
#include "peers.h"

#include "base/grow.h"
#include "peer_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NAME_SERVER = 53,
    ESTABLISHED = 1, /* of the kernel's net/tcp_states.h */
    SYN_SENT = 2,
    SAME_MS = 1000 /* how long a request that left in the millisecond of a reply is waited for */
};

struct peer {
    pid_t pid;
    int fd;
    uint64_t socket;
    bool is_name_server;
    char name[PEER_NAME_MAX];
};

void peers_fini(struct peers *p)
{
    free(p->list);
    *p = (struct peers){0};
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* 0: it has none that we know. */
static uint16_t port_of(const union address *a)
{
    if (a->any.sa_family == AF_INET)
        return ntohs(a->v4.sin_port);
    return a->any.sa_family == AF_INET6 ? ntohs(a->v6.sin6_port) : 0;
}

static bool is_here(const union address *a)
{
    if (a->any.sa_family == AF_INET)
        return ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr) || IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr);
}

static bool is_ours(const struct peers *p, const union address *a)
{
    for (uint32_t i = 0; i < p->port_count; i++)
        if (p->ports[i] == port_of(a))
            return is_here(a);
    return false;
}

void peers_add_port(struct peers *p, uint16_t port)
{
    if (p->port_count == PEER_PORTS_MAX)
        memmove(&p->ports[0], &p->ports[1], --p->port_count * sizeof p->ports[0]);
    p->ports[p->port_count++] = port;
}

void peers_listen(struct peers *p, const struct tracee *one, const struct machine *m)
{
    union address a = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof a;
    int fd = machine_result(m) == 0 ? peer_file_copy(one->pid, (int)machine_arg(m, 0)) : -1;
    if (fd >= 0 && getsockname(fd, &a.any, &size) == 0 && port_of(&a) != 0)
        peers_add_port(p, port_of(&a));
    if (fd >= 0)
        close(fd);
}

static void write_name(const union address *a, char out[PEER_NAME_MAX])
{
    char text[INET6_ADDRSTRLEN] = "?";
    bool v4 = a->any.sa_family == AF_INET;
    inet_ntop(a->any.sa_family, v4 ? (const void *)&a->v4.sin_addr : (const void *)&a->v6.sin6_addr,
              text, sizeof text);
    snprintf(out, PEER_NAME_MAX, v4 ? "%s:%u" : "[%s]:%u", text, port_of(a));
}

static void remove_at(struct peers *p, uint32_t i)
{
    memmove(&p->list[i], &p->list[i + 1], (p->count - i - 1) * sizeof *p->list);
    p->count--;
}

static void remove_descriptor(struct peers *p, pid_t pid, int fd)
{
    for (uint32_t i = p->count; i-- > 0;)
        if (p->list[i].pid == pid && p->list[i].fd == fd)
            remove_at(p, i);
}

/* Whom we cannot ask about, nobody can. */
static void note_refusal(struct peers *p, const struct peer *one)
{
    int copy = peer_file_copy(one->pid, one->fd);
    if (copy >= 0)
        close(copy);
    else if (errno != EBADF && errno != ESRCH)
        memcpy(p->refused, one->name, sizeof p->refused);
}

void peers_connect(struct peers *p, const struct tracee *one, const struct machine *m)
{
    union address a = {.any.sa_family = AF_UNSPEC};
    size_t n = machine_arg(m, 2) < sizeof a ? machine_arg(m, 2) : sizeof a;
    struct peer new = {.pid = one->pid, .fd = (int)machine_arg(m, 0)};
    if (!machine_peek(m->tid, machine_arg(m, 1), &a, n) || port_of(&a) == 0)
        return;
    remove_descriptor(p, new.pid, new.fd);
    if (is_ours(p, &a)) {
        p->connected = true;
        return;
    }
    write_name(&a, new.name);
    note_refusal(p, &new);
    new.socket = peer_file_socket(new.pid, new.fd);
    new.is_name_server = port_of(&a) == NAME_SERVER;
    if (new.is_name_server)
        p->asked_name_server = true;
    else if (p->stranger[0] == '\0')
        memcpy(p->stranger, new.name, sizeof p->stranger);
    if (p->count == PEERS_MAX)
        remove_at(p, 0);
    struct peer *list = grow(p->list, p->count, &p->room, sizeof *list, PEERS_MAX);
    if (!list)
        return;
    p->list = list;
    p->list[p->count++] = new;
}

/* True when the last that happened on a connection was that the client asked for it, or sent
 * something. The kernel says how many milliseconds ago. */
static bool tcp_awaits(const struct tcp_info *info)
{
    if (info->tcpi_state == SYN_SENT)
        return true;
    if (info->tcpi_state != ESTABLISHED || info->tcpi_bytes_sent == 0)
        return false;
    return info->tcpi_bytes_received == 0 || info->tcpi_last_data_sent < info->tcpi_last_data_recv
        || (info->tcpi_last_data_sent == info->tcpi_last_data_recv
            && info->tcpi_last_data_sent < SAME_MS);
}

/* A descriptor is often moved to another number, or left to a child. */
static bool find_again(struct peer *peer, const struct tracees *tracees)
{
    if (peer_file_socket(peer->pid, peer->fd) == peer->socket)
        return true;
    for (uint32_t i = 0; i < tracees->count; i++) {
        pid_t pid = tracees->list[i].pid;
        int fd = pid == tracees->list[i].tid ? peer_file_find(pid, peer->socket) : -1;
        if (fd >= 0) {
            peer->pid = pid;
            peer->fd = fd;
            return true;
        }
    }
    return false;
}

enum state { GONE, AT_REST, AWAITS };

static enum state state_of(struct peer *peer, const struct tracees *tracees)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (!find_again(peer, tracees))
        return GONE;
    int fd = peer_file_copy(peer->pid, peer->fd);
    if (fd < 0)
        return GONE;
    bool is_tcp = getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    close(fd);
    return (is_tcp ? tcp_awaits(&info) : peer->is_name_server) ? AWAITS : AT_REST;
}

const char *peers_awaited(struct peers *p, const struct tracees *tracees)
{
    for (uint32_t i = p->count; i-- > 0;) {
        enum state state = state_of(&p->list[i], tracees);
        if (state == AWAITS)
            return p->list[i].name;
        if (state == GONE)
            remove_at(p, i);
    }
    return NULL;
}
