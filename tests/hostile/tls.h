/* One TLS connection on 127.0.0.1 with a certificate that nobody vouches for, made on the spot. */
#ifndef UNDERSTUDY_TESTS_HOSTILE_TLS_H
#define UNDERSTUDY_TESTS_HOSTILE_TLS_H

#include <stdbool.h>
#include <stddef.h>

struct tls_trace {
    bool refused_by_peer; /* the peer ended the handshake because it knows no such authority */
    bool shaken;          /* the handshake came to its end */
    size_t request_bytes; /* what it sent all the same */
};

struct tls_server;

/* Listens, and takes the first connection in a thread. NULL when that cannot be. */
struct tls_server *tls_open(void);
const char *tls_url(const struct tls_server *s); /* "https://127.0.0.1:PORT/" */
unsigned tls_port(const struct tls_server *s);
/* Writes its certificate in PEM: who trusts this file trusts the server. */
bool tls_vouch(const struct tls_server *s, const char *path);
/* Waits for the connection to end. */
struct tls_trace tls_close(struct tls_server *s);

#endif
