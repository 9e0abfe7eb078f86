/* What whole programs do besides polling: create, content.
 *
 * To create is not idempotent: who sends such a request again, though the first may have been carried out, may get, and
 * pay, two tasks (RFC 9110 9.2.2). A request that was not read whole stands in no journal: sending it again is lawful,
 * and is not seen. */
#include "findings.h"
#include "judges.h"

#include <stdio.h>
#include <string.h>

enum { RESENT_WITHIN_MS = 250 }; /* libraries repeat at once (pace.c) */

/* How a request to create ended, as its client saw it. */
enum ending {
    ACCEPTED, /* 2xx, whole */
    REFUSED,  /* 429, 503, 3xx, 4xx, or a code of the contract that says so: no task was made */
    FAILED,   /* another 5xx, or a 2xx that is no JSON: one may have been made */
    LOST      /* no answer, or none that was whole, to a request that was read whole */
};

static enum ending ending_of(const struct task_call *c)
{
    if (c->status == 503 || (c->status >= 300 && c->status < 500))
        return REFUSED;
    if (c->status >= 500)
        return FAILED;
    if (call_was_complete(c) && c->reply && (c->reply->may_pass || c->reply->refuses_for_good))
        return REFUSED;
    if (call_was_complete(c) && c->reply && !c->reply->is_json)
        return FAILED;
    return c->status >= 200 && call_was_complete(c) ? ACCEPTED : LOST;
}

/* Request number n repeats the one before it. */
static void tell_repeat(const struct task_call *before, const struct task_call *c, uint32_t n,
                        struct findings *out)
{
    long long wait_ms = (long long)(c->began_ms - before->ended_ms);
    switch (ending_of(before)) {
    case ACCEPTED:
        finding_add(
            out, CAUSE_CREATED_TWICE, PROVENANCE_RFC, 0,
            "request %u to create came %lld ms after the one before was accepted (%u, id %.60s)", n,
            wait_ms, before->status, before->task);
        break;
    case LOST:
        finding_add(out, CAUSE_CREATED_AGAIN, PROVENANCE_RFC, 0,
                    "request %u to create came %lld ms after the answer to the one before was "
                    "lost; that one was read "
                    "whole%s",
                    n, wait_ms,
                    wait_ms < RESENT_WITHIN_MS ? " (at once, as HTTP libraries do by themselves)"
                                               : "");
        break;
    case FAILED:
        finding_add(out, CAUSE_CREATED_AFTER_ERROR, PROVENANCE_RFC, 0,
                    "request %u to create came %lld ms after a %u: the task may exist", n, wait_ms,
                    before->status);
        break;
    case REFUSED: break; /* it gave its turn back */
    }
}

/* A client has as many turns as it is asked for tasks; a refusal gives one back, which is good when its Retry-After is
 * over. */
void rule_judge_create(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    const struct task_call *before = NULL, *refused = NULL;
    uint32_t fresh = evidence->tasks > 0 ? evidence->tasks : 1, returned = 0, n = 0;
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        if (c->role != ROLE_CREATE)
            continue;
        n++;
        if (fresh > 0)
            fresh--;
        else if (returned == 0)
            tell_repeat(before, c, n, out);
        else if (--returned, c->began_ms - refused->ended_ms < refused->retry_after_ms)
            finding_add(out, CAUSE_CREATED_EARLY, PROVENANCE_RFC, 0,
                        "request %u to create came %lld ms after a %u that asked for %lld ms", n,
                        (long long)(c->began_ms - refused->ended_ms), refused->status,
                        (long long)refused->retry_after_ms);
        if (ending_of(c) == REFUSED) {
            returned++;
            refused = c;
        }
        before = c;
    }
}

/* -- content ------------------------------------------------------------------------------------- */

/* The operation may be known by hearsay only. */
static enum provenance source_of(const struct evidence *evidence, enum contract_role role)
{
    const struct contract_route *r = contract_operation(&evidence->upstream->contract, role);
    return r ? r->source : PROVENANCE_OBS;
}

static bool came(const struct task_call *c)
{
    return c->status >= 200 && c->status < 400 && call_was_complete(c);
}

/* Whether the content of that task was asked for once more after call number i. */
static bool asked_again(const struct trace *s, uint32_t i)
{
    for (uint32_t k = i + 1; k < s->call_count; k++)
        if (s->calls[k].role == ROLE_CONTENT && strcmp(s->calls[k].task, s->calls[i].task) == 0)
            return true;
    return false;
}

void rule_judge_content(const struct evidence *evidence, struct findings *out)
{
    const struct trace *s = &evidence->trace;
    bool reports_it = evidence->result.outcome == TASK_OUTCOME_SUCCEEDED && !evidence->timed_out
        && evidence->crashed[0] == '\0';
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        if (c->role != ROLE_CONTENT)
            continue;
        if ((c->flags & JOURNAL_EARLY) != 0)
            finding_add(
                out, CAUSE_EARLY_CONTENT, source_of(evidence, ROLE_CONTENT), 0,
                "the content of %.80s was asked for before a poll had said that it succeeded",
                c->task);
        else if (reports_it && !came(c) && !asked_again(s, i))
            finding_add(out, CAUSE_CUT_CONTENT, PROVENANCE_RFC, 0,
                        "the content of %.80s did not come whole (%s), was not asked for again, "
                        "and the client reported "
                        "success",
                        c->task,
                        c->status == 0         ? "no answer"
                            : c->status >= 400 ? "an error"
                                               : "cut");
    }
}
