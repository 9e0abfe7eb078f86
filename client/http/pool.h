/* The pool: many exchanges at once in one thread, over connections that are used again (libcurl).
 * All calls come from one thread. */
#ifndef UNDERSTUDY_CLIENT_HTTP_POOL_H
#define UNDERSTUDY_CLIENT_HTTP_POOL_H

#include "http.h"

struct pool;

/* clock NULL is the machine's. cancel may be NULL; ca_file too: the machine's certificates. */
int pool_open(struct clock *clock, const char *ca_file, const struct task_cancel *cancel,
              struct pool **out, struct err *e);
void pool_close(struct pool *pool); /* drops what is under way; NULL is fine */

/* Begins an exchange. The request's texts are lent until it ends. On error there is no exchange. */
int pool_start(struct pool *pool, const struct http_request *request, void *owner, struct err *e);

struct pool_end {
    void *owner;                    /* NULL: none ended */
    int code;                       /* as that of an exchange over a transport, with e */
    const struct http_reply *reply; /* until the next pool_start; empty unless code is 0 */
    struct err e;
};

/* Sends and receives for all exchanges until one ends (then *out says which), wait_ms of the clock
 * are over, or a real second is. ERR_NETWORK when the machine cannot wait for its sockets. */
int pool_next(struct pool *pool, int64_t wait_ms, struct pool_end *out, struct err *e);

#endif
