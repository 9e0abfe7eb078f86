/* Retry-After, in both forms of RFC 9110 §10.2.3:
 *
 *     Retry-After: 120                            seconds from now: digits and nothing else
 *     Retry-After: Wed, 21 Oct 2015 07:28:00 GMT  an HTTP-date in one of its three forms
 *                                                 (text_http_date)
 *
 * Blanks around the value are dropped. A date in the past is 0. What is neither form, a sign or a
 * fraction of a second among it, is as if the header were absent. A pure function. */
#ifndef UNDERSTUDY_CLIENT_POLL_RETRY_AFTER_H
#define UNDERSTUDY_CLIENT_POLL_RETRY_AFTER_H

#include "base/span.h"

#include <stdint.h>

/* A year: longer times count as this, also numbers of seconds beyond 64 bits. */
#define RETRY_AFTER_MAX_MS ((int64_t)366 * 24 * 3600 * 1000)

/* Milliseconds to wait from now, at least 0 and at most RETRY_AFTER_MAX_MS; -1 when the value is
 * empty or neither delay-seconds nor an HTTP-date. */
int64_t retry_after_ms(struct span value, int64_t now_unix_ms);

#endif
