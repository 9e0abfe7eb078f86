/* A redactor: the secrets that are known, and texts without them. What a secret is, redact.h says.
 *
 * A redactor is for one thread at a time. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACTOR_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACTOR_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

#define REDACTED "REDACTED"

enum { REDACT_SECRETS_MAX = 4096 }; /* that are known; those not seen for longest are forgotten */

/* True for REDACTED and REDACTED-n. */
bool redact_is_placeholder(struct span text);

struct redactor;
/* ERR_MEMORY. plain: every placeholder is REDACTED. Close NULL is fine. */
int redactor_open(bool plain, struct redactor **out, struct err *e);
void redactor_close(struct redactor *r);
/* Makes a secret known. ERR_MEMORY. */
int redactor_learn(struct redactor *r, struct span secret, struct err *e);

/* Appends a text without what is known: for names of files and sentences. On error out is as it was. ERR_MEMORY, ERR_LIMIT. */
int redact_text(struct redactor *r, struct span text, struct buf *out, struct err *e);
/* The same without what the text's own names tell too, which is known from now on: for a program's log. */
int redact_log(struct redactor *r, struct span text, struct buf *out, struct err *e);

/* Appends a request's target with REDACTED in place of its own secrets. What cannot be told (no memory) breaks out. */
void redact_target(struct buf *out, struct span target);

#endif
