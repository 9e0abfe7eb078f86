/* One exchange as it is recorded: its HAR entry and its task's name, without a secret in them. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_ENTRY_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_ENTRY_H

#include "record_curl.h"
#include "redact.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json/json.h"

#include <stdint.h>

enum {
    RECORD_BODY_MAX = 16 << 20, /* bytes of a body that is kept; of a longer one its length is */
    RECORD_ENTRY_MAX = 96 << 20
};

/* Everything is lent for the call. */
struct record_exchange {
    const struct message *request; /* opened */
    const char *base;              /* of the real service's URLs */
    struct span target;            /* that was asked for there: path and query */
    struct span task;              /* its id */
    const struct fetched *fetched; /* what came back */
    int64_t started_ms;
    const struct json *x_task; /* of the contract; NULL without one */
};

/* Appends the entry (JSON, one line) to out, and the task's id to name, with all that r knows or finds replaced.
 * ERR_MEMORY; ERR_LIMIT when an entry is too long, holds too many secrets, or would still show one. Neither buffer is to
 * be used then. */
int record_entry_write(struct redactor *r, const struct record_exchange *x, struct buf *out,
                       struct buf *name, struct err *e);

#endif
