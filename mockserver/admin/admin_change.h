/* The pages of the admin that change something, and what they share with those that are read.
 * For the table in admin_pages.c. */
#ifndef UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_CHANGE_H
#define UNDERSTUDY_MOCKSERVER_ADMIN_ADMIN_CHANGE_H

#include "admin_call.h"

/* POST /_mock/clock. ERR_CANCELLED unless the clock can be moved, and when nothing changes by time
 * that it could move to; ERR_USAGE or ERR_CONTRACT for a body that does not say how far. */
int admin_move_clock(const struct admin_call *call, struct buf *out, struct err *e);

/* POST /_mock/reset. Without a body, or with an object without keys, all is forgotten: tasks,
 * journal and nonces. Else the tasks alone that have every value that is said; nothing at all
 * when the body cannot be read. */
int admin_reset(const struct admin_call *call, struct buf *out, struct err *e);

/* {"clock": ..., "now": ..., "speed": ...} */
void admin_write_clock(const struct admin_call *call, int64_t now_ms, struct buf *out);

/* ERR_USAGE with the nearest when no upstream has the name. */
int admin_check_upstream(const struct admin_call *call, const char *name, struct err *e);

#endif
