/* Reading cancel tokens, for loops and transports that must end when one is set. Any thread. */
#ifndef UNDERSTUDY_CLIENT_HTTP_CANCEL_H
#define UNDERSTUDY_CLIENT_HTTP_CANCEL_H

#include "client/client.h"

bool cancel_is_set(const struct task_cancel *c);
int cancel_fd(const struct task_cancel *c); /* readable once set, for ever: never read from it */

#endif
