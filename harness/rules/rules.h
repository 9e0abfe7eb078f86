/* Rules: the demands on a client's conduct, decided from evidence alone. One row a rule. */
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

struct rule {
    const char *name;
    enum rule_level level;
    const char *demand;
    /* True when the demand is met; else fills poll and text of *finding. */
    bool (*judge)(const struct evidence *evidence, struct finding *finding);
};

/* Rows, ended by one whose name is NULL. */
const struct rule *rules(void);
const struct rule *rule_find(const char *name);

bool rule_judge_outcome(const struct evidence *evidence, struct finding *finding);
bool rule_judge_interval(const struct evidence *evidence, struct finding *finding);
bool rule_judge_retry_after(const struct evidence *evidence, struct finding *finding);
bool rule_judge_terminal(const struct evidence *evidence, struct finding *finding);
bool rule_judge_bounded(const struct evidence *evidence, struct finding *finding);
bool rule_judge_permanent(const struct evidence *evidence, struct finding *finding);
bool rule_judge_transient(const struct evidence *evidence, struct finding *finding);
bool rule_judge_unknown(const struct evidence *evidence, struct finding *finding);
bool rule_judge_one_flight(const struct evidence *evidence, struct finding *finding);
bool rule_judge_auth(const struct evidence *evidence, struct finding *finding);
bool rule_judge_signature(const struct evidence *evidence, struct finding *finding);
bool rule_judge_request(const struct evidence *evidence, struct finding *finding);

/* Fills *finding and returns false, so that a judge ends with one line. */
bool rule_fail(struct finding *finding, uint32_t poll, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
