/* What the rules about times share. */
#include "pace.h"

enum { RESENT_WITHIN_MS = 250 }; /* libraries repeat at once; their users' loops wait longer */

bool pace_is_good(const struct poll *p)
{
    return poll_was_complete(p) && p->status >= 200 && p->status < 300
        && p->state != REPLY_STATE_NONE && !reply_state_is_end(p->state);
}

bool pace_is_trouble(const struct poll *p)
{
    if (!poll_was_complete(p) || !p->reply)
        return true;
    if (p->status == 408 || p->status == 425 || p->status == 429 || p->status >= 500)
        return true;
    return p->state == REPLY_STATE_NONE && p->status >= 200 && p->status < 300
        && (!p->reply->is_json || p->reply->may_pass);
}

bool pace_is_refusal(const struct poll *p)
{
    if (!p->reply || !poll_was_complete(p) || p->state != REPLY_STATE_NONE || p->reply->may_pass)
        return false;
    return p->status == 400 || p->status == 401 || p->status == 403 || p->status == 404
        || p->reply->refuses_for_good;
}

static bool follows_a_cut(const struct trace *s, uint32_t i)
{
    return i > 0 && !poll_was_complete(&s->polls[i - 1]) && pace_wait_ms(s, i) < RESENT_WITHIN_MS;
}

bool pace_is_resent(const struct trace *s, uint32_t i)
{
    return follows_a_cut(s, i) && !follows_a_cut(s, i - 1);
}

int64_t pace_wait_ms(const struct trace *s, uint32_t i)
{
    return s->polls[i].began_ms - s->polls[i - 1].ended_ms;
}

int64_t pace_asked_ms(const struct poll *p)
{
    bool counts = p->status == 429 || p->status == 503 || (p->status >= 200 && p->status < 300);
    return counts && poll_was_complete(p) && (p->flags & JOURNAL_TERMINAL) == 0 ? p->retry_after_ms
                                                                                : -1;
}
