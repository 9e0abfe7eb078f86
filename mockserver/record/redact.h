/* Redaction: what must not be shown or written, and its placeholder. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H

#include "base/buf.h"
#include "base/json/json.h"
#include "base/span.h"

#include <stdbool.h>

#define REDACTED "REDACTED"

/* True for header lines whose value is a secret: Authorization, Cookie, X-Api-Key ... */
bool redact_is_secret_header(struct span name);

/* True for query parameters whose value is a secret: Signature, token, api_key ... */
bool redact_is_secret_param(struct span name);

/* Appends a request target with the values of secret query parameters replaced. */
void redact_target(struct buf *out, struct span target);

/* Appends a JSON body with the values that the pointers name replaced: an http URL keeps all but its query
 * and fragment, which may be signed; any other value becomes "REDACTED"; null and "" stay. pointers is
 * x-task.redact: an array of JSON Pointers in which a segment * stands for every element; NULL is fine.
 * A body that is not JSON is appended as it is. */
void redact_body(struct buf *out, struct span body, const struct json *pointers);

/* The secrets of one exchange, as they came: they must not show anywhere else either. */
enum { REDACT_SECRETS_MAX = 32, REDACT_SECRET_MIN = 6 };
struct redact_secrets {
    struct span values[REDACT_SECRETS_MAX]; /* lent */
    size_t count;
};

/* Collects the values of secret headers (of Authorization without its scheme) and secret parameters. */
void redact_collect_header(struct redact_secrets *s, struct span name, struct span value);
void redact_collect_target(struct redact_secrets *s, struct span target);

/* Appends text with every occurrence of a secret replaced. */
void redact_text(struct buf *out, struct span text, const struct redact_secrets *s);

#endif
