/* Bytes in flight: what one end of a TCP connection has sent and the other has not yet received, as
 * the kernel counts them.
 *
 * On the loopback device that is rare: what is sent has mostly arrived when the sender's call
 * returns. But a small write may be held back until an earlier one is acknowledged (RFC 896), and a
 * busy kernel may put delivery off.
 *
 * Source: sock_diag(7); struct tcp_info in linux/tcp.h. To ask for both ends takes 6 microseconds
 * and no rights. Only IPv4, and only 127.0.0.1. Not thread safe. */
#ifndef UNDERSTUDY_HARNESS_TIME_FLIGHT_H
#define UNDERSTUDY_HARNESS_TIME_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

/* A connection between two ports of 127.0.0.1: set the ports, leave the rest zero. */
struct flight {
    uint16_t ports[2];
    uint64_t arrived;  /* bytes, both ways, when last asked */
    int64_t stands_ns; /* bytes are out and none has arrived since; 0: none are out */
};

/* A descriptor for flight_is_empty, the caller's to close; -1 when the kernel answers no such
 * questions. */
int flight_open(void);

/* False while bytes, or a connection's end, are on their way. Those that do not arrive for 300 real
 * milliseconds are waited for no longer: whom they are for does not read, and his window is full.
 * True when one end is gone, and when fd is -1. */
bool flight_is_empty(int fd, struct flight *f);

#endif
