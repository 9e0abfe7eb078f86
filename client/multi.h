/* Many waits in one thread, for those who bring a clock. */
#ifndef UNDERSTUDY_MULTI_H
#define UNDERSTUDY_MULTI_H

#include "client.h"

#include "base/clock.h"
#include "base/err.h"

/* As task_multi_open, on a clock; NULL is the machine's. */
int multi_open(const struct task_multi_options *options, struct clock *clock,
               struct task_multi **out, struct err *e);

#endif
