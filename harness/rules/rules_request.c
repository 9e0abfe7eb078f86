/* What a client sends: request, auth, signature, one-flight. */
#include "findings.h"
#include "judges.h"
#include "pace.h"

#include "mockserver/message/header.h"

#include <stdio.h>
#include <string.h>

static const char *why(const struct poll *p)
{
    return p->why ? p->why : "no reason given";
}

/* "request 1 to create". */
static const char *call_text(const struct trace *s, uint32_t i, char out[48])
{
    uint32_t n = 0;
    for (uint32_t k = 0; k <= i; k++)
        n += s->calls[k].role == s->calls[i].role;
    snprintf(out, 48, "request %u of the role \"%s\"", n, contract_role_name(s->calls[i].role));
    return out;
}

/* Of a call the contract may know by hearsay only. */
static void judge_calls(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    char text[48];
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        const struct contract_route *r = contract_operation(&evidence->upstream->contract, c->role);
        if ((c->flags & JOURNAL_BAD_REQUEST) != 0)
            finding_add(out, CAUSE_BAD_REQUEST, r ? r->source : PROVENANCE_OBS, 0,
                        "%s is not what the contract describes: %s", call_text(s, i, text),
                        c->why ? c->why : "no reason given");
    }
}

/* What the contract demands of polls stands in the service's document. */
void rule_judge_request(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        if (p->outside)
            finding_add(out, CAUSE_OUTSIDE_MOUNT, PROVENANCE_DOC, i + 1,
                        "poll %u asks for its task outside of the base URL that it was given%s%s",
                        i + 1, p->asked ? ": " : "", p->asked ? p->asked : "");
        else if ((p->flags & JOURNAL_UNEXPECTED) != 0)
            finding_add(out, CAUSE_NO_OPERATION, PROVENANCE_DOC, i + 1,
                        "poll %u is not what the contract describes: %s", i + 1, why(p));
        else if ((p->flags & JOURNAL_BAD_REQUEST) != 0)
            finding_add(out, CAUSE_BAD_REQUEST, PROVENANCE_DOC, i + 1,
                        "poll %u is not what the contract describes: %s", i + 1, why(p));
    }
    judge_calls(evidence, out);
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

/* Credentials may go to the upstream's own hosts, where a result may lie, and to no other. */
static void judge_downloads(const struct evidence *evidence, struct findings *out)
{
    const struct downloads *d = &evidence->downloads;
    for (uint32_t i = 0; i < d->count; i++)
        if (d->list[i].leak
            && !contract_has_host(&evidence->upstream->contract, host_of(d->list[i].url)))
            finding_add(out, CAUSE_TOKEN_ELSEWHERE, PROVENANCE_RFC, evidence->trace.count,
                        "the request for %.90s shows the token to another host: in %s",
                        d->list[i].url, d->list[i].leak);
}

/* Of calls: credentials that are missing or wrong, and what they show of them. */
static void judge_call_credentials(const struct trace *s, enum cause_id bad, struct findings *out)
{
    char text[48];
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        if ((c->flags & JOURNAL_TOKEN_IN_URL) != 0)
            finding_add(out, CAUSE_TOKEN_IN_URL, PROVENANCE_RFC, 0, "%s shows the token in its URL",
                        call_text(s, i, text));
        if ((c->flags & JOURNAL_SECRET_SENT) != 0)
            finding_add(out, CAUSE_SECRET_SENT, PROVENANCE_DOC, 0,
                        "%s sends the secret, which is for signing only", call_text(s, i, text));
        if ((c->flags & JOURNAL_BAD_AUTH) != 0)
            finding_add(out, bad, PROVENANCE_DOC, 0, "%s: %s", call_text(s, i, text),
                        c->why ? c->why : "no reason given");
    }
}

void rule_judge_auth(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    judge_downloads(evidence, out);
    if (contract_is_signed(&evidence->upstream->contract) || evidence->no_auth)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        if ((p->flags & JOURNAL_TOKEN_IN_URL) != 0)
            finding_add(out, CAUSE_TOKEN_IN_URL, PROVENANCE_RFC, i + 1,
                        "poll %u shows the token in its URL", i + 1);
        else if ((p->flags & JOURNAL_BAD_AUTH) != 0)
            finding_add(out, CAUSE_BAD_CREDENTIALS, PROVENANCE_DOC, i + 1, "poll %u: %s", i + 1,
                        why(p));
        if ((p->flags & JOURNAL_TOKEN_TWICE) != 0)
            finding_add(out, CAUSE_TOKEN_TWICE, PROVENANCE_RFC, i + 1,
                        "poll %u sends the token in more than one header", i + 1);
    }
    judge_call_credentials(s, CAUSE_BAD_CREDENTIALS, out);
}

void rule_judge_signature(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    if (!contract_is_signed(&evidence->upstream->contract) || evidence->no_auth)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct poll *p = &s->polls[i];
        if ((p->flags & JOURNAL_SECRET_SENT) != 0)
            finding_add(out, CAUSE_SECRET_SENT, PROVENANCE_DOC, i + 1,
                        "poll %u sends the secret, which is for signing only", i + 1);
        if ((p->flags & JOURNAL_BAD_AUTH) != 0)
            finding_add(out, CAUSE_BAD_SIGNATURE, PROVENANCE_DOC, i + 1, "poll %u: %s", i + 1,
                        why(p));
        else if ((p->flags & JOURNAL_NONCE_REUSED) != 0 && !pace_is_resent(s, i))
            finding_add(out, CAUSE_NONCE_REUSED, PROVENANCE_DOC, i + 1,
                        "poll %u sent a nonce that was sent before", i + 1);
    }
    judge_call_credentials(s, CAUSE_BAD_SIGNATURE, out);
}

/* A poll whose answer the client no longer waited for is over when the client left. */
void rule_judge_one_flight(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->polls[i].other_task)
            finding_add(out, CAUSE_OTHER_TASK, PROVENANCE_RFC, i + 1,
                        "poll %u asks for another task id than %s", i + 1,
                        trace_task(s, 1) ? "was created" : "it was given");
        if (i > 0 && pace_wait_ms(s, i) < 0)
            finding_add(out, CAUSE_OVERLAP, PROVENANCE_RFC, i + 1,
                        "poll %u began %lld ms before reply %u had ended", i + 1,
                        (long long)-pace_wait_ms(s, i), i);
    }
}
