/* A wait's result: its outcome, and a sentence that says why. */
#include "poll.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes the sentence for people; one that is too long is cut, never inside a character. */
__attribute__((format(printf, 2, 3))) static void write_why(char *why, const char *format, ...)
{
    char sentence[2 * TASK_REASON_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    view_cut(sentence, why, TASK_WHY_MAX);
}

static void explain(const struct task_poll *p, char *why)
{
    const struct task_view *v = p->last;
    char limit[64];
    switch (p->verb) {
    case POLICY_DONE:
        write_why(why, "the task %s%s%s", task_state_name(v->state),
                  v->reason[0] != '\0' ? ": " : "", v->reason);
        return;
    case POLICY_REFUSED:
        write_why(why, "%s: %s",
                  p->failure.code == ERR_USAGE ? "the service cannot be asked"
                                               : "the service refused for good",
                  p->failure.what);
        return;
    case POLICY_GIVE_UP_TRANSIENT:
        write_why(why, "%u polls in a row told nothing, the last: %s%s%s", p->transients,
                  p->failure.where, p->failure.where[0] != '\0' ? ": " : "", p->failure.what);
        return;
    case POLICY_GIVE_UP_UNKNOWN:
        write_why(why, "%u polls in a row told the unknown status '%s'", p->unknowns, v->status);
        return;
    case POLICY_GIVE_UP_RETRY_AFTER:
        write_why(why, "the service asked to be left alone beyond the limit of %s",
                  text_of_ms(p->policy.timeout_ms, limit, sizeof limit));
        return;
    default:
        write_why(why, "the task was still open after the limit of %s%s%s",
                  text_of_ms(p->policy.timeout_ms, limit, sizeof limit),
                  p->transients > 0 ? "; the last poll: " : "",
                  p->transients > 0 ? p->failure.what : "");
    }
}

static enum task_outcome outcome_of(const struct task_poll *p)
{
    if (p->cancelled || !p->over)
        return TASK_OUTCOME_CANCELLED;
    switch (p->verb) {
    case POLICY_DONE:
        return p->last->state == TASK_SUCCEEDED ? TASK_OUTCOME_SUCCEEDED : TASK_OUTCOME_FAILED;
    case POLICY_REFUSED: return TASK_OUTCOME_ERROR;
    default: return TASK_OUTCOME_GAVE_UP;
    }
}

static enum task_gave_up gave_up_of(enum policy_verb verb)
{
    switch (verb) {
    case POLICY_GIVE_UP_RETRY_AFTER: return TASK_GAVE_UP_RETRY_AFTER;
    case POLICY_GIVE_UP_TRANSIENT: return TASK_GAVE_UP_TRANSIENT;
    case POLICY_GIVE_UP_UNKNOWN: return TASK_GAVE_UP_UNKNOWN;
    default: return TASK_GAVE_UP_TIME;
    }
}

void poll_clear(struct task_result *out)
{
    memset(out, 0, sizeof *out);
    out->view.progress = -1;
}

/* A wait that ended without an outcome reports the last known state of the task, even when
 * transient failures came after it. A wait that a reply ended reports that reply. */
void poll_result(const struct task_poll *p, struct task_result *out)
{
    poll_clear(out);
    out->outcome = outcome_of(p);
    out->polls = p->polls;
    out->replies = p->replies;
    out->elapsed_ms = p->now_ms - p->start_ms;
    bool open = out->outcome == TASK_OUTCOME_GAVE_UP || out->outcome == TASK_OUTCOME_CANCELLED;
    out->view = open && p->known ? *p->known : *p->last;
    if (out->outcome == TASK_OUTCOME_GAVE_UP)
        out->gave_up = gave_up_of(p->verb);
    if (out->outcome == TASK_OUTCOME_CANCELLED)
        write_why(out->why, "cancelled");
    else
        explain(p, out->why);
}
