/* Sockets: listening addresses, and operations on sockets that CivetWeb gives no access to
 * (closing the listener early, ending idle connections, sending RST). They are found by port in
 * this process's descriptor table, /proc/self/fd, so any thread may call these functions;
 * nothing happens when none is found. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_SOCKET_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_SOCKET_H

#include <stdbool.h>

enum { SOCKET_HOST_MAX = 64 };

/* Splits "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". False for anything else: CivetWeb would read
 * "8080" as all interfaces and "8080s" as TLS. */
bool socket_read_address(const char *listen, char host[SOCKET_HOST_MAX], int *port);

/* Has the kernel keep connections to the listener on port to itself until their first byte: one that says
 * nothing then takes no thread, and no turn in the queue for one. After an hour it is accepted all the same. */
void socket_await_bytes(int port);

/* Replaces the socket that listens on port by a duplicate of placeholder_fd, under the same
 * descriptor number. New connections are refused from then on, and CivetWeb's thread, which goes
 * on to poll that number, polls placeholder_fd. Returns the listener, shut down, under a new
 * descriptor for socket_wake; -1 when there is none. */
int socket_unlisten(int port, int placeholder_fd);

/* Wakes the thread that was polling the listener before it was replaced, so that its next poll
 * is of placeholder_fd. Closes listener; -1 is fine. */
void socket_wake(int listener);

/* Shuts down the reading side of every accepted connection on port: a thread that waits there
 * for the next request sees the end of the connection. Answers that are being sent go on. */
void socket_stop_reading(int port);

/* Sends RST on the connection from peer_port to port. CivetWeb still owns the descriptor and
 * will close it, so its number stays valid: an unconnected socket takes its place. */
void socket_reset(int port, int peer_port);

/* The descriptor of the connection from peer_port to port, lent by CivetWeb; -1 when there is none. */
int socket_find(int port, int peer_port);

/* True when the client has ended its side and everything before has been read. It may still read:
 * then what is sent arrives; else the first bytes that are sent bring a reset, and socket_is_dead. */
bool socket_has_end(int fd);
bool socket_is_dead(int fd);

#endif
