/* Redaction: what must not be shown or written, and its placeholder. */
#ifndef UNDERSTUDY_REDACT_H
#define UNDERSTUDY_REDACT_H

#include "base/buf.h"
#include "base/json.h"
#include "base/span.h"

#include <stdbool.h>

#define REDACTED "REDACTED"

/* True for header lines whose value is a secret: Authorization, Cookie, X-Api-Key ... */
bool redact_is_secret_header(struct span name);

/* True for query parameters whose value is a secret: Signature, token, api_key ... */
bool redact_is_secret_param(struct span name);

/* Appends a request target with the values of secret query parameters replaced. */
void redact_target(struct buf *out, struct span target);

/* Appends a JSON body with the values that the pointers name replaced by "REDACTED" (null stays). pointers is
 * x-task.redact: an array of JSON Pointers in which a segment * stands for every element; NULL is fine.
 * A body that is not JSON is appended as it is. */
void redact_body(struct buf *out, struct span body, const struct json *pointers);

#endif
