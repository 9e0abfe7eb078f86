/* The table of rules, and the demands that need a look at one poll only. */
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct rule table[] = {
    {"outcome", RULE_REQUIRED,
     "reports what the scenario expects: the outcome, the URL or reason, after as many polls",
     rule_judge_outcome},
    {"interval", RULE_REQUIRED,
     "leaves the contract's interval between the end of a reply and the next poll",
     rule_judge_interval},
    {"terminal", RULE_REQUIRED, "does not poll after a fully delivered terminal reply",
     rule_judge_terminal},
    {"unknown", RULE_REQUIRED, "takes an unknown status neither for success nor for failure",
     rule_judge_unknown},
    {"request", RULE_REQUIRED,
     "sends the method, path, query, headers and body that the contract describes",
     rule_judge_request},
    {NULL, RULE_REQUIRED, NULL, NULL},
};

const struct rule *rules(void)
{
    return table;
}

const struct rule *rule_find(const char *name)
{
    for (const struct rule *r = table; r->name != NULL; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

bool rule_fail(struct finding *finding, uint32_t poll, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
    finding->poll = poll;
    return false;
}

bool rule_judge_terminal(const struct evidence *evidence, struct finding *finding)
{
    const struct story *s = &evidence->story;
    for (uint32_t i = 0; i + 1 < s->count; i++)
        if ((s->polls[i].flags & JOURNAL_TERMINAL) != 0 && poll_was_whole(&s->polls[i]))
            return rule_fail(finding, i + 2, "poll %u came after poll %u was answered %s: %s", i + 2,
                             i + 1, s->polls[i].reply != NULL ? s->polls[i].reply->name : "",
                             reply_state_name(s->polls[i].state));
    return true;
}

bool rule_judge_unknown(const struct evidence *evidence, struct finding *finding)
{
    const struct story *s = &evidence->story;
    if (s->count == 0 || s->polls[s->count - 1].state != REPLY_STATE_UNKNOWN ||
        !poll_was_whole(&s->polls[s->count - 1]))
        return true;
    if (evidence->result.outcome == TASK_OUTCOME_GAVE_UP)
        return true;
    return rule_fail(finding, s->count, "an unknown status was taken for \"%s\"",
                     task_outcome_name(evidence->result.outcome));
}

bool rule_judge_request(const struct evidence *evidence, struct finding *finding)
{
    const unsigned wrong = JOURNAL_UNEXPECTED | JOURNAL_BAD_REQUEST | JOURNAL_BAD_AUTH;
    const struct story *s = &evidence->story;
    for (uint32_t i = 0; i < s->count; i++)
        if ((s->polls[i].flags & wrong) != 0)
            return rule_fail(finding, i + 1, "poll %u was not what the contract describes: %s",
                             i + 1, s->polls[i].why != NULL ? s->polls[i].why : "no reason given");
    return true;
}
