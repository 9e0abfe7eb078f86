/* Refusals: replies in which a service gives an error in place of the task, in any known shape.
 *
 *     {"error": {"message": "...", "type": "...", "param": null, "code": "..."}}
 *     {"error": "no credit"}
 *     {"code": "task_not_exist", "message": "...", "data": null}
 *     {"Code": 400000005, "Message": "..."}
 *
 * Lenient on purpose: whatever the body is, the HTTP status alone already says that it is a
 * refusal. code may be a string, a number or null; a message that does not fit is cut at a
 * character; any other shape leaves code and reason empty. */
#ifndef UNDERSTUDY_CLIENT_DECODE_REFUSAL_H
#define UNDERSTUDY_CLIENT_DECODE_REFUSAL_H

#include "client/client.h"
#include "base/json/json.h"

/* What a service's codes mean; ends with a NULL code. Codes that are not listed mean what the HTTP
 * status says, or TASK_ERROR_PERMANENT under a 2xx. */
struct refusal_code {
    const char *code;
    enum task_error error;
};

/* Fills error, code and reason of *out. root NULL: the body is not JSON. otherwise: the error of a
 * code that is not listed. */
void refusal_read(const struct json *root, const struct refusal_code *codes,
                  enum task_error otherwise, struct task_view *out);

/* The meaning of an HTTP status: NONE below 400. 408, 425 (RFC 8470: too early), 429 and 5xx may
 * pass, 401 and 403 are about the token, 404 about the task. All other 4xx say that the request is
 * wrong, 409 and 423 among them: a poll changes nothing that it could be in conflict with, and no
 * upstream is known to say of one that it will pass. */
enum task_error refusal_of_status(int http_status);

#endif
