/* The sockets of a pool's open connections: a list, so that one can be looked at for bytes that
 * came before any request was sent over it. libcurl does not say which socket it will use, only
 * its local port. */
#ifndef UNDERSTUDY_CLIENT_HTTP_SOCKETS_H
#define UNDERSTUDY_CLIENT_HTTP_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: none. One thread at a time. */
struct sockets {
    int *fds;
    size_t count;
    size_t room;
};

void sockets_fini(struct sockets *s); /* closes none */

/* As socket(2) and close(2); -1 also without memory. */
int sockets_open(struct sockets *s, int family, int type, int protocol);
int sockets_close(struct sockets *s, int fd);

/* True when the socket with that local port has something to read, or was closed by its peer. */
bool sockets_spoke(const struct sockets *s, int local_port);

#endif
