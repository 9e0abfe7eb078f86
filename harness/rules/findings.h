/* The list of what was found in a run: judges add to it, the verdict puts it into order. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_RULES_FINDINGS_H
#define UNDERSTUDY_HARNESS_RULES_FINDINGS_H

#include "rule.h"

/* Adds a finding, or, when its cause was found before, one more poll of it; the text is then the surer one's. */
void finding_add(struct findings *out, enum cause_id cause, enum provenance source, uint32_t poll,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds the findings of one task of a run with several: polls[i] is the number that its poll i + 1 has in the run, and
 * task the task's. The text counts the task's own polls. */
void findings_add_task(struct findings *out, const struct findings *of_task, const uint32_t *polls,
                       uint32_t task);

/* One cause, one finding: puts what follows from another finding behind it, into the order that verdict.h
 * describes, and sets `under`. A finding never stands under one that weighs less than itself. */
void findings_fold(struct findings *list);

#endif
