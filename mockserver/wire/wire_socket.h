/* Sockets: listening addresses, and those that CivetWeb hides, found in this process's descriptor table. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_SOCKET_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_SOCKET_H

#include <stdbool.h>

enum { SOCKET_HOST_MAX = 64 };

/* Splits "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". False for anything else: CivetWeb would read
 * "8080" as all interfaces and "8080s" as TLS. */
bool socket_read_address(const char *listen, char host[SOCKET_HOST_MAX], int *port);

/* Puts the descriptor placeholder_fd in the place of the socket that listens on port. New connections are refused
 * from then on, and who polls the listener next polls placeholder_fd instead. Returns the listener itself, now
 * dead, under a new descriptor for socket_wake; -1 when there is none. */
int socket_unlisten(int port, int placeholder_fd);

/* Wakes who was already polling the dead listener, so that it looks at placeholder_fd. Closes listener. */
void socket_wake(int listener);

/* Ends the reading of every accepted connection on port, so that threads that wait for a next request
 * on one see its end. */
void socket_stop_reading(int port);

/* Sends RST on the connection from peer_port to port. Its descriptor stays valid, but dead. */
void socket_reset(int port, int peer_port);

#endif
