/* The head of an answer: status line, Content-Length and empty line. Every answer is written
 * through it, in this order:
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

/* Begins an empty plan's answer with its status line. reason: the phrase after the status; NULL:
 * head_phrase. */
void head_begin(struct plan *p, int status, const struct span *reason);

/* Ends the head and sets body_at. body_bytes: for Content-Length; HEAD_NO_LENGTH leaves that
 * header out. */
enum { HEAD_NO_LENGTH = -1 };
void head_end(struct plan *p, int64_t body_bytes);

/* Call last: adds the one act that sends the whole answer. When the answer did not fit into
 * memory or PLAN_ANSWER_MAX (buffers note that, so writers need not check) the plan closes the
 * connection without a byte instead, and its status is 0. */
void head_send(struct plan *p);

#endif
