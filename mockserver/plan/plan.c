/* Plans: a list of acts over the bytes of one answer. */
#include "plan.h"

#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

void plan_init(struct plan *p)
{
    memset(p, 0, sizeof *p);
    buf_init(&p->answer, PLAN_ANSWER_MAX);
}

void plan_fini(struct plan *p)
{
    buf_fini(&p->answer);
    free(p->acts);
    plan_init(p);
}

void plan_reset(struct plan *p)
{
    buf_reset(&p->answer);
    p->body_at = 0;
    p->asked_ms = 0;
    p->status = 0;
    p->act_count = 0;
    p->broken = p->spoilt = false;
    p->seq = 0;
}

static bool broke(struct plan *p)
{
    p->broken = true;
    return false;
}

/* Makes room for one more act; false when PLAN_ACTS_MAX or memory is used up. */
static bool make_room(struct plan *p)
{
    struct act *acts = grow(p->acts, p->act_count, &p->act_room, sizeof *acts, PLAN_ACTS_MAX);
    if (!acts)
        return false;
    p->acts = acts;
    return true;
}

/* Appends an act. A plan that has broken or ended takes no more: the caller has made a mistake,
 * and the plan closes instead. */
static bool add(struct plan *p, struct act act)
{
    if (p->broken || plan_ends(p))
        return broke(p);
    if (!make_room(p))
        return broke(p);
    p->acts[p->act_count++] = act;
    return true;
}

bool plan_send(struct plan *p, size_t at, size_t len)
{
    if (at > p->answer.n || len > p->answer.n - at)
        return broke(p);
    return len == 0 || add(p, (struct act){.kind = ACT_SEND, .at = at, .len = len});
}

bool plan_wait(struct plan *p, uint32_t ms)
{
    return add(p, (struct act){.kind = ACT_WAIT, .ms = ms});
}

bool plan_wait_first(struct plan *p, uint32_t ms)
{
    if (p->broken || !make_room(p))
        return broke(p);
    memmove(p->acts + 1, p->acts, p->act_count++ * sizeof *p->acts);
    p->acts[0] = (struct act){.kind = ACT_WAIT, .ms = ms};
    return true;
}

bool plan_end(struct plan *p, enum act_kind how)
{
    if (how != ACT_CLOSE && how != ACT_RESET)
        return broke(p);
    return add(p, (struct act){.kind = how});
}

bool plan_ends(const struct plan *p)
{
    if (p->act_count == 0)
        return false;
    enum act_kind last = p->acts[p->act_count - 1].kind;
    return last == ACT_CLOSE || last == ACT_RESET;
}
