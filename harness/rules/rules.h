/* Rules: the demands on a client's conduct, decided from evidence alone. One row a rule, in rules.c: verdicts,
 * reports, the scenarios' schema, the documents and the simulation's counters all go by it. */
#ifndef UNDERSTUDY_HARNESS_RULES_RULES_H
#define UNDERSTUDY_HARNESS_RULES_RULES_H

#include "harness/testbed/testbed.h"

#include <stdbool.h>
#include <stdint.h>

enum rule_level { RULE_REQUIRED, RULE_RECOMMENDED };

/* What a rule found wrong. */
struct finding {
    const struct rule *rule;
    uint32_t poll; /* the poll it shows at, from 1; 0 when it is no single one */
    char text[256];
};

/* What a run must hold for a rule to have something to judge. The simulation counts by it which rules were at
 * work. */
enum rule_subject {
    RULE_ABOUT_ANY_RUN,
    RULE_ABOUT_SEVERAL_POLLS,
    RULE_ABOUT_RETRY_AFTER,
    RULE_ABOUT_AN_OPEN_END, /* the task never ended, as far as the client could see */
    RULE_ABOUT_A_TOKEN,
    RULE_ABOUT_A_SIGNATURE,
    /* These are about what the contract reads from a reply. */
    RULE_ABOUT_A_TERMINAL_REPLY,
    RULE_ABOUT_A_REFUSAL,
    RULE_ABOUT_A_TRANSIENT_FAILURE,
    RULE_ABOUT_AN_UNKNOWN_STATUS
};

/* True when the demand is met; else fills poll and text of *finding. */
typedef bool rule_judge(const struct evidence *evidence, struct finding *finding);

struct rule {
    const char *name;
    enum rule_level level;
    enum rule_subject subject;
    const char *demand; /* "a client ..." */
    rule_judge *judge;
};

/* Rows, ended by one whose name is NULL. */
const struct rule *rules(void);
const struct rule *rule_find(const char *name);

/* Whether it judges by what the contract reads from a reply, which a decoder may read in another way. */
bool rule_goes_by_reading(const struct rule *rule);

#endif
