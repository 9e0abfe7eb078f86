/* Rules: the demands on a client's conduct, decided from evidence alone. One row a rule, in rules.c: verdicts,
 * reports, the scenarios' schema, the documents and the simulation's counters all go by it. */
#ifndef UNDERSTUDY_HARNESS_RULES_RULES_H
#define UNDERSTUDY_HARNESS_RULES_RULES_H

#include "rule.h"

/* Rows, ended by one whose name is NULL. */
const struct rule *rules(void);
const struct rule *rule_find(const char *name);

/* Whether the run held anything that the rule could have found wrong, so that it was judged by it. */
bool rule_had_something(const struct rule *rule, const struct evidence *evidence);

/* Whether it judges by what the contract reads from a reply, which a decoder may read in another way. */
bool rule_goes_by_reading(const struct rule *rule);

/* Not judged in this run: the scenario or the client's profile says so, or it goes by a reply that decides nothing. */
bool rule_is_off(const struct evidence *evidence, const struct rule *rule);

#endif
