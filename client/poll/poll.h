/* One task's wait, decided step by step: what to ask, what an answer means, when to ask again.
 *
 * No I/O and no clock: the caller gives the time (Unix milliseconds that never go back), carries
 * each request and hands back its reply or its loss. task_wait, task_multi and the public
 * task_poll_* drive it. One thread at a time. */
#ifndef UNDERSTUDY_CLIENT_POLL_POLL_H
#define UNDERSTUDY_CLIENT_POLL_POLL_H

#include "client/http/http.h"
#include "client/http/rng.h"
#include "client/client.h"
#include "policy.h"
#include "client/http/request.h"
#include "client/decode/upstreams.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* What counts of a whole reply. A header that it does not have is empty. */
struct poll_answer {
    int status;
    struct span retry_after;
    struct span location;
    struct span body;
};

/* What the caller's progress function was last called with. */
struct poll_shown {
    bool any;
    enum task_state state;
    enum task_error error;
    int progress;
    char status[TASK_STATUS_MAX];
};

struct task_poll {
    struct task_options options; /* its strings are lent */
    const struct dialect *dialect;
    struct rng rng;
    struct policy policy;
    struct request request;
    int64_t attempt_ms;
    int64_t start_ms;
    int64_t now_ms; /* of the last call that gave the time */
    int64_t due_ms; /* of the next request */
    bool asked;     /* a request is under way */
    bool over;
    bool cancelled;
    enum policy_verb verb; /* when over and not cancelled */
    uint32_t polls;
    uint32_t replies;
    /* The two take turns: the last known state of the task stays while the next reply is read. */
    struct task_view views[2];
    struct task_view *known; /* of the last reply that gave a state; NULL until one did */
    struct task_view *last;  /* of the last exchange, or where the next one is read to */
    /* The body that `known` was read from, and its status: most replies to a poll are the last one once more, and are
     * not read again. Empty while there is none, and for a body that is too long to be kept. */
    struct buf known_body;
    int known_status;
    struct err failure;  /* in words, of the last transient failure, while transients > 0 */
    unsigned transients; /* in a row */
    unsigned unknowns;
    struct poll_shown shown;
};

/* On error there is nothing to close. p must not move: it holds pointers into itself. */
int poll_open(struct task_poll *p, const struct task_options *o, int64_t now_ms, struct err *e);
void poll_close(struct task_poll *p);

/* The next request, lent until the next call. ERR_LIMIT, ERR_MEMORY: nothing was asked. */
int poll_ask(struct task_poll *p, int64_t now_ms, const struct http_request **out, struct err *e);
/* Its answer. ERR_MEMORY: it was not read. */
int poll_reply(struct task_poll *p, int64_t now_ms, const struct poll_answer *answer,
               struct err *e);
struct poll_answer poll_answer_of(const struct http_reply *reply); /* lent by the reply */
/* There was no whole answer. A loss with ERR_USAGE ends the wait: no repeat can help. */
void poll_lost(struct task_poll *p, int64_t now_ms, const struct err *loss);
/* Ends the wait; without effect when it is over. */
void poll_cancel(struct task_poll *p, int64_t now_ms);

/* As task_poll_result. */
void poll_result(const struct task_poll *p, struct task_result *out);
void poll_clear(struct task_result *out); /* its default */

#endif
