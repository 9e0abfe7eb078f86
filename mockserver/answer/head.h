/* The head of an answer: the one way to write status line, length and end, and to finish the plan.
 *
 *     head_begin(plan, 200, NULL);
 *     buf_add_text(&plan->answer, "Content-Type: video/mp4\r\n");
 *     head_end(plan, body.n);
 *     buf_add_span(&plan->answer, body);
 *     head_send(plan);
 */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_HEAD_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_HEAD_H

#include "mockserver/plan/plan.h"

#include <stdint.h>

/* The registered reason phrase of a status (RFC 9110 §15): "OK"; "" when it is not a known one. */
const char *head_phrase(int status);

/* Begins an empty plan's answer with its status line. reason: what to say after the status, NULL for head_phrase. */
void head_begin(struct plan *p, int status, const struct span *reason);

/* Ends the head. body_bytes goes into Content-Length; HEAD_NO_LENGTH leaves the header out. */
enum { HEAD_NO_LENGTH = -1 };
void head_end(struct plan *p, int64_t body_bytes);

/* The plan sends the whole answer in one act. An answer that did not fit into memory or PLAN_ANSWER_MAX is
 * none: then the plan closes the connection without a byte, and its status is 0. */
void head_send(struct plan *p);

#endif
