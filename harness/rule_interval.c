/* interval: polls keep the distance and the rate that the contract asks for. */
#include "rules.h"

/* One last poll may be squeezed in before the client's own limit: it is the final one and comes within
 * an interval of the limit. */
static bool is_last_try(const struct evidence *evidence, uint32_t i, int64_t interval_ms)
{
    const struct story *s = &evidence->story;
    int64_t since_first = s->polls[i].began_ms - s->polls[0].began_ms;
    return i + 1 == s->count && since_first >= evidence->scenario->expect.within_ms - interval_ms;
}

static bool keeps_rate(const struct story *s, uint32_t per_second, struct finding *finding)
{
    for (uint32_t i = per_second; i < s->count; i++) {
        int64_t span_ms = s->polls[i].began_ms - s->polls[i - per_second].began_ms;
        if (span_ms < 1000)
            return rule_fail(finding, i + 1, "%u polls came within %lld ms, %u a second are allowed",
                             per_second + 1, (long long)span_ms, per_second);
    }
    return true;
}

bool rule_judge_interval(const struct evidence *evidence, struct finding *finding)
{
    const struct story *s = &evidence->story;
    const struct contract *c = &evidence->upstream->contract;
    for (uint32_t i = 1; i < s->count; i++) {
        int64_t gap_ms = s->polls[i].began_ms - s->polls[i - 1].ended_ms;
        if (gap_ms < c->polite_interval_ms && !is_last_try(evidence, i, c->polite_interval_ms))
            return rule_fail(finding, i + 1,
                             "poll %u came %lld ms after the end of reply %u, %lld ms are asked for",
                             i + 1, (long long)gap_ms, i, (long long)c->polite_interval_ms);
    }
    return c->polite_per_second == 0 || keeps_rate(s, c->polite_per_second, finding);
}
