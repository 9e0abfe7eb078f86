/* How a judge says what it found. */
#include "rule.h"

#include <stdarg.h>
#include <stdio.h>

bool rule_fail(struct finding *finding, uint32_t poll, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
    finding->poll = poll;
    return false;
}
