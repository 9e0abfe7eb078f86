/* What the rules about times share: which replies are good, which are trouble, which refuse for good, which polls a library sent by itself. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_RULES_PACE_H
#define UNDERSTUDY_HARNESS_RULES_PACE_H

#include "harness/testbed/trace.h"

#include <stdbool.h>
#include <stdint.h>

/* A whole answer that says that the task is open. */
bool pace_is_good(const struct poll *p);

/* A transient failure: no reply from the fixtures, a lost or cut answer, 408, 425, 429, 5xx, a 2xx whose
 * body is no JSON (nothing, HTML), and a code that the contract calls transient. */
bool pace_is_trouble(const struct poll *p);

/* Refused for good: 400, 401, 403, 404, and a code that the contract calls permanent. */
bool pace_is_refusal(const struct poll *p);

/* Poll i repeats the one before at once, after a close without a byte or after a cut body: HTTP libraries do that by themselves (RFC 9110
 * 9.2.2), without their user's knowledge. Once, not twice in a row. */
bool pace_is_resent(const struct trace *s, uint32_t i);

/* From the end of the reply before poll i to its beginning; i > 0. */
int64_t pace_wait_ms(const struct trace *s, uint32_t i);

/* How long the reply before poll i asked to wait, where that counts: a whole reply of status 429 or 503,
 * or 2xx about a task that has not ended; -1: nothing. */
int64_t pace_asked_ms(const struct poll *p);

#endif
