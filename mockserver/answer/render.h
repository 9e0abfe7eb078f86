/* Rendering: writes the bytes of an answer from a recorded reply and the values of its stamps.
 * mock.c calls it once a request, on the request's thread. No state; times are Unix
 * milliseconds. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_RENDER_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_RENDER_H

#include "base/span.h"
#include "mockserver/plan/plan.h"
#include "mockserver/fixture/reply.h"

#include <stdbool.h>
#include <stdint.h>

struct render_values {
    const char *id; /* "": the recorded id stays */
    int64_t now_ms, created_ms;
    int64_t client_ms;               /* now on the clock that the client reads dates by */
    int64_t started_ms, finished_ms; /* -1: not yet; written as now_ms */
    uint64_t seed;                   /* of the uuid */
    struct span request_body;        /* empty when there is none or it is no JSON */
    const char *reason;     /* for X-Mock-Reason; "": none. All but printable ASCII becomes '?' */
    bool no_body;           /* the request was HEAD */
    const char *asset_base; /* where the body's URLs are moved to (asset_url.h); NULL: nowhere */
};

/* Fills an empty plan: the answer's bytes, status and one act that sends it all. Every byte of
 * the body outside a stamped value or a moved URL is the recorded one. What does not fit closes
 * the connection (head_send). */
void render_reply(struct plan *p, const struct reply *r, const struct render_values *v);

/* The same for a status and {"error":{"message": v->reason}}: for when no upstream is known
 * whose reply could be sent. */
void render_plain(struct plan *p, int status, const struct render_values *v);

/* The same for a status and a JSON body of the mock's own. */
void render_body(struct plan *p, int status, struct span json, const struct render_values *v);

/* How many milliseconds the reply's Retry-After asks for, counted from client_ms; -1 when it has
 * none. HTTP dates are in whole seconds: the date is rounded up, so that a client that waits for
 * it waits at least as long as was recorded. */
int64_t render_asked_ms(const struct reply *r, int64_t client_ms);

#endif
