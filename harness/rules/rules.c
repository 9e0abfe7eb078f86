/* The table of rules. */
#include "rules.h"
#include "judges.h"

#include <string.h>

static const struct rule table[] = {
    {"outcome", RULE_REQUIRED, RULE_ABOUT_ANY_RUN,
     "reports how the task ended: the outcome, the URL or reason, after as many polls",
     rule_judge_outcome, false},
    {"interval", RULE_REQUIRED, RULE_ABOUT_SEVERAL_POLLS,
     "leaves the contract's interval between a good reply and the next poll", rule_judge_interval,
     false},
    {"hot-loop", RULE_REQUIRED, RULE_ABOUT_SEVERAL_POLLS,
     "never polls again and again with no wait to speak of", rule_judge_hot_loop, false},
    {"backoff", RULE_RECOMMENDED, RULE_ABOUT_REPEATED_TROUBLE,
     "waits longer, and by chance, after each transient failure in a row", rule_judge_backoff,
     false},
    {"retry-after", RULE_REQUIRED, RULE_ABOUT_RETRY_AFTER,
     "waits as long as a reply's Retry-After asks for", rule_judge_retry_after, false},
    {"terminal", RULE_REQUIRED, RULE_ABOUT_A_TERMINAL_REPLY,
     "does not poll after a fully delivered terminal reply", rule_judge_terminal, false},
    {"bounded", RULE_REQUIRED, RULE_ABOUT_AN_OPEN_END,
     "gives up on a task that never ends, within its limit where it has one", rule_judge_bounded,
     false},
    {"permanent", RULE_REQUIRED, RULE_ABOUT_A_REFUSAL,
     "repeats a poll that was refused for good at most once", rule_judge_permanent, false},
    {"transient", RULE_REQUIRED, RULE_ABOUT_A_TRANSIENT_FAILURE,
     "polls again after 408, 425, 429, 5xx, a lost or cut answer, and an empty or HTML one",
     rule_judge_transient, false},
    {"unknown", RULE_REQUIRED, RULE_ABOUT_AN_UNKNOWN_STATUS,
     "takes an unknown status neither for success nor for failure", rule_judge_unknown, false},
    {"one-flight", RULE_REQUIRED, RULE_ABOUT_SEVERAL_POLLS,
     "has one poll of its task under way at a time, always with the id it was given",
     rule_judge_one_flight, false},
    {"auth", RULE_REQUIRED, RULE_ABOUT_A_TOKEN,
     "sends the contract's credentials with every poll, and the token nowhere else",
     rule_judge_auth, true},
    {"signature", RULE_REQUIRED, RULE_ABOUT_A_SIGNATURE,
     "signs every call: right MD5, a nonce of its own, a clock within 600 s, version 2.0",
     rule_judge_signature, true},
    {"request", RULE_REQUIRED, RULE_ABOUT_ANY_RUN,
     "sends the method, path, query, headers and body that the contract describes",
     rule_judge_request, true},
    {"create", RULE_REQUIRED, RULE_ABOUT_A_WHOLE_PROGRAM,
     "creates one task for each that it is asked for, and sends that request again only where none "
     "was made",
     rule_judge_create, true},
    {"content", RULE_REQUIRED, RULE_ABOUT_A_WHOLE_PROGRAM,
     "fetches a task's content when it has succeeded, and again when it did not come whole",
     rule_judge_content, true},
    {NULL, RULE_REQUIRED, RULE_ABOUT_ANY_RUN, NULL, NULL, false},
};

const struct rule *rules(void)
{
    return table;
}

const struct rule *rule_find(const char *name)
{
    for (const struct rule *r = table; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

bool rule_is_off(const struct evidence *evidence, const struct rule *rule)
{
    return evidence_rule_off(evidence, rule->name)
        || (evidence->disputed && rule_goes_by_reading(rule));
}

bool rule_goes_by_reading(const struct rule *rule)
{
    return rule->subject >= RULE_ABOUT_AN_OPEN_END;
}
