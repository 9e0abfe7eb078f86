/* A guard over a wire's threads: it ends what a client draws out, a body that comes byte by byte, an answer that is
 * not read. CivetWeb's own time-outs begin anew with each byte. Its one thread looks every second at most. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_GUARD_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_GUARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What one thread is at. Zero: at nothing. */
struct guarded {
    atomic_int_least64_t due_ns; /* 0: at nothing; -1: being cut */
    atomic_int peer_port;        /* of the connection */
    atomic_bool reads;           /* else it sends */
    struct guarded *next;
};

struct watchman {
    int port;
    int64_t patience_ns;
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t told;
    struct guarded *first;
    bool running, stopping;
};

/* patience_ms: real milliseconds that one body, or one write, may take. */
void guard_init(struct watchman *g, uint32_t patience_ms);
/* Starts the thread. False when there is none to be had. */
bool guard_start(struct watchman *g, int port);
/* Ends the thread; every guarded one has been removed. */
void guard_fini(struct watchman *g);

void guard_add(struct watchman *g, struct guarded *one);
void guard_remove(struct watchman *g, struct guarded *one);

/* Around what may take long, on the thread that is guarded. A read that is cut finds the end of what the client
 * sends; a write finds the connection closed. guard_end tells whether it was cut. */
void guard_begin(const struct watchman *g, struct guarded *one, int peer_port, bool reads);
bool guard_end(struct watchman *g, struct guarded *one);

#endif
