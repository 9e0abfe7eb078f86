/* When a client polls: interval, retry-after. */
#include "judges.h"

/* True for a run's final poll, or one that may be it, when it comes less than an interval before the client's time
 * limit, or after it: a client may poll once more just before it gives up. */
static bool is_last_try(const struct evidence *evidence, uint32_t i, int64_t interval_ms)
{
    const struct trace *s = &evidence->trace;
    int64_t since_first = s->polls[i].began_ms - s->polls[0].began_ms;
    return i + 1 == s->count
        && (s->evicted || since_first >= evidence->scenario->expect.within_ms - interval_ms);
}

/* True when poll i may be a repeat by the client's HTTP library: the connection of the poll
 * before closed without a byte, and libraries then send the request once more at once (RFC 9110
 * 9.2.2), without their user's knowledge. Excused once, not twice in a row. */
static bool is_resent(const struct trace *s, uint32_t i)
{
    return s->polls[i - 1].status == 0 && (i == 1 || s->polls[i - 2].status != 0);
}

/* At most per_second polls begin within any 1000 ms. */
static bool keeps_rate(const struct trace *s, uint32_t per_second, struct finding *finding)
{
    for (uint32_t i = per_second; i < s->count; i++) {
        int64_t span_ms = s->polls[i].began_ms - s->polls[i - per_second].began_ms;
        if (span_ms < 1000)
            return rule_fail(finding, i + 1,
                             "%u polls came within %lld ms, %u a second are allowed",
                             per_second + 1, (long long)span_ms, per_second);
    }
    return true;
}

bool rule_judge_interval(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    const struct contract *c = &evidence->upstream->contract;
    finding->source = c->polite.interval_source;
    for (uint32_t i = 1; i < s->count; i++) {
        int64_t gap_ms = s->polls[i].began_ms - s->polls[i - 1].ended_ms;
        if (gap_ms < c->polite.interval_ms && !is_resent(s, i)
            && !is_last_try(evidence, i, c->polite.interval_ms))
            return rule_fail(
                finding, i + 1,
                "poll %u came %lld ms after the end of reply %u, %lld ms are asked for", i + 1,
                (long long)gap_ms, i, (long long)c->polite.interval_ms);
    }
    finding->source = c->polite.per_second_source;
    return c->polite.per_second == 0 || keeps_rate(s, c->polite.per_second, finding);
}

/* Where Retry-After counts: on a whole reply of status 429 or 503, or 2xx about a task that
 * has not ended. */
static bool retry_after_counts(const struct poll *p)
{
    return p->retry_after_ms >= 0 && poll_was_complete(p) && (p->flags & JOURNAL_TERMINAL) == 0
        && (p->status == 429 || p->status == 503 || (p->status >= 200 && p->status < 300));
}

bool rule_judge_retry_after(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 0; i + 1 < s->count; i++) {
        int64_t gap_ms = s->polls[i + 1].began_ms - s->polls[i].ended_ms;
        if (retry_after_counts(&s->polls[i]) && gap_ms < s->polls[i].retry_after_ms)
            return rule_fail(finding, i + 2,
                             "poll %u came %lld ms after a reply that asked for %lld ms", i + 2,
                             (long long)gap_ms, (long long)s->polls[i].retry_after_ms);
    }
    return true;
}
