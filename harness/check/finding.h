/* What a check finds. */
#ifndef UNDERSTUDY_HARNESS_CHECK_FINDING_H
#define UNDERSTUDY_HARNESS_CHECK_FINDING_H

#include "base/err.h"
#include "level.h"

/* Called for each finding: e->where is "FILE:LINE:COLUMN", "FILE" or the URL of a live service. value is a JSON Pointer
 * into the body, rule the place of the keyword in the contract ("#/components/schemas/Ask/required"); both may be "". */
struct check_finding {
    enum check_level level;
    const struct err *e;
    const char *value, *rule;
};
typedef void check_report(const struct check_finding *f, void *arg);

#endif
