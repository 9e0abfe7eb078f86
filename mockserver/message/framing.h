/* The framing check: where a request's body ends, and whether that can be read in one way only.
 *
 * The transport asks before it reads a body. What two readers could take for two different messages (lengths that
 * disagree, a length beside a transfer encoding) is refused, since a proxy in front may have read it the other
 * way (RFC 9112 §6.3). Pure. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H

#include "message.h"

#include <stdbool.h>
#include <stdint.h>

struct framing_verdict {
    int status;      /* 0: sound; else the status to refuse the request with, and to close after */
    const char *why; /* of a refusal: what is wrong, as the object of a sentence */
    bool chunked;    /* the body comes in chunks */
    uint64_t length; /* of the body when it does not, at most MESSAGE_BODY_MAX */
    bool
        expects_go; /* Expect: 100-continue: the client waits for a word before it sends the body */
    bool close_after; /* the client wants the connection closed after the answer */
};

/* Judges the headers of a message that has not been opened and has no body yet. http_1_0: the request is
 * HTTP/1.0. 400 for what is not sound, 413 beyond MESSAGE_BODY_MAX, 417 for another Expect, 431 from
 * MESSAGE_HEADERS_MAX header lines on: whoever parsed them may have dropped more. */
void framing_check(const struct message *m, bool http_1_0, struct framing_verdict *out);

#endif
