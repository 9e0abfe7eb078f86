/* Inside redaction: a body, decompressed when it is compressed, and its marks. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_BODY_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_BODY_H

#include "redact_marks.h"

#include "base/json/json.h"
#include "mockserver/message/header.h"

enum { REDACT_BODY_MAX = 64 << 20 }; /* bytes of a body when it is decompressed */

struct redact_body {
    struct span text; /* what the marks are of: the body as it came, or plain */
    struct buf plain;
    bool decompressed, is_gzip; /* is_gzip: compressed, and nobody said so */
    bool is_json;               /* set by redact_scan_body */
    bool says_encoded;    /* it is said to be in a coding that is not read here, and looks so */
    struct span boundary; /* of a multipart body; else empty */
    const char *dropped;  /* why it is not to be written; NULL when it may be */
};

/* headers are the message's. ERR_MEMORY, ERR_LIMIT beyond REDACT_BODY_MAX. */
int redact_body_open(struct redact_body *b, struct span body, const struct header *headers,
                     size_t count, struct err *e);
void redact_body_close(struct redact_body *b);

/* By what it says itself. */
void redact_scan_body(struct redact_marks *m, struct redact_body *b, const struct json *x_task);
/* By what is known. A body that cannot be rewritten is dropped when it holds anything. Call it after redact_scan_body. */
void redact_known_body(struct redact_marks *m, struct redact_body *b, const struct json *x_task);

#endif
