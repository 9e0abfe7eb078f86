/* Cancellation, as those who wait see it. */
#ifndef UNDERSTUDY_CLIENT_HTTP_CANCEL_H
#define UNDERSTUDY_CLIENT_HTTP_CANCEL_H

#include "client/client.h"

bool cancel_is_set(const struct task_cancel *c);
int cancel_fd(const struct task_cancel *c); /* readable from task_cancel_now on */

#endif
