/* Verdicts: a run judged by every rule, and the runs on two transports compared. Pure functions
 * of the evidence: thread safe, nothing to free. */
#ifndef UNDERSTUDY_HARNESS_RULES_VERDICT_H
#define UNDERSTUDY_HARNESS_RULES_VERDICT_H

#include "harness/testbed/evidence.h"
#include "rules.h"

#include <stdbool.h>
#include <stdint.h>

enum { VERDICT_FINDINGS_MAX = 16 };

enum verdict_kind {
    VERDICT_PASS,
    VERDICT_FAIL,        /* a REQUIRED rule, or a RECOMMENDED one that the scenario makes strict */
    VERDICT_INCONCLUSIVE /* the evidence is incomplete, so it can be neither */
};

struct verdict {
    enum verdict_kind kind;
    struct finding findings[VERDICT_FINDINGS_MAX]; /* a RECOMMENDED one alone does not fail */
    uint32_t finding_count;
    char inconclusive[256]; /* why, for VERDICT_INCONCLUSIVE; else "" */
};

/* Findings are in the order of the table of rules, at most VERDICT_FINDINGS_MAX. */
void verdict_of(const struct evidence *evidence, struct verdict *out);

/* Parity: the same polls at the same times, answered the same. Both runs began at the same time of
 * their clocks, and neither lost a poll. True when it holds; else why says where it does not. */
bool verdict_parity(const struct evidence *direct, const struct evidence *wire, char *why,
                    size_t why_size);

#endif
