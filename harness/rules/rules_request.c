/* What a client sends: request, auth, signature, one-flight. */
#include "judges.h"

#include "mockserver/message/header.h"

#include <string.h>

static const char *why(const struct poll *p)
{
    return p->why ? p->why : "no reason given";
}

/* The first poll with one of the flags; count when there is none. */
static uint32_t first_with(const struct trace *s, unsigned flags)
{
    uint32_t i = 0;
    while (i < s->count && (s->polls[i].flags & flags) == 0)
        i++;
    return i;
}

bool rule_judge_request(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    uint32_t i = first_with(s, JOURNAL_UNEXPECTED | JOURNAL_BAD_REQUEST);
    if (i == s->count)
        return true;
    return rule_fail(finding, i + 1, "poll %u is not what the contract describes: %s", i + 1,
                     why(&s->polls[i]));
}

/* The host of an absolute URL, without credentials and port. */
static struct span host_of(const char *url)
{
    struct span s = span_of(url);
    s = span_cut(s, span_find(s, '/') + 2, s.n);
    s = span_cut(s, 0, strcspn(url + (s.p - url), "/?#"));
    size_t at = span_find(s, '@');
    if (at < s.n)
        s = span_cut(s, at + 1, s.n);
    return header_host(s);
}

/* The token may go to the upstream's own hosts, where a result may lie, and to no other. */
static bool keeps_secrets(const struct evidence *evidence, struct finding *finding)
{
    const struct downloads *d = &evidence->downloads;
    for (uint32_t i = 0; i < d->count; i++)
        if (d->list[i].leak
            && !contract_has_host(&evidence->upstream->contract, host_of(d->list[i].url)))
            return rule_fail(finding, evidence->trace.count,
                             "the request for %.90s shows the token to another host: in %s",
                             d->list[i].url, d->list[i].leak);
    return true;
}

bool rule_judge_auth(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    if (!keeps_secrets(evidence, finding))
        return false;
    if (contract_is_signed(&evidence->upstream->contract) || evidence->no_auth)
        return true;
    for (uint32_t i = 0; i < s->count; i++)
        if (s->polls[i].shows_token)
            return rule_fail(finding, i + 1, "poll %u shows the token in its URL", i + 1);
    uint32_t i = first_with(s, JOURNAL_BAD_AUTH);
    if (i == s->count)
        return true;
    return rule_fail(finding, i + 1, "poll %u: %s", i + 1, why(&s->polls[i]));
}

bool rule_judge_signature(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    if (!contract_is_signed(&evidence->upstream->contract) || evidence->no_auth)
        return true;
    uint32_t i = first_with(s, JOURNAL_BAD_AUTH);
    if (i < s->count)
        return rule_fail(finding, i + 1, "poll %u: %s", i + 1, why(&s->polls[i]));
    i = first_with(s, JOURNAL_NONCE_REUSED);
    if (i < s->count)
        return rule_fail(finding, i + 1, "poll %u sent a nonce that was sent before", i + 1);
    return true;
}

bool rule_judge_one_flight(const struct evidence *evidence, struct finding *finding)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->polls[i].other_task)
            return rule_fail(finding, i + 1, "poll %u asks for another task id than it was given",
                             i + 1);
        if (i > 0 && s->polls[i].began_ms < s->polls[i - 1].ended_ms)
            return rule_fail(finding, i + 1, "poll %u began %lld ms before reply %u had ended",
                             i + 1, (long long)(s->polls[i - 1].ended_ms - s->polls[i].began_ms),
                             i);
    }
    return true;
}
