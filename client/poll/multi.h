/* task_multi_open on a clock of the caller, for tests. */
#ifndef UNDERSTUDY_CLIENT_POLL_MULTI_H
#define UNDERSTUDY_CLIENT_POLL_MULTI_H

#include "client/client.h"

#include "base/clock.h"
#include "base/err.h"

/* As task_multi_open, on a clock; NULL is the machine's. */
int multi_open(const struct task_multi_options *options, struct clock *clock,
               struct task_multi **out, struct err *e);

#endif
