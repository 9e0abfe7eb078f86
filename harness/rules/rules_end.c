/* When a client stops: terminal, bounded, unknown, permanent, transient. */
#include "findings.h"
#include "judges.h"
#include "pace.h"

#include "base/text.h"

#include <stdio.h>

enum {
    PERMANENT_MAX = 2, /* polls in a row that were refused for good: one repeat */
    TRANSIENT_MIN = 5  /* transient failures in a row after which a client may give up */
};

static const char *reply_name(const struct poll *p)
{
    return p->reply ? p->reply->name : "no reply";
}

/* What a body means is as sure as its reply; where the scenario says where its course was seen, as sure as that. */
static enum provenance source_of_body(const struct evidence *evidence, const struct poll *p)
{
    enum provenance own = p->reply ? p->reply->source : PROVENANCE_OBS;
    return own < evidence->scenario->source ? own : evidence->scenario->source;
}

void rule_judge_terminal(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    uint32_t end = 0;
    while (end < s->count
           && ((s->polls[end].flags & JOURNAL_TERMINAL) == 0 || !poll_was_complete(&s->polls[end])))
        end++;
    for (uint32_t i = end + 1; i < s->count; i++)
        finding_add(out, CAUSE_POLLED_AFTER_END, source_of_body(evidence, &s->polls[end]), i + 1,
                    "poll %u came after poll %u was answered %s: the task has %s", i + 1, end + 1,
                    reply_name(&s->polls[end]), reply_state_name(s->polls[end].state));
}

/* -- bounded ------------------------------------------------------------------------------------- */

static int64_t longest_wait_ms(const struct trace *s)
{
    int64_t longest_ms = 0;
    for (uint32_t i = 1; i < s->count; i++)
        if (pace_wait_ms(s, i) > longest_ms)
            longest_ms = pace_wait_ms(s, i);
    return longest_ms;
}

static bool judge_endless(const struct evidence *evidence, struct findings *out)
{
    uint32_t n = evidence->trace.count;
    if (evidence->waits_forever)
        finding_add(out, CAUSE_NEVER_ENDS, PROVENANCE_RFC, n,
                    "it never ends: all its threads wait, and none of them for a time");
    else if (evidence->never_waits)
        finding_add(out, CAUSE_NEVER_ENDS, PROVENANCE_RFC, n,
                    "it never ends: after %u %s it had not waited once for a second", n,
                    text_count_word(n, "poll", "polls"));
    else if (evidence->timed_out && evidence->told_bound_ms > 0)
        finding_add(out, CAUSE_NEVER_ENDS, PROVENANCE_RFC, n,
                    "it did not give up: told %lld s, it still went on after %lld s",
                    (long long)(evidence->told_bound_ms / 1000),
                    (long long)(evidence->allowed_ms / 1000));
    else if (evidence->timed_out)
        finding_add(out, CAUSE_NEVER_ENDS, PROVENANCE_RFC, n,
                    "it did not give up: %lld s were allowed",
                    (long long)(evidence->allowed_ms / 1000));
    return evidence->timed_out;
}

/* Whether every answer told that the task is open, and when to ask again was the client's own choice. */
static bool had_no_trouble(const struct trace *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        if (!pace_is_good(p) || !p->reply || p->reply->has_retry_after
            || (p->state != REPLY_STATE_QUEUED && p->state != REPLY_STATE_RUNNING))
            return false;
    }
    return true;
}

/* It says that it gave up, of a task that went well, though another wait would have left half of its time. */
static bool gave_up_early(const struct evidence *evidence, int64_t wait_ms)
{
    const struct trace *s = &evidence->trace;
    int64_t spent_ms = s->polls[s->count - 1].ended_ms - s->polls[0].began_ms;
    return evidence->result.outcome == TASK_OUTCOME_GAVE_UP && !evidence->unspecific && !s->evicted
        && spent_ms + wait_ms < evidence->told_bound_ms / 2 && had_no_trouble(s);
}

/* From the first poll on: its own limit, where it was told one, else what the scenario calls reasonable. */
void rule_judge_bounded(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    int64_t told_ms = evidence->told_bound_ms;
    int64_t within_ms = told_ms > 0 ? told_ms : evidence->scenario->expect.within_ms;
    if (judge_endless(evidence, out) || s->count == 0)
        return;
    int64_t wait_ms = longest_wait_ms(s);
    int64_t slack_ms = wait_ms > evidence->upstream->contract.polite.interval_ms
        ? wait_ms
        : evidence->upstream->contract.polite.interval_ms;
    int64_t lasted_ms = s->polls[s->count - 1].began_ms - s->polls[0].began_ms;
    if (lasted_ms > within_ms + slack_ms)
        finding_add(
            out, told_ms > 0 ? CAUSE_PAST_OWN_BOUND : CAUSE_PAST_BOUND, PROVENANCE_RFC, s->count,
            "its last poll came %lld s after the first; %s %lld s", (long long)(lasted_ms / 1000),
            told_ms > 0 ? "it was told to give up after" : "a task should be given up after",
            (long long)(within_ms / 1000));
    else if (gave_up_early(evidence, slack_ms))
        finding_add(out, CAUSE_GAVE_UP_EARLY, PROVENANCE_RFC, s->count,
                    "it gave up after %lld s of the %lld s that it was given",
                    (long long)(lasted_ms / 1000), (long long)(told_ms / 1000));
}

/* -- unknown, permanent -------------------------------------------------------------------------- */

void rule_judge_unknown(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    if (s->count == 0)
        return;
    const struct poll *last = &s->polls[s->count - 1];
    bool may_end = evidence->result.outcome == TASK_OUTCOME_GAVE_UP || evidence->timed_out
        || (evidence->unspecific && scenario_expects(&evidence->scenario->expect, EXPECT_GAVE_UP));
    if (last->state != REPLY_STATE_UNKNOWN || !poll_was_complete(last) || may_end || s->evicted)
        return;
    finding_add(out, CAUSE_UNKNOWN_TAKEN, source_of_body(evidence, last), s->count,
                "poll %u was answered a status that nobody knows (%s); it reported \"%s\"",
                s->count, reply_name(last), task_outcome_name(evidence->result.outcome));
}

void rule_judge_permanent(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    uint32_t in_a_row = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        in_a_row = pace_is_refusal(p) ? in_a_row + 1 : 0;
        if (in_a_row > PERMANENT_MAX)
            finding_add(out, CAUSE_REFUSAL_REPEATED,
                        p->reply->refuses_for_good ? p->reply->refusal_source : PROVENANCE_RFC,
                        i + 1,
                        "poll %u asks again, %u in a row, for what was refused for good (%s)",
                        i + 1, in_a_row, p->reply->name);
    }
}

/* -- transient ----------------------------------------------------------------------------------- */

/* What a client may count towards giving up: transient failures, JSON without a status,
 * an unknown status. */
static bool lacks_state(const struct poll *p)
{
    return pace_is_trouble(p) || p->state == REPLY_STATE_NONE || p->state == REPLY_STATE_UNKNOWN;
}

/* The wait before the last of the first *count polls that the client itself made; *count is then what came before
 * it. 0 and *count 0: there is none. */
static int64_t own_wait_ms(const struct trace *s, uint32_t *count)
{
    while (*count > 1 && pace_is_resent(s, *count - 1))
        --*count;
    int64_t wait_ms = *count > 1 ? pace_wait_ms(s, *count - 1) : 0;
    *count = *count > 1 ? *count - 1 : 0;
    return wait_ms;
}

/* How long this client would have waited for its next poll: as long as the last time, or, when its waits grow, as much
 * longer again. What its library sent again by itself is no wait of its own. */
static int64_t next_wait_ms(const struct trace *s)
{
    uint32_t count = s->count;
    int64_t last_ms = own_wait_ms(s, &count);
    int64_t before_ms = own_wait_ms(s, &count);
    if (before_ms > 0 && last_ms > before_ms)
        return last_ms / before_ms < 4 ? last_ms * last_ms / before_ms : 4 * last_ms;
    return last_ms;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* "whose body was cut", "with status 502", "with HTML or nothing". */
static const char *trouble_of(const struct poll *p, char *out, size_t out_size)
{
    if (p->status == 0)
        return "without a byte";
    if (!poll_was_complete(p))
        return "but cut";
    if (p->status >= 300)
        snprintf(out, out_size, "with status %u", p->status);
    else
        snprintf(out, out_size, "%s",
                 p->reply && p->reply->is_json ? "with a code that says \"later\""
                                               : "with no JSON");
    return out;
}

void rule_judge_transient(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    if (s->count == 0)
        return;
    const struct poll *last = &s->polls[s->count - 1];
    char trouble[64];
    uint32_t at_end = 0;
    while (at_end < s->count && lacks_state(&s->polls[s->count - 1 - at_end]))
        at_end++;
    if (!pace_is_trouble(last) || at_end >= TRANSIENT_MIN || evidence->timed_out || s->evicted)
        return; /* without the end of a trace nobody knows after what it stopped */
    int64_t wait_ms = most(evidence->upstream->contract.polite.interval_ms, next_wait_ms(s));
    wait_ms = most(wait_ms, last->retry_after_ms);
    int64_t bound_ms = evidence->told_bound_ms > 0 ? evidence->told_bound_ms
                                                   : evidence->scenario->expect.within_ms;
    if (last->ended_ms - s->polls[0].began_ms + wait_ms >= bound_ms)
        return; /* no polite poll would have fitted before its limit */
    bool by_body = poll_was_complete(last) && last->reply && last->status < 300;
    finding_add(out, CAUSE_TROUBLE_FATAL,
                by_body && last->reply->may_pass ? last->reply->refusal_source
                    : by_body                    ? source_of_body(evidence, last)
                                                 : PROVENANCE_RFC,
                s->count, "it stopped after poll %u, which was answered %s (%s); ask again",
                s->count, trouble_of(last, trouble, sizeof trouble), reply_name(last));
}
