/* Answers of the program itself, not of a service: admin pages, the recorder's errors, the
 * wire's refusals. They use the plan of the request and run on its thread. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_ANSWER_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_ANSWER_H

#include "mockserver/plan/plan.h"

#include "base/span.h"

/* Makes a plan that sends status and a JSON body. headers: more header lines, each ending in
 * CRLF, or NULL. Resets the plan first. A body that does not fit into PLAN_ANSWER_MAX or memory
 * gives a plan that only closes the connection (head_send). */
void answer_json(struct plan *plan, int status, const char *headers, struct span body);

/* As answer_json with the body {"error": "..."}. Without memory for it the plan closes the connection. */
void answer_error(struct plan *plan, int status, const char *headers, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
