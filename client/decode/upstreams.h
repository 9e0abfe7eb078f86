/* The six upstreams and "auto": how each is asked, read and waited for. A constant row each in
 * upstreams.c; any thread may read them. Source of each row: fixtures/<name>/openapi.json. */
#ifndef UNDERSTUDY_CLIENT_DECODE_UPSTREAMS_H
#define UNDERSTUDY_CLIENT_DECODE_UPSTREAMS_H

#include "client/client.h"
#include "dialect.h"

#include "base/span.h"

/* NULL when there is none of that name. */
const struct dialect *dialect_find(const char *name);

/* As view_read and task_goal_state, for a known upstream. */
int dialect_read(const struct dialect *d, int http_status, struct span body, struct task_view *out,
                 struct err *e);
enum task_state dialect_goal_state(const struct dialect *d, const char *goal,
                                   const struct task_view *view, bool seen);

#endif
