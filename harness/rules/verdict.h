/* Verdicts: a run judged by every rule, and the runs on two transports compared. Pure functions
 * of the evidence: thread safe, nothing to free. */
#ifndef UNDERSTUDY_HARNESS_RULES_VERDICT_H
#define UNDERSTUDY_HARNESS_RULES_VERDICT_H

#include "harness/testbed/evidence.h"
#include "rules.h"

#include <stdbool.h>
#include <stdint.h>

enum verdict_kind {
    VERDICT_PASS,        /* remarks, if any, and nothing that fails */
    VERDICT_FAIL,        /* a finding that is REQUIRED */
    VERDICT_INCONCLUSIVE /* the evidence is incomplete, so it can be neither */
};

enum { VERDICT_KINDS = VERDICT_INCONCLUSIVE + 1 };

/* "ok", "FAIL", "unclear". */
const char *verdict_word(enum verdict_kind kind);

struct verdict {
    enum verdict_kind kind;
    /* Causes first, in the order of causes.c, those that are REQUIRED before remarks; behind each the findings that
     * follow from it (finding.under). */
    struct finding findings[CAUSES];
    uint32_t finding_count;
    char inconclusive[256]; /* why, for VERDICT_INCONCLUSIVE; else "" */
};

void verdict_of(const struct evidence *evidence, struct verdict *out);
/* For those who hold a client to advice too: a pass with remarks becomes a failure. */
void verdict_fail_on_remark(struct verdict *verdict);

/* Parity: the same polls at the same times, answered the same. Both runs began at the same time of
 * their clocks, and neither lost a poll. True when it holds; else why says where it does not. */
bool verdict_parity(const struct evidence *direct, const struct evidence *wire, char *why,
                    size_t why_size);

#endif
