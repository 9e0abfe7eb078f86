/* Framing: refuses a head from which two HTTP readers could conclude different ends of its body.
 *
 * libcurl takes the last of two lengths, reads "175abc" as 175, ignores a length beyond 64 bits and
 * unpacks transfer codings that nobody asked for. RFC 9112 tells a user agent to discard such
 * replies. Refused:
 *
 *   - a status line that is not HTTP/1.x and three digits, and a switch of protocols
 *   - a line without a colon, a name that is no token, a bare CR, a fold that continues nothing or
 *     a framing header
 *   - a Content-Length that is not a number, or two that differ
 *   - a Transfer-Encoding other than one "chunked", or beside a Content-Length, or in HTTP/1.0
 *
 * Line by line, with or without its line end. Each function returns NULL when all is well so far,
 * or a sentence that says what is wrong. */
#ifndef UNDERSTUDY_CLIENT_HTTP_FRAMING_H
#define UNDERSTUDY_CLIENT_HTTP_FRAMING_H

#include "base/span.h"

#include <stdbool.h>

struct framing {
    bool http_1_0;
    bool chunked;
    bool sized;
    long long length; /* when sized */
    bool may_fold;    /* the next line may continue the last one */
};

const char *framing_status_line(struct framing *f, struct span line); /* begins anew */
const char *framing_header(struct framing *f, struct span line);

#endif
