/* Whether a run held anything that a rule could have found wrong: a rule that had nothing to judge was not kept. */
#include "pace.h"
#include "rules.h"

enum { ROW_OF_TROUBLE = 3 };

typedef bool poll_test(const struct poll *p);

static bool asks_for_a_wait(const struct poll *p)
{
    return pace_asked_ms(p) >= 0;
}

static bool is_end(const struct poll *p)
{
    return (p->flags & JOURNAL_TERMINAL) != 0 && poll_was_complete(p);
}

static bool is_unknown(const struct poll *p)
{
    return p->state == REPLY_STATE_UNKNOWN && poll_was_complete(p);
}

/* Whether so many polls in a row are of that kind. */
static bool has_row(const struct trace *s, poll_test *is, uint32_t length)
{
    uint32_t in_a_row = 0;
    for (uint32_t i = 0; i < s->count && in_a_row < length; i++)
        in_a_row = is(&s->polls[i]) ? in_a_row + 1 : 0;
    return in_a_row == length;
}

bool rule_had_something(const struct rule *rule, const struct evidence *evidence)
{
    const struct trace *s = &evidence->trace;
    bool is_signed = contract_is_signed(&evidence->upstream->contract);
    switch (rule->subject) {
    case RULE_ABOUT_ANY_RUN: return true;
    case RULE_ABOUT_SEVERAL_POLLS: return s->count > 1;
    case RULE_ABOUT_RETRY_AFTER: return has_row(s, asks_for_a_wait, 1);
    case RULE_ABOUT_A_TOKEN: return !is_signed && !evidence->no_auth;
    case RULE_ABOUT_A_SIGNATURE: return is_signed && !evidence->no_auth;
    case RULE_ABOUT_A_WHOLE_PROGRAM: return s->call_count > 0;
    case RULE_ABOUT_AN_OPEN_END: return !has_row(s, is_end, 1);
    case RULE_ABOUT_REPEATED_TROUBLE: return has_row(s, pace_is_trouble, ROW_OF_TROUBLE);
    case RULE_ABOUT_A_TERMINAL_REPLY: return has_row(s, is_end, 1);
    case RULE_ABOUT_A_REFUSAL: return has_row(s, pace_is_refusal, 1);
    case RULE_ABOUT_A_TRANSIENT_FAILURE: return has_row(s, pace_is_trouble, 1);
    case RULE_ABOUT_AN_UNKNOWN_STATUS: return has_row(s, is_unknown, 1);
    }
    return false;
}
