/* Faults that make an answer late, or end it early. */
#include "fault.h"
#include "fault_rewrite.h"
#include "plan.h"

#include "base/text.h"

#include <string.h>

enum {
    STALL_MS = 3600000,    /* longer than anybody waits; then FIN */
    DRIP_ACTS_MAX = 64,    /* of what is to drip */
    DRIP_PIECES_MAX = 1024 /* of an answer: longer ones drip in larger pieces */
};

/* Cuts the plan after `keep` bytes of the answer. Waits before that point stay, so that a
 * truncate after a delay is both late and cut. A close or reset at the end is removed: the
 * caller appends its own. */
static void keep_bytes(struct plan *p, size_t keep)
{
    uint32_t kept = 0;
    size_t sent = 0;
    for (uint32_t i = 0; i < p->act_count; i++) {
        struct act act = p->acts[i];
        if (act.kind == ACT_CLOSE || act.kind == ACT_RESET)
            break;
        if (act.kind == ACT_WAIT && sent > 0 && sent >= keep)
            break; /* between what is sent and what is not */
        if (act.kind == ACT_SEND) {
            if (sent >= keep)
                break;
            if (act.len > keep - sent)
                act.len = keep - sent;
            sent += act.len;
        }
        p->acts[kept++] = act;
    }
    p->act_count = kept;
}

bool fault_delay(struct plan *p, const struct fault *f, uint64_t seed)
{
    (void)seed;
    return plan_wait_first(p, f->value);
}

bool fault_jitter(struct plan *p, const struct fault *f, uint64_t seed)
{
    return plan_wait_first(p, (uint32_t)(text_random(&seed) % (f->value + (uint64_t)1)));
}

/* Sends without a gap between them become one. */
static void join_sends(struct plan *p)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->act_count; i++) {
        struct act *last = kept > 0 ? &p->acts[kept - 1] : NULL;
        const struct act *act = &p->acts[i];
        if (last && last->kind == ACT_SEND && act->kind == ACT_SEND
            && last->at + last->len == act->at)
            last->len += act->len;
        else
            p->acts[kept++] = *act;
    }
    p->act_count = kept;
}

/* Each act that sends a part of the body becomes several, with a wait before all but the first. */
bool fault_drip(struct plan *p, const struct fault *f, uint64_t seed)
{
    struct act old[DRIP_ACTS_MAX];
    join_sends(p);
    uint32_t count = p->act_count;
    size_t piece = (p->answer.n - p->body_at) / DRIP_PIECES_MAX;
    bool first = true;
    (void)seed;
    if (count > DRIP_ACTS_MAX)
        return true; /* it drips enough already */
    memcpy(old, p->acts, count * sizeof *old);
    piece = piece > f->value ? piece : f->value;
    p->act_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t at = old[i].at, end = at + old[i].len;
        if (old[i].kind == ACT_WAIT)
            plan_wait(p, old[i].ms);
        else if (old[i].kind != ACT_SEND)
            plan_end(p, old[i].kind);
        else if (at < p->body_at)
            plan_send(p, at, (end < p->body_at ? end : p->body_at) - at);
        for (at = at > p->body_at ? at : p->body_at; old[i].kind == ACT_SEND && at < end;
             at += piece) {
            if (!first)
                plan_wait(p, f->every_ms);
            first = false;
            plan_send(p, at, end - at < piece ? end - at : piece);
        }
    }
    return !p->broken;
}

/* The last byte never comes: who has got the whole answer has seen no fault, and the connection
 * that stays open would swallow the next request. */
static size_t not_whole(const struct plan *p, size_t keep)
{
    return keep < p->answer.n || p->answer.n == 0 ? keep : p->answer.n - 1;
}

bool fault_stall(struct plan *p, const struct fault *f, uint64_t seed)
{
    (void)seed;
    keep_bytes(p, not_whole(p, p->body_at + f->value));
    return plan_wait(p, STALL_MS) && plan_end(p, ACT_CLOSE);
}

bool fault_truncate(struct plan *p, const struct fault *f, uint64_t seed)
{
    (void)seed;
    keep_bytes(p, p->body_at + f->value);
    return plan_end(p, ACT_CLOSE);
}

bool fault_cut_head(struct plan *p, const struct fault *f, uint64_t seed)
{
    size_t inside = p->body_at > 0 ? p->body_at - 1 : 0;
    (void)seed;
    keep_bytes(p, f->value < inside ? f->value : inside);
    return plan_end(p, ACT_CLOSE);
}

/* Nobody can tell how much the client had read before the RST, but never the whole. */
bool fault_reset(struct plan *p, const struct fault *f, uint64_t seed)
{
    (void)seed;
    keep_bytes(p, not_whole(p, f->value));
    p->spoilt = true;
    return plan_end(p, ACT_RESET);
}

bool fault_empty(struct plan *p, const struct fault *f, uint64_t seed)
{
    (void)f, (void)seed;
    keep_bytes(p, 0);
    return plan_end(p, ACT_CLOSE);
}
