/* Time limits that a client sets on its sockets: SO_RCVTIMEO, SO_SNDTIMEO.
 *
 * The kernel never hears of them. A thread that is blocked in a call of such a socket is ended when
 * the limit is over on the run's clock. Called by the tracing thread. */
#ifndef UNDERSTUDY_HARNESS_TRACER_SOCKET_LIMITS_H
#define UNDERSTUDY_HARNESS_TRACER_SOCKET_LIMITS_H

#include "sim_time.h"
#include "tracee.h"

enum { SOCKET_LIMITS_MAX = 1024 }; /* of one client; the oldest makes room */

struct socket_limit;
struct socket_limits {
    struct socket_limit *list;
    uint32_t count;
    size_t room;
};

void socket_limits_fini(struct socket_limits *s);

/* At the stop before setsockopt or getsockopt of a limit: answers it, or lets it pass. */
void socket_limits_call(struct socket_limits *s, const struct tracee *one, struct machine *m);

/* The thread whose call is over first, of those that sleep in a call of a socket with a limit, and
 * when; NULL: none. All were seen to sleep just now. */
struct tracee *socket_limits_first(const struct socket_limits *s, struct tracees *tracees,
                                   int64_t now_ns, int64_t *due_ns);

/* What the call of that thread returns when its limit is over: -errno. */
long socket_limits_result(const struct tracee *one);

#endif
