/* Redaction: finds secrets in an exchange and replaces them by the word REDACTED, so that
 * recordings can be shared.
 *
 * Pure functions over the caller's memory: any thread may call them. A buffer that is full or
 * out of memory is marked as broken; the caller checks it (buf_err). */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H

#include "base/buf.h"
#include "base/json/json.h"
#include "base/span.h"

#include <stdbool.h>

#define REDACTED "REDACTED"

/* True for header lines whose value is a secret: Authorization, Cookie, X-Api-Key ... */
bool redact_is_secret_header(struct span name);

/* True for query parameters whose value is a secret: Signature, token, api_key ... The name may be percent-encoded. */
bool redact_is_secret_param(struct span name);

/* Appends a request target with the values of secret query parameters replaced. */
void redact_target(struct buf *out, struct span target);

/* Appends a JSON body with the values that the pointers name replaced: an http URL keeps all but
 * its query and fragment, which may be signed; any other value becomes "REDACTED"; null and ""
 * stay. pointers is x-task.redact: an array of JSON Pointers in which a segment * stands for
 * every element; NULL is fine. A body that is not JSON is appended as it is. Without memory, out
 * is broken. */
void redact_body(struct buf *out, struct span body, const struct json *pointers);

/* The secrets of one exchange or run, to be replaced wherever else they appear. At most
 * REDACT_SECRETS_MAX; values shorter than REDACT_SECRET_MIN bytes are not collected, since they
 * would match ordinary text. */
enum { REDACT_SECRETS_MAX = 256, REDACT_SECRET_MIN = 6 };
struct redact_secrets {
    struct span values[REDACT_SECRETS_MAX]; /* lent */
    size_t count;
    bool dropped; /* there were more, which would stay */
};

/* Collects the values of secret headers (of Authorization without its scheme) and secret parameters. */
void redact_collect_header(struct redact_secrets *s, struct span name, struct span value);
void redact_collect_target(struct redact_secrets *s, struct span target);
/* Collects from a program's log what stands behind the name of a secret header, as programs print them:
 * "Authorization: Bearer x", {'X-Api-Key': 'x'}, Cookie=x. */
void redact_collect_log(struct redact_secrets *s, struct span log);

/* Appends text with every occurrence of a secret replaced, also of one that is spelled as URLs and JSON strings spell
 * it, on either side: %2F, \/ and \u002f are a slash. */
void redact_text(struct buf *out, struct span text, const struct redact_secrets *s);

#endif
