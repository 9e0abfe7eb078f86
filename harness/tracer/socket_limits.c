/* The limits as rows: a socket's number, and nanoseconds to receive or to send. */
#include "socket_limits.h"

#include "base/grow.h"
#include "peer_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* The numbers of Linux for a struct timeval of two 64-bit numbers on 32-bit machines too, which the
 * C library hides. */
enum { RECEIVE_NEW = 66, SEND_NEW = 67 };

struct socket_limit {
    uint64_t socket;
    int64_t receive_ns, send_ns; /* 0: none */
};

void socket_limits_fini(struct socket_limits *s)
{
    free(s->list);
    *s = (struct socket_limits){0};
}

static struct socket_limit *find(const struct socket_limits *s, uint64_t socket)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->list[i].socket == socket)
            return &s->list[i];
    return NULL;
}

static struct socket_limit *find_or_add(struct socket_limits *s, uint64_t socket)
{
    struct socket_limit *known = find(s, socket);
    if (known)
        return known;
    if (s->count == SOCKET_LIMITS_MAX)
        memmove(&s->list[0], &s->list[1], --s->count * sizeof *s->list);
    struct socket_limit *list = grow(s->list, s->count, &s->room, sizeof *list, SOCKET_LIMITS_MAX);
    if (!list)
        return NULL;
    s->list = list;
    s->list[s->count] = (struct socket_limit){.socket = socket};
    return &s->list[s->count++];
}

static int64_t *limit_of(struct socket_limit *limit, uint64_t option)
{
    bool receive = option == SO_RCVTIMEO || option == RECEIVE_NEW;
    return receive ? &limit->receive_ns : &limit->send_ns;
}

static long set(struct socket_limits *s, uint64_t socket, const struct machine *m)
{
    int64_t parts[2];
    if (machine_arg(m, 4) < sizeof parts)
        return -EINVAL;
    if (!machine_peek(m->tid, machine_arg(m, 3), parts, sizeof parts))
        return -EFAULT;
    int64_t ns = sim_span_ns(parts[0] < 0 ? 0 : parts[0], parts[1], 1000000);
    struct socket_limit *limit = find_or_add(s, socket);
    if (ns < 0)
        return -EDOM;
    if (!limit)
        return -ENOMEM;
    *limit_of(limit, machine_arg(m, 2)) = parts[0] < 0 ? 1 : ns;
    return 0;
}

static long get(const struct socket_limits *s, uint64_t socket, const struct machine *m)
{
    struct socket_limit *limit = find(s, socket);
    int64_t ns = limit ? *limit_of(limit, machine_arg(m, 2)) : 0;
    int64_t parts[2] = {ns / SIM_SECOND_NS, ns % SIM_SECOND_NS / 1000};
    uint32_t size = 0;
    if (!machine_peek(m->tid, machine_arg(m, 4), &size, sizeof size))
        return -EFAULT;
    if (size > sizeof parts)
        size = sizeof parts;
    return machine_poke(m->tid, machine_arg(m, 3), parts, size)
            && machine_poke(m->tid, machine_arg(m, 4), &size, sizeof size)
        ? 0
        : -EFAULT;
}

void socket_limits_call(struct socket_limits *s, const struct tracee *one, struct machine *m)
{
    uint64_t socket = peer_file_socket(one->pid, (int)machine_arg(m, 0));
    if (socket != 0)
        machine_skip(m, machine_call(m) == SYS_setsockopt ? set(s, socket, m) : get(s, socket, m));
}

/* -- Calls that are blocked ------------------------------------------------------------------- */

enum direction { NEITHER, RECEIVES, SENDS };

static enum direction direction_of(long call)
{
    switch (call) {
    case SYS_read:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_accept:
    case SYS_accept4: return RECEIVES;
    case SYS_write:
    case SYS_writev:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_sendmmsg:
    case SYS_connect: return SENDS;
    default: return NEITHER;
    }
}

/* The limit of the call that a thread sleeps in; 0: none. */
static int64_t limit_ns(const struct socket_limits *s, const struct tracee *one)
{
    enum direction direction = direction_of(one->asleep.call.number);
    if (direction == NEITHER || one->has_answer)
        return 0;
    const struct socket_limit *limit = find(
        s, peer_file_socket(one->pid, (int)one->asleep.call.args[0]));
    if (!limit)
        return 0;
    return direction == RECEIVES ? limit->receive_ns : limit->send_ns;
}

struct tracee *socket_limits_first(const struct socket_limits *s, struct tracees *tracees,
                                   int64_t now_ns, int64_t *due_ns)
{
    struct tracee *first = NULL;
    *due_ns = INT64_MAX;
    for (uint32_t i = 0; s->count > 0 && i < tracees->count; i++) {
        struct tracee *one = &tracees->list[i];
        int64_t limit = limit_ns(s, one);
        if (limit == 0)
            continue;
        /* Time stands while it runs, so it began to sleep at the time at which it was first seen to. */
        if (one->blocked_turns != one->asleep.turns) {
            one->blocked_turns = one->asleep.turns;
            one->blocked_ns = now_ns;
        }
        int64_t due = sim_in(&(struct sim_time){.ns = one->blocked_ns}, limit);
        if (due < *due_ns) {
            *due_ns = due;
            first = one;
        }
    }
    return first;
}

long socket_limits_result(const struct tracee *one)
{
    return one->asleep.call.number == SYS_connect ? -EINPROGRESS : -EAGAIN;
}
