/* Plans: the acts that the mock performs for one request. Decided first, played later.
 *
 * `answer` holds the bytes of the whole HTTP response; the acts say which of them are sent, in what
 * order, with what waits, and how it ends. A plan without ACT_CLOSE or ACT_RESET at its end leaves
 * the connection open for the next request. One thread at a time; made to be used again. */
#ifndef UNDERSTUDY_MOCKSERVER_PLAN_PLAN_H
#define UNDERSTUDY_MOCKSERVER_PLAN_PLAN_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAN_ACTS_MAX = 4096, PLAN_ANSWER_MAX = 2 << 20 };

enum act_kind {
    ACT_SEND,  /* answer bytes at..at+len */
    ACT_WAIT,  /* ms on the mock's clock */
    ACT_CLOSE, /* FIN */
    ACT_RESET  /* RST */
};

struct act {
    enum act_kind kind;
    uint32_t ms;
    size_t at;
    size_t len;
};

struct plan {
    struct buf answer;
    size_t body_at; /* where the body starts in answer */
    int status;
    struct act *acts;
    uint32_t act_count;
    size_t act_room;
    bool broken;  /* an act did not fit: play as ACT_CLOSE */
    uint64_t seq; /* of the journal's entry; 0 when there is none */
};

void plan_init(struct plan *p);
void plan_fini(struct plan *p);
void plan_reset(struct plan *p); /* empty, keeps its memory */

/* Appends an act. False, and the plan is broken, when it does not fit. */
bool plan_send(struct plan *p, size_t at, size_t len);
bool plan_wait(struct plan *p, uint32_t ms);
bool plan_wait_first(struct plan *p, uint32_t ms); /* before all acts, also of a plan that ends */
bool plan_end(struct plan *p, enum act_kind how);  /* ACT_CLOSE or ACT_RESET */
bool plan_ends(const struct plan *p);              /* its last act closes or resets */

#endif
