/* Sockets that CivetWeb hides, found in this process's descriptor table by their ports. */
#ifndef UNDERSTUDY_WIRE_SOCKET_H
#define UNDERSTUDY_WIRE_SOCKET_H

/* Puts the descriptor plug in the place of every socket that listens on port. New connections are
 * refused from then on, and whoever polls the listener polls plug instead. */
void socket_unlisten(int port, int plug);

/* Ends the reading of every accepted connection on port, so that threads that wait for a next request
 * on one see its end. */
void socket_stop_reading(int port);

/* Sends RST on the connection from peer_port to port. Its descriptor stays valid, but dead. */
void socket_reset(int port, int peer_port);

#endif
