/* One entry of a recording, opened: a request and what became of it.
 *
 * Read below /log/entries/N; a member that is missing is as if it said nothing:
 *
 *   startedDateTime               text_rfc3339, or a number of milliseconds since 1970
 *   time                          milliseconds
 *   request/headers, response/headers   [{"name", "value"}], or {NAME: VALUE} or {NAME: [VALUE ...]} (axios); a value of several
 *                                 lines is as many headers (browsers join Set-Cookie)
 *   request/postData              text, encoding, _file as below
 *   response/status               100 to 999, also as a text; any other (0, -1), and a response that is missing or null, says that none came
 *   response/content/text         the body: a string; an object or array is the JSON of it
 *   response/content/encoding     "base64": text is that, or a JSON array of such strings (Polly)
 *   response/content/_file        the name of a file that holds the body (Playwright)
 *   response/content/size         more than 0 without a text: the recording does not hold the body
 *   _error, response/_error, response/_failureText ...   a sentence: the exchange failed, whatever the status says
 *   _fromCache                    the answer did not come from the service
 *
 * Thread safe: no state. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_EXCHANGE_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_EXCHANGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"
#include "base/text.h"
#include "har_body.h"
#include "har_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts are lent by the recording or by the tree. */
struct exchange {
    const char *method, *url;
    struct har_headers request_headers, headers;
    struct buf request_body;
    int status;          /* 0: no answer came */
    const char *failure; /* what the recording says went wrong; NULL: nothing */
    bool from_cache;
    bool has_started;
    struct text_moment started;
    const char *odd_started; /* a startedDateTime that cannot be read; NULL else */
    int64_t took_ms;
    struct json *tree; /* owned */
    struct span text;  /* the entry */
};

/* Opens entry i, which has a method and a URL. ERR_SYNTAX or ERR_LIMIT when it is no JSON that can be read; ERR_FILE for a
 * request's body that is not where the entry says; ERR_MEMORY. e->where begins with "/log/entries/N". *out is to be closed in any case. */
int exchange_open(const struct recording *r, uint32_t i, struct exchange *out, struct err *e);
void exchange_close(struct exchange *x);

/* Appends the body of the response as the service meant it, without its Content-Encoding (har_body.h). ERR_CONTRACT when the
 * recording does not hold it or nobody can read it; errors of har_body_decode and recording_attached. e->where
 * is a pointer below the entry. *was_text: its characters were known, not its bytes. */
int exchange_body(const struct recording *r, const struct exchange *x, struct buf *out,
                  bool *was_text, struct err *e);

#endif
