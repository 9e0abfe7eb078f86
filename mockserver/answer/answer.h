/* Answers in the mock's own name: the admin pages, refusals at the door. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_ANSWER_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_ANSWER_H

#include "mockserver/plan/plan.h"

#include "base/span.h"

/* Makes a plan that sends status and a JSON body. headers: more header lines, each ending in CRLF, or
 * NULL. Resets the plan first. */
void answer_json(struct plan *plan, int status, const char *headers, struct span body);

/* As answer_json with the body {"error": "..."}. */
void answer_error(struct plan *plan, int status, const char *headers, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
