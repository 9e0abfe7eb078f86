/* Hosts: the names that this server goes by. Loopback names are always among them. Pure. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_HOSTS_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_HOSTS_H

#include "base/span.h"

#include <stdbool.h>

/* All lent. All zero: the loopback names alone. */
struct hosts {
    const char *listen;       /* "127.0.0.1:8080", where it listens; NULL when not known */
    const char *const *names; /* what else it is called: "mock" */
    int name_count;
};

/* True when text, a host with or without a port, is one of the names; case does not count, nor
 * does the port. What is more than a host and digits, as "localhost:80@example.com" is, is no
 * name. */
bool hosts_have(const struct hosts *h, struct span text);

/* True for what may be one of `names`: a host without scheme, user, port or path. */
bool hosts_is_name(struct span text);

#endif
