/* The judges behind the rows of rules.c, and how they end. */
#ifndef UNDERSTUDY_HARNESS_RULES_JUDGES_H
#define UNDERSTUDY_HARNESS_RULES_JUDGES_H

#include "rules.h"

rule_judge rule_judge_outcome;
rule_judge rule_judge_interval;
rule_judge rule_judge_retry_after;
rule_judge rule_judge_terminal;
rule_judge rule_judge_bounded;
rule_judge rule_judge_permanent;
rule_judge rule_judge_transient;
rule_judge rule_judge_unknown;
rule_judge rule_judge_one_flight;
rule_judge rule_judge_auth;
rule_judge rule_judge_signature;
rule_judge rule_judge_request;

/* Fills *finding and returns false, so that a judge ends with one line. */
bool rule_fail(struct finding *finding, uint32_t poll, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
