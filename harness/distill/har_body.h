/* Bodies of a recording: the bytes that the service meant, however a tool has stored them.
 *
 * Programs that write recordings disagree with themselves: a body said to be gzip is plain already, one said to be
 * text is base64 of gzip, one said to be base64 is plain. So the bytes decide, and what is said of them only where they do
 * not. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_BODY_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_BODY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "mockserver/message/header.h"

#include <stdbool.h>
#include <stddef.h>

enum { HAR_HEADERS_MAX = 1024 /* of one message; more are left out */ };

struct har_headers {
    struct header *list; /* owned; what they say is the tree's */
    size_t count;
};

/* Appends what a "text" stands for: a JSON value of a text that has been scanned. encoding may be NULL; is_binary: Polly's
 * mark of hexadecimal digits. *was_text: it is plain text. ERR_CONTRACT for half a surrogate pair and for
 * what is no base64 although encoding says so; ERR_MEMORY, ERR_LIMIT: out is broken. */
int har_body_text(struct buf *out, struct span value, const char *encoding, bool is_binary,
                  bool *was_text, struct err *e);

/* Appends stored without the codings that Content-Encoding names, if it is still in them, and without gzip that no header
 * names. *was_text is cleared when there was one. ERR_CONTRACT for a coding that is not known, and for bytes that are not what it says or not whole;
 * ERR_LIMIT beyond out->max, ERR_MEMORY. stored is used up. */
int har_body_decode(struct buf *out, struct buf *stored, const struct har_headers *headers,
                    bool *was_text, struct err *e);

#endif
