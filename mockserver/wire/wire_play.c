/* Playing a plan: neighbouring sends become one write; an answer that is not sent completely
 * closes its connection, since the client could not tell where the next answer begins. */
#include "wire_play.h"

#include <string.h>

static const char closing[] = "Connection: close\r\n\r\n";

/* Sends bytes at..end of the answer; false when the connection is lost. When play->last is set
 * and the range holds the end of a head, "Connection: close" is added there, in a copy, so
 * that head and body still go in one write. */
static bool send_range(struct play *play, const struct plan *plan, size_t at, size_t end)
{
    const char *bytes = plan->answer.p + at;
    size_t n = end - at;
    size_t added = 0;
    if (play->last && !plan->spoilt && at < plan->body_at && end >= plan->body_at
        && plan->body_at >= at + 2) {
        struct buf *spare = play->spare;
        size_t empty_line = plan->body_at - 2;
        buf_reset(spare);
        buf_add(spare, bytes, empty_line - at);
        buf_add_text(spare, closing);
        buf_add(spare, plan->answer.p + plan->body_at, end - plan->body_at);
        if (!spare->broken) {
            bytes = spare->p;
            added = strlen(closing) - 2;
        }
    }
    size_t sent = play->send(play->arg, bytes, n + added);
    play->sent_bytes += sent < n ? sent : n;
    return sent == n + added;
}

/* The end of the bytes of act *i and of the sends that follow it without a gap; *i becomes the
 * last of them. */
static size_t run_end(const struct plan *plan, uint32_t *i)
{
    size_t end = plan->acts[*i].at + plan->acts[*i].len;
    while (*i + 1 < plan->act_count && plan->acts[*i + 1].kind == ACT_SEND
           && plan->acts[*i + 1].at == end) {
        ++*i;
        end += plan->acts[*i].len;
    }
    return end;
}

/* Plays the acts, sending no byte from limit on. False when the connection must close. */
static bool play_acts(struct play *play, const struct plan *plan, size_t limit)
{
    for (uint32_t i = 0; i < plan->act_count; i++) {
        const struct act *act = &plan->acts[i];
        if (act->kind == ACT_CLOSE)
            return false;
        if (act->kind == ACT_RESET) {
            play->reset(play->arg);
            return false;
        }
        if (act->kind == ACT_WAIT) {
            if (!play->wait(play->arg, act->ms))
                return false;
            continue;
        }
        size_t at = act->at;
        size_t end = run_end(plan, &i);
        end = end < limit ? end : limit;
        if (at < end && !send_range(play, plan, at, end))
            return false;
    }
    return true;
}

void play_plan(struct play *play, const struct plan *plan)
{
    size_t limit = play->head_only ? plan->body_at : plan->answer.n;
    play->sent_bytes = 0;
    /* Ask for the close before the first byte: CivetWeb keeps a connection alive unless it is
     * told not to. */
    if (play->last || plan->broken || plan_ends(plan))
        play->close(play->arg);
    bool kept = !plan->broken && play_acts(play, plan, limit);
    play->complete = limit > 0 && play->sent_bytes >= limit;
    if (!kept || !play->complete)
        play->close(play->arg);
}
