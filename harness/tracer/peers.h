/* Whom a client talks to besides the mock, and whether it waits for an answer from there: a
 * database, a resolver, a program outside of the run. Their time is real, and so is the client's
 * meanwhile.
 *
 * Known are TCP connections and requests to a name server (port 53); not datagrams to others, nor
 * sockets in the file system. A port that a process of the client's listens on is no stranger's.
 * Called by the tracing thread, with the thread in question stopped. */
#ifndef UNDERSTUDY_HARNESS_TRACER_PEERS_H
#define UNDERSTUDY_HARNESS_TRACER_PEERS_H

#include "tracee.h"

enum { PEERS_MAX = 256, PEER_PORTS_MAX = 64, PEER_NAME_MAX = 80 };

struct peer;
struct peers {
    uint16_t ports[PEER_PORTS_MAX]; /* of the mock and of the client, on this machine */
    uint32_t port_count;
    struct peer *list;
    uint32_t count;
    size_t room;
    char
        stranger[PEER_NAME_MAX]; /* the first, name servers apart, that it asked for a connection */
    bool asked_name_server;
    bool connected;              /* it asked for a connection with the mock, or one of its own */
    char refused[PEER_NAME_MAX]; /* the last that this machine does not let us look at; "": none */
};

void peers_fini(struct peers *p);
/* A port of this machine that belongs to the run. The oldest makes room for it. */
void peers_add_port(struct peers *p, uint16_t port);
/* At the stop before connect. */
void peers_connect(struct peers *p, const struct tracee *one, const struct machine *m);
/* At the stop behind listen. */
void peers_listen(struct peers *p, const struct tracee *one, const struct machine *m);
/* The name of one that owes an answer ("127.0.0.1:6379"), valid until the next call; NULL: none. */
const char *peers_awaited(struct peers *p, const struct tracees *tracees);

#endif
