/* The wire transport: CivetWeb serves a mock, or another wire_service, on real sockets.
 *
 * CivetWeb starts all its worker threads at once. One accepts; a worker then serves one
 * connection from its first request to its close. On that thread the wire checks the framing,
 * reads the body, asks the service for a plan, plays it, and tells the service how it went. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_H

#include "base/clock.h"
#include "base/err.h"
#include "mockserver/message/message.h"
#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum { WIRE_THREADS_DEFAULT = 128, WIRE_THREADS_MAX = 16384, WIRE_ADDRESS_MAX = 96 };
enum { WIRE_PATIENCE_MS = 30000 };

/* Who wants to know of a wire's threads and connections, to tell whether it still has something to
 * do. Called on the thread that begins, ends, or serves; wire_serve returns when all have begun. A connection is told by the ports of its two
 * ends, when its first request has come, and when it has been closed. */
struct wire_watch {
    void *arg;
    void (*thread_began)(void *arg);
    void (*thread_ended)(void *arg);
    void (*connected)(void *arg, uint16_t port, uint16_t peer_port);
    void (*disconnected)(void *arg, uint16_t port, uint16_t peer_port);
};

struct wire_options {
    const char *listen; /* "127.0.0.1:8080"; port 0 picks a free one; NULL: "127.0.0.1:0" */
    uint32_t threads;   /* most connections served at once; 0: WIRE_THREADS_DEFAULT. All are started
                           by wire_open. Once three quarters are taken, answers end their connection,
                           so that one that waits gets its turn. */
    uint32_t
        patience_ms; /* real milliseconds that one head, one body, or the taking of one write may
                             last, or the connection is cut; 0: WIRE_PATIENCE_MS */
    struct clock *clients;          /* lent: the clients' clock, when it is another than the wire's
                              (message.client_ms); NULL: the same */
    const struct wire_watch *watch; /* copied; NULL: nobody */
};

/* Who answers the requests of a wire. Both functions are called on the thread of the connection,
 * by many threads at once. */
struct wire_service {
    void *arg;
    /* Resets the plan and fills it. request has been opened (message_open), perhaps with a
     * fault. May take long: only this connection waits. */
    void (*answer)(void *arg, const struct message *request, int64_t now_ms, struct plan *plan);
    /* The plan has been played: now_ms is taken just before its last write. complete: the whole
     * answer was handed to the kernel. May be NULL. */
    void (*played)(void *arg, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                   bool complete);
};

struct mock;
struct wire;

/* Starts serving. service is copied; what its arg points at and clock are lent and must outlive
 * the wire. options may be NULL. When it returns 0 the port accepts connections. ERR_USAGE when
 * options->listen is not an address or there are too many threads, ERR_NETWORK when the address
 * cannot be bound or a thread not started, ERR_MEMORY.
 *
 * Requests that are malformed, or that two programs could read differently (message/framing.h;
 * folded header lines), do not reach the service: the wire refuses them and closes the
 * connection. */
int wire_serve(const struct wire_service *service, struct clock *clock,
               const struct wire_options *options, struct wire **out, struct err *e);

/* wire_serve for a mock alone: each request goes to mock_answer. */
int wire_open(struct mock *mock, struct clock *clock, const struct wire_options *options,
              struct wire **out, struct err *e);

const char *wire_address(const struct wire *w); /* "http://127.0.0.1:41234" */

/* How many messages came that are no HTTP at all: a TLS handshake is one. Thread safe. */
uint32_t wire_malformed(const struct wire *w);

/* Stops accepting, lets answers being sent finish (at most drain_ms real milliseconds), cuts the
 * others, and frees the wire; no thread of it runs when it returns. A clock that is not
 * tied to real time must be stopped before, or answers that wait on it never end. NULL is fine. */
void wire_close(struct wire *w, uint32_t drain_ms);

#endif
