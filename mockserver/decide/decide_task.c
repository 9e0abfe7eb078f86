/* What is done with a task besides asking how it is: its content is fetched, and it is cancelled. */
#include "decision.h"

#include <stdio.h>

/* The task has not come so far, or has gone too far: an own reply of the upstream, else a plain one. */
static void refuse_state(struct decision *d, unsigned flag, const char *reply, int status,
                         const char *why)
{
    snprintf(d->route.why, sizeof d->route.why, "%s", why);
    decide_refuse(d, flag, reply, status);
    d->out_of_turn = true;
}

static struct task_key key_of(const struct route *r)
{
    return (struct task_key){r->upstream, r->scenario, r->session, r->id};
}

void decide_content(struct mock *m, const struct message *request, int64_t now_ms,
                    struct decision *d)
{
    const struct task_key key = key_of(&d->route);
    if (task_state(m->tasks, &key) != REPLY_STATE_SUCCEEDED) {
        refuse_state(d, JOURNAL_EARLY, "error.not_ready", 404,
                     "no poll was answered yet that the task has succeeded: there is no content");
        return;
    }
    if (!decide_script(m, request, d->route.id, now_ms, d))
        return;
    if (!d->reply)
        d->reply = upstream_reply(d->route.upstream, "content");
    d->content = true;
}

void decide_cancel(struct mock *m, const struct message *request, int64_t now_ms,
                   struct decision *d)
{
    const struct task_key key = key_of(&d->route);
    if (reply_state_is_end(task_state(m->tasks, &key))) {
        refuse_state(d, JOURNAL_EARLY, "error.not_cancellable", 409, "the task has ended");
        return;
    }
    if (!decide_script(m, request, d->route.id, now_ms, d))
        return;
    if (!d->reply)
        d->reply = upstream_reply(d->route.upstream, "cancel");
    if (d->reply && d->reply->status >= 300)
        return; /* it was refused */
    if (!task_cancel(m->tasks, &key, now_ms)) {
        decide_busy(d, "no memory for another task");
        return;
    }
    if (!d->reply) {
        d->body = span_of("{}");
        d->status = 200;
    }
}
