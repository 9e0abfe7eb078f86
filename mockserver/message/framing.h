/* The framing check: where a request's body ends, and whether that can be read in one way only.
 *
 * The wire calls it after the headers and before it reads the body. A request that two programs
 * could read as two different messages (lengths that disagree, a Content-Length beside a
 * Transfer-Encoding) is refused: a proxy in front of the mock may have read it the other way,
 * which is how requests are smuggled (RFC 9112 §6.3). A pure function: any thread may call it. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_FRAMING_H

#include "message.h"

#include <stdbool.h>
#include <stdint.h>

struct framing_verdict {
    int status;      /* 0: accepted; else refuse with this status, then close the connection */
    const char *why; /* of a refusal: what is wrong, to follow the words "refuses" */
    bool chunked;    /* the body comes in chunks */
    uint64_t length; /* of the body when it does not, at most MESSAGE_BODY_MAX */
    /* The request says Expect: 100-continue: answer "100 Continue" before reading the body. */
    bool expects_go;
    bool close_after; /* HTTP/1.0, or close is among the words of all Connection lines */
};

/* Fills *out from m->headers alone: m need not be opened and has no body yet. http_1_0: the
 * request is HTTP/1.0. The statuses: 400 for framing that is wrong or ambiguous and for a Host that
 * is no host, 413 for a body longer than MESSAGE_BODY_MAX, 417 for an Expect other than
 * 100-continue, 431 from MESSAGE_HEADERS_MAX header lines on, because CivetWeb keeps no more than
 * that and does not tell whether it dropped some. */
void framing_check(const struct message *m, bool http_1_0, struct framing_verdict *out);

/* Judges the request line of a message that framing_check accepted, and refuses in the same
 * verdict: 501 for CONNECT, 400 for a target that is neither a path nor an absolute URL, such as
 * the asterisk of "OPTIONS *". */
void framing_check_line(const struct message *m, struct framing_verdict *out);

#endif
