/* How a judge says what it found. */
#include "rule.h"

#include <stdarg.h>
#include <stdio.h>

/* Whether a demand from there may be REQUIRED of a client. So far each source carries its rule's level. */
static const bool carries_level[] = {
    [PROVENANCE_DOC] = true, [PROVENANCE_RFC] = true, [PROVENANCE_SRC] = true,
    [PROVENANCE_OBS] = true, [PROVENANCE_INF] = true,
};

enum rule_level finding_level(const struct finding *finding)
{
    return carries_level[finding->source] ? finding->rule->level : RULE_RECOMMENDED;
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
