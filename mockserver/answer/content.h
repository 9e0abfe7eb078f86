/* Content: the bytes of a result, whole or in the part that was asked for (RFC 9110 14). */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_CONTENT_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_CONTENT_H

#include "mockserver/message/message.h"
#include "render.h"

/* Fills an empty plan with the reply's body as it is recorded, or, when reply is NULL, with a film of no length. A
 * GET with one satisfiable range of a 200 gets 206 and that part, with one that begins behind the end 416; several
 * ranges, what is malformed, and a range under a condition (If-Range: there is no validator that could match) get the
 * whole. A reply of another status is rendered as any (render_reply), but that
 * the Location of a redirect is moved where URLs in bodies are. */
void content_write(struct plan *p, const struct reply *reply, const struct message *request,
                   const struct render_values *v);

#endif
