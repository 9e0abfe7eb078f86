/* What a rule is, and what it finds. The judges need this and the evidence, and nothing else. */
#ifndef UNDERSTUDY_HARNESS_RULES_RULE_H
#define UNDERSTUDY_HARNESS_RULES_RULE_H

#include "harness/testbed/evidence.h"
#include "mockserver/fixture/provenance.h"

#include <stdbool.h>
#include <stdint.h>

enum rule_level { RULE_REQUIRED, RULE_RECOMMENDED };

/* What a rule found wrong. */
struct finding {
    const struct rule *rule;
    uint32_t poll; /* the poll it shows at, from 1; 0 when it is no single one */
    /* Where the demand that it breaks is written: what a wish of the contract names as its source, else RFC. */
    enum provenance source;
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

/* True when the demand is met; else fills poll and text of *finding, and source when the demand is the contract's. */
typedef bool rule_judge(const struct evidence *evidence, struct finding *finding);

struct rule {
    const char *name;
    enum rule_level level;
    enum rule_subject subject;
    const char *demand; /* "a client ..." */
    rule_judge *judge;
};

/* How much a finding weighs: its rule's level, as far as the source of the demand carries it. */
enum rule_level finding_level(const struct finding *finding);

/* Fills *finding and returns false, so that a judge ends with one line. */
bool rule_fail(struct finding *finding, uint32_t poll, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
