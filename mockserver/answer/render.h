/* Rendering: a recorded reply and the values of its stamps become the bytes of an answer. */
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
    int64_t started_ms, finished_ms; /* -1: has not come yet, and is written as now */
    uint64_t seed;                   /* of the uuid */
    struct span request_body;        /* empty when there is none or it is no JSON */
    const char *reason;     /* X-Mock-Reason; "": none. Whatever a header cannot hold becomes '?' */
    bool no_body;           /* the request was HEAD */
    const char *asset_base; /* where the body's URLs are moved to (asset_url.h); NULL: nowhere */
};

/* Fills an empty plan: the answer's bytes, status and one act that sends it all. Every byte of the body
 * outside a stamped value or a moved URL is the recorded one. */
void render_reply(struct plan *p, const struct reply *r, const struct render_values *v);

/* The same for a status and a sentence, when no upstream is known whose shape could be used. */
void render_plain(struct plan *p, int status, const struct render_values *v);

/* What the reply's Retry-After asks for, from the request on; -1 when it has none. A date is in whole
 * seconds, rounded up, so that who waits for it has waited at least the recorded distance. */
int64_t render_asked_ms(const struct reply *r, int64_t client_ms);

#endif
