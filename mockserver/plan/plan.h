/* Plans: what is to be sent for one request, decided before the first byte leaves.
 *
 * `answer` holds the bytes of the whole HTTP response; the acts say which of them are sent, in
 * what order, with what waits, and how it ends. A plan without ACT_CLOSE or ACT_RESET at its end
 * leaves the connection open for the next request. The mock fills a plan, faults change it, and
 * a transport plays it (wire/wire_play.h), all on the thread of the request. plan_reset keeps
 * the memory for the next request of that thread. */
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
    uint32_t ms; /* ACT_WAIT */
    size_t at;   /* ACT_SEND, as is len */
    size_t len;
};

struct plan {
    struct buf answer;
    size_t body_at; /* where the body starts in answer */
    int status;
    struct act *acts;
    uint32_t act_count;
    size_t act_room;
    bool broken; /* an act did not fit: play as ACT_CLOSE */
    bool
        spoilt; /* a fault saw to it that no client reads it whole, even where every byte is sent */
    uint64_t seq;     /* of the journal's entry; 0 when there is none */
    int64_t asked_ms; /* when the mock takes the request as made: mock_answer's now_ms or, for a
                         poll that is paced (mock.h), later; 0 when no mock was asked */
};

void plan_init(struct plan *p);
void plan_fini(struct plan *p);
void plan_reset(struct plan *p); /* empty, keeps its memory */

/* Appends an act. False when it does not fit into PLAN_ACTS_MAX or memory: plan->broken is then
 * set. */
bool plan_send(struct plan *p, size_t at, size_t len);
bool plan_wait(struct plan *p, uint32_t ms);
bool plan_wait_first(struct plan *p, uint32_t ms); /* puts it before all other acts */
bool plan_end(struct plan *p, enum act_kind how);  /* ACT_CLOSE or ACT_RESET */
bool plan_ends(const struct plan *p);              /* its last act closes or resets */

#endif
