/* The judges behind the rows of rules.c. */
#ifndef UNDERSTUDY_HARNESS_RULES_JUDGES_H
#define UNDERSTUDY_HARNESS_RULES_JUDGES_H

#include "rule.h"

rule_judge rule_judge_outcome;
rule_judge rule_judge_interval;
rule_judge rule_judge_hot_loop;
rule_judge rule_judge_backoff;
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
rule_judge rule_judge_create;
rule_judge rule_judge_content;

#endif
