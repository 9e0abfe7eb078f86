/* Creating: the id of a new task, its reply, and the scenario that its polls go through. */
#include "create.h"
#include "decision.h"

#include "base/text.h"

#include <stdio.h>

enum { ID_TRIES = 8 };

static bool make_task(struct mock *m, int64_t now_ms, struct decision *d)
{
    struct route *r = &d->route;
    const struct task_key key = {r->upstream, r->scenario, r->session, r->id};
    uint64_t seed = d->turn.seed;
    for (int i = 0; i < ID_TRIES; i++) {
        create_id(r->match, d->reply, text_random(&seed), r->id);
        if (task_create(m->tasks, &key, now_ms))
            return true;
    }
    r->id[0] = '\0';
    decide_busy(d, "no memory for another task");
    return false;
}

/* A pack may do without a recorded reply: this one says the id in the two places where most look. */
static void answer_plainly(struct decision *d)
{
    int n = snprintf(d->body_text, sizeof d->body_text,
                     "{\"id\":\"%s\",\"task_id\":\"%s\",\"status\":\"queued\"}", d->route.id,
                     d->route.id);
    d->body = (struct span){d->body_text, (size_t)n};
    d->status = 200;
}

void decide_create(struct mock *m, const struct message *request, int64_t now_ms,
                   struct decision *d)
{
    if (!decide_script(m, request, "", now_ms, d))
        return;
    d->turn.created_ms = now_ms;
    d->turn.started_ms = d->turn.finished_ms = -1;
    if (!d->reply)
        d->reply = upstream_reply(d->route.upstream, "created");
    if (d->reply && (d->reply->status >= 300 || d->reply->may_pass || d->reply->refuses_for_good))
        return; /* it was refused */
    if (make_task(m, now_ms, d) && !d->reply)
        answer_plainly(d);
}
