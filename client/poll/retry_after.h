/* Retry-After, in both forms of RFC 9110 §10.2.3. */
#ifndef UNDERSTUDY_CLIENT_POLL_RETRY_AFTER_H
#define UNDERSTUDY_CLIENT_POLL_RETRY_AFTER_H

#include "base/span.h"

#include <stdint.h>

/* More than anybody waits: what a longer or unreadably long number of seconds counts as. */
#define RETRY_AFTER_MAX_MS ((int64_t)366 * 24 * 3600 * 1000)

/* Milliseconds to wait from now, at least 0 and at most RETRY_AFTER_MAX_MS; -1 when the value is
 * empty or neither delay-seconds nor an HTTP-date. */
int64_t retry_after_ms(struct span value, int64_t now_unix_ms);

#endif
