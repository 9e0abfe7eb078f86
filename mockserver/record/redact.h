/* Redaction: finds the secrets of exchanges and writes placeholders over them, so that recordings can be shared.
 *
 * What is a secret:
 *   - the value behind a name that redact_name.h finds: of a header, a parameter of any URL or form, a string in a JSON body
 *     (numbers stay), a part of a multipart body, a cookie; in credentials all but their scheme; the user and password of a URL
 *   - what has the shape of one (a JWT, "Bearer x", keys that begin with sk-, ghp_, AKIA ...)
 *   - what x-task.redact points at
 *   - every secret that was found before, wherever it stands and however it is written (message/secret.h) when it has
 *     SECRET_BYTES_MIN bytes; a shorter one where it is a whole header value, credential, parameter or JSON string
 * A field that x-task reads keeps its value: of its URL only the parameters are looked at, and secrets that are known.
 *
 * Equal secrets become equal placeholders, REDACTED-1, REDACTED-2 ..., as long as the redactor lives. Compressed bodies are
 * looked into. A text in which a known secret would still show is not handed out.
 *
 * A redactor is for one thread at a time. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_H

#include "base/json/json.h"
#include "mockserver/message/header.h"
#include "redactor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One exchange, of the recorder or of a recording of others; what there is not is empty. Everything is lent. */
struct redact_exchange {
    struct span method, url; /* absolute */
    const struct header *request_headers, *response_headers;
    size_t request_header_count, response_header_count;
    struct span request_body, response_body;
    struct span reason, error;
    const struct json *x_task; /* of the contract; NULL when there is none */
};

/* What may be written of it, until redacted_fini. There are as many headers as there were. */
struct redacted {
    struct span method, url;
    struct header *request_headers, *response_headers;
    struct span request_body, response_body; /* without their Content-Encoding */
    struct span reason, error;
    bool request_decompressed, response_decompressed;
    const char *request_dropped, *response_dropped; /* why a body is not kept; NULL when it is */
    struct buf text;                                /* all of it */
};

/* Collects the secrets of the exchange, then copies it without them and all that were known. ERR_MEMORY; ERR_LIMIT when there
 * are too many, or when a secret would still show. *out is to be freed in any case. */
int redact_exchange(struct redactor *r, const struct redact_exchange *x, struct redacted *out,
                    struct err *e);
void redacted_fini(struct redacted *out);

/* Where secrets stand that are still there, without a word of them: for `harness scan`. */
struct redact_place {
    const char *where; /* "request header", "url", "response body" ... */
    size_t header;     /* its index, when it is one */
    size_t at, n;      /* in the text */
    const char *kind;  /* "parameter", "header", "credentials" ... */
};
typedef void redact_place_visit(const struct redact_place *place, void *arg);
/* As redact_exchange, but calls visit instead of writing. */
int redact_find(struct redactor *r, const struct redact_exchange *x, redact_place_visit *visit,
                void *arg, struct err *e);

#endif
