/* Replies: recorded HTTP responses, loaded from <name>.http files. Format: docs/formats.md. */
#ifndef UNDERSTUDY_REPLY_H
#define UNDERSTUDY_REPLY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    REPLY_NAME_MAX = 101,
    REPLY_BODY_MAX = 1 << 20,
    REPLY_HEAD_MAX = 64 << 10,
    REPLY_HEADERS_MAX = 64,
    REPLY_STAMPS_MAX = 256
};

/* What a reply says of its task, by the contract's status pointer and states. */
enum reply_state {
    REPLY_STATE_NONE, /* says nothing: an error, HTML, no status */
    REPLY_STATE_UNKNOWN,
    REPLY_STATE_QUEUED,
    REPLY_STATE_RUNNING,
    REPLY_STATE_SUCCEEDED,
    REPLY_STATE_FAILED
};
const char *reply_state_name(enum reply_state state); /* "none", "queued" ... */

enum stamp_source {
    STAMP_TASK_ID,
    STAMP_TASK_CREATED,
    STAMP_TASK_STARTED,
    STAMP_TASK_FINISHED,
    STAMP_NOW,
    STAMP_UUID,
    STAMP_REQUEST_BODY
};

/* One value in the body that is written anew on replay; bytes at..at+len are the recorded value,
 * with its quotes when it is a string. Ids and uuids stand only on strings, times only on numbers
 * and on strings of digits: whatever else was recorded stays as it is. */
struct reply_stamp {
    uint32_t at;
    uint32_t len;
    enum stamp_source source;
    bool quoted;         /* the recorded value is a string */
    bool millis;         /* the recorded number is in milliseconds */
    const char *pointer; /* STAMP_REQUEST_BODY: lent by the contract */
};

struct reply {
    char name[REPLY_NAME_MAX];
    int status;       /* 200..599 */
    struct span head; /* header lines to replay, each "Name: value\r\n", without framing headers */
    struct span body;
    /* What Retry-After asks for: its seconds, or its date's distance from the Date beside it; -1
     * without one, with a malformed one, and with a date that has no Date beside it. */
    int64_t retry_after_ms;
    /* Offsets in head of the values of Date and a Retry-After date, both written anew on replay so
     * that their distance stays; 0 when they are not both there in the preferred form. */
    uint32_t date_at, retry_date_at;
    struct reply_stamp *stamps; /* ascending, not overlapping */
    uint32_t stamp_count;
    bool is_json;
    bool
        refuses_for_good; /* carries one of the contract's permanent codes: asking again is no use */
    char *memory;         /* owns head and body */
};

/* Parses the bytes of an .http file. where names the file in errors ("FILE:LINE"). What the body says
 * is found later, by the contract. */
int reply_parse(struct span bytes, const char *name, const char *where, struct reply *out,
                struct err *e);
void reply_fini(struct reply *r);

#endif
