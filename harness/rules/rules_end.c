/* When a client stops: terminal, bounded, unknown, permanent, transient. */
#include "judges.h"

#include "base/text.h"

enum {
    PERMANENT_MAX = 2, /* polls in a row that were refused for good: one repeat */
    TRANSIENT_MIN = 5  /* transient failures in a row after which a client may give up */
};

bool rule_judge_terminal(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 0; i + 1 < s->count; i++)
        if ((s->polls[i].flags & JOURNAL_TERMINAL) != 0 && poll_was_complete(&s->polls[i]))
            return rule_fail(finding, i + 2, "poll %u came after poll %u was answered %s: %s",
                             i + 2, i + 1, s->polls[i].reply ? s->polls[i].reply->name : "",
                             reply_state_name(s->polls[i].state));
    return true;
}

bool rule_judge_bounded(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    int64_t within_ms = evidence->scenario->expect.within_ms;
    if (evidence->waits_forever)
        return rule_fail(finding, s->count,
                         "it never ends: all its threads wait, and none of them for a time");
    if (evidence->never_waits)
        return rule_fail(finding, s->count,
                         "it never ends: after %u poll%s it had not waited once for a second",
                         s->count, s->count == 1 ? "" : "s");
    if (evidence->timed_out)
        return rule_fail(finding, s->count, "it did not give up: %lld s were allowed",
                         (long long)(within_ms / 1000));
    int64_t lasted_ms = s->polls[s->count - 1].began_ms - s->polls[0].began_ms;
    if (lasted_ms > within_ms + evidence->upstream->contract.polite.interval_ms)
        return rule_fail(finding, s->count,
                         "its last poll came %lld s after the first, %lld s were allowed",
                         (long long)(lasted_ms / 1000), (long long)(within_ms / 1000));
    return true;
}

bool rule_judge_unknown(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    const struct poll *last = &s->polls[s->count - 1];
    bool may_end = evidence->result.outcome == TASK_OUTCOME_GAVE_UP || evidence->timed_out
        || (evidence->unspecific && evidence->scenario->expect.outcome == EXPECT_GAVE_UP);
    if (last->state != REPLY_STATE_UNKNOWN || !poll_was_complete(last) || may_end || s->evicted)
        return true;
    return rule_fail(finding, s->count, "an unknown status was taken for \"%s\"",
                     task_outcome_name(evidence->result.outcome));
}

static bool is_refused_for_good(const struct poll *p)
{
    if (!p->reply || !poll_was_complete(p) || p->state != REPLY_STATE_NONE)
        return false;
    return p->status == 400 || p->status == 401 || p->status == 403 || p->status == 404
        || p->reply->refuses_for_good;
}

bool rule_judge_permanent(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    uint32_t in_a_row = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        in_a_row = is_refused_for_good(p) ? in_a_row + 1 : 0;
        if (in_a_row > PERMANENT_MAX && p->reply->refuses_for_good)
            finding->source =
                p->reply->refusal_source; /* by the contract's list, whatever the status */
        if (in_a_row > PERMANENT_MAX)
            return rule_fail(finding, i + 1,
                             "poll %u repeats for the second time what was refused for "
                             "good (%s)",
                             i + 1, s->polls[i].reply->name);
    }
    return true;
}

/* A transient failure: no reply from the fixtures, a lost or cut answer, 408, 429, 5xx, or a 2xx
 * whose body is no JSON (nothing, HTML). */
static bool is_transient(const struct poll *p)
{
    if (!poll_was_complete(p) || !p->reply)
        return true;
    if (p->status == 408 || p->status == 429 || p->status >= 500)
        return true;
    return p->state == REPLY_STATE_NONE && p->status >= 200 && p->status < 300
        && !p->reply->is_json;
}

/* What a client may count towards giving up: transient failures, JSON without a status,
 * an unknown status. */
static bool lacks_state(const struct poll *p)
{
    return is_transient(p) || p->state == REPLY_STATE_NONE || p->state == REPLY_STATE_UNKNOWN;
}

/* The shortest time that this client left between two polls; 0 when it made no two. */
static int64_t own_pace_ms(const struct trace *s)
{
    int64_t pace_ms = 0;
    for (uint32_t i = 1; i < s->count; i++) {
        int64_t gap_ms = s->polls[i].began_ms - s->polls[i - 1].ended_ms;
        pace_ms = i == 1 || gap_ms < pace_ms ? gap_ms : pace_ms;
    }
    return pace_ms;
}

bool rule_judge_transient(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    const struct poll *last = &s->polls[s->count - 1];
    uint32_t at_end = 0;
    while (at_end < s->count && lacks_state(&s->polls[s->count - 1 - at_end]))
        at_end++;
    if (!is_transient(last) || at_end >= TRANSIENT_MIN || evidence->timed_out || s->evicted)
        return true; /* without the end of a trace nobody knows after what it stopped */
    int64_t wait_ms = evidence->upstream->contract.polite.interval_ms;
    wait_ms = own_pace_ms(s) > wait_ms ? own_pace_ms(s)
                                       : wait_ms; /* it may be politer than asked */
    wait_ms = last->retry_after_ms > wait_ms ? last->retry_after_ms : wait_ms;
    int64_t next_ms = last->ended_ms - s->polls[0].began_ms + wait_ms;
    if (next_ms >= evidence->scenario->expect.within_ms)
        return true; /* no polite poll would have fitted before its limit */
    return rule_fail(finding, s->count, "it stopped after %u %s that may pass (%s)", at_end,
                     text_count_word(at_end, "answer", "answers"),
                     last->reply ? last->reply->name : "no reply");
}
