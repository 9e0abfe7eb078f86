/* task_read and its errors in this project's own types, for other rooms. */
#ifndef UNDERSTUDY_CLIENT_DECODE_VIEW_H
#define UNDERSTUDY_CLIENT_DECODE_VIEW_H

#include "client/client.h"

#include "base/err.h"
#include "base/span.h"

/* As task_read. */
int view_read(const char *upstream, int http_status, struct span body, struct task_view *out,
              struct err *e);

/* The same by a contract, as task_pack_read. */
int pack_read(const struct task_pack *p, int http_status, struct span body, struct task_view *out,
              struct err *e);

/* Copies an error into the public form: e->code becomes the task_failure_code of the same number.
 * Returns it. f may be NULL. */
int failure_from_err(struct task_failure *f, const struct err *e);

#endif
