/* The wire transport: CivetWeb serves a mock, or any service of that shape, on real sockets. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_H

#include "base/clock.h"
#include "base/err.h"
#include "mockserver/message/message.h"
#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum { WIRE_THREADS_DEFAULT = 128, WIRE_THREADS_MAX = 16384, WIRE_ADDRESS_MAX = 96 };

struct wire_options {
    const char *listen; /* "127.0.0.1:8080"; port 0 picks a free one; NULL: "127.0.0.1:0" */
    uint32_t threads;   /* most connections served at once; 0: WIRE_THREADS_DEFAULT. All are started
                           by wire_open. Once three quarters are taken, answers end their connection,
                           so that one that waits gets its turn. */
    struct clock *clients; /* lent: the clock that the clients live by, when it is another than the
                              wire's (message.client_ms); NULL: the same */
};

/* What a wire asks for each request that comes through its door. Both are called by many threads. */
struct wire_service {
    void *arg;
    /* Decides; resets the plan first. request has been opened (message_open). */
    void (*answer)(void *arg, const struct message *request, int64_t now_ms, struct plan *plan);
    /* The plan has been played. May be NULL. */
    void (*played)(void *arg, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                   bool complete);
};

struct mock;
struct wire;

/* Starts serving. service is copied; what its arg points at and clock are lent and must outlive the
 * wire. When it returns 0 the port accepts connections. ERR_USAGE when options->listen is not an
 * address, ERR_NETWORK when it cannot be bound.
 *
 * What is not sound HTTP, or could be read two ways (message/framing.h; folded header lines), never comes to the
 * service: it is refused and the connection closed. */
int wire_serve(const struct wire_service *service, struct clock *clock,
               const struct wire_options *options, struct wire **out, struct err *e);

/* wire_serve for a mock alone: each request goes to mock_answer. */
int wire_open(struct mock *mock, struct clock *clock, const struct wire_options *options,
              struct wire **out, struct err *e);

const char *wire_address(const struct wire *w); /* "http://127.0.0.1:41234" */

/* Stops accepting, lets answers under way finish (at most drain_ms real milliseconds), stops. What
 * is then still under way is cut. A manual clock must be stopped before, or its waits never end. NULL is
 * fine. */
void wire_close(struct wire *w, uint32_t drain_ms);

#endif
