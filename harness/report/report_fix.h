/* Counts what report_fix_first ranks. */
#ifndef UNDERSTUDY_HARNESS_REPORT_REPORT_FIX_H
#define UNDERSTUDY_HARNESS_REPORT_REPORT_FIX_H

#include "report.h"

/* Adds the causes of a result that is not good. */
void report_count_causes(struct report_totals *totals, const struct run_result *result);

#endif
