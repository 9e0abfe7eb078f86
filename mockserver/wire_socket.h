/* Sockets that CivetWeb hides, found in this process's descriptor table by their ports. */
#ifndef UNDERSTUDY_WIRE_SOCKET_H
#define UNDERSTUDY_WIRE_SOCKET_H

/* Puts the descriptor plug in the place of the socket that listens on port. New connections are refused
 * from then on, and who polls the listener next polls plug instead. Returns the listener itself, now
 * dead, under a new descriptor for socket_wake; -1 when there is none. */
int socket_unlisten(int port, int plug);

/* Wakes who was already polling the dead listener, so that it looks at plug. Closes listener. */
void socket_wake(int listener);

/* Ends the reading of every accepted connection on port, so that threads that wait for a next request
 * on one see its end. */
void socket_stop_reading(int port);

/* Sends RST on the connection from peer_port to port. Its descriptor stays valid, but dead. */
void socket_reset(int port, int peer_port);

#endif
