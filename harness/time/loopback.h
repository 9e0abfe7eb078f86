/* Whether anything is under way on this machine's own network.
 *
 * A packet to 127.0.0.1 is mostly delivered, and its receiver woken, before the sender's system call
 * returns; under load the kernel may put it off, and then all threads sleep while it waits in a
 * queue. Each processor has one, and works it off in order: a packet of our own that has come back
 * tells that all before it have arrived. So the calling thread must be bound to the processor on
 * which the others send (harness/tracer/pin.h). */
#ifndef UNDERSTUDY_HARNESS_TIME_LOOPBACK_H
#define UNDERSTUDY_HARNESS_TIME_LOOPBACK_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct loopback {
    int fd; /* a datagram socket that talks to itself */
    uint32_t sent;
    int count_fd; /* asks the kernel for its count of packets; -1: it does not tell */
};

/* ERR_NETWORK when there is no such socket; *l is then safe to close. */
int loopback_open(struct loopback *l, struct err *e);
void loopback_close(struct loopback *l);

/* Returns when all has arrived that was sent before the call, and what was sent in answer to it:
 * at once, but under load; after a second of real time at the latest. */
void loopback_settle(struct loopback *l);

/* How many packets have crossed the loopback device, of anybody but this process's loopback_settle:
 * as long as it stays the same nobody has sent anything there. Exact as to what this machine's
 * threads have sent before the call. False when it cannot be told, which may be so for a moment.
 * Source: rtnetlink(7), RTM_GETSTATS; two microseconds, no rights. */
bool loopback_packets(struct loopback *l, uint64_t *out);

#endif
