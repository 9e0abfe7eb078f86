/* Cancellation, as those who wait see it. */
#ifndef UNDERSTUDY_CANCEL_H
#define UNDERSTUDY_CANCEL_H

#include "client.h"

bool cancel_is_set(const struct task_cancel *c);
int cancel_fd(const struct task_cancel *c); /* readable from task_cancel_now on */

#endif
