/* One exchange as it is recorded: its HAR entry and its task's name, without a secret in them. Pure: what is written
 * depends on the exchange alone. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_ENTRY_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_ENTRY_H

#include "record_curl.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json/json.h"

#include <stdint.h>

enum { RECORD_ENTRY_MAX = 12 << 20 };

/* Everything is lent for the call. */
struct record_exchange {
    const struct message *request; /* opened */
    const char *base;              /* of the real service's URLs */
    struct span target;            /* that was asked for there: path and query */
    struct span task;              /* its id */
    const struct fetched *fetched; /* what came back */
    int64_t started_ms;
    const struct json *pointers; /* x-task.redact (redact.h) */
};

/* Appends the entry (JSON) to out, and the task's id to name. What is replaced, everywhere but in method and header
 * names: the values of secret headers and parameters wherever they show, and what the pointers name in either body.
 * ERR_MEMORY; ERR_LIMIT when an entry is too long or holds more than REDACT_SECRETS_MAX secrets. Neither buffer is to
 * be used then. */
int record_entry_write(const struct record_exchange *x, struct buf *out, struct buf *name,
                       struct err *e);

#endif
