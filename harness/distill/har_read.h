/* Recordings: HTTP Archive 1.2 (HAR), as `mockserver record`, browsers and proxies write it.
 *
 * A JSON text (json.h: at most HAR_BYTES_MAX, 16 MiB). What is read of it, as JSON Pointers; all
 * else is skipped:
 *
 *   /log/entries                       an array of at most HAR_EXCHANGES_MAX, in order
 *   .../N/request/method               a string; required
 *   .../N/request/url                  a string; required. Only path and query are kept
 *   .../N/request/postData/text        the request's body; "" when absent
 *   .../N/response/status              0 to 599; required. Browsers write 0 when no response came
 *   .../N/response/headers             [{"name": "...", "value": "..."}]
 *   .../N/response/content/text        the body; "" when absent. One that cannot be read (json.h: \u0000,
 *                                      half a surrogate pair) is an error only for who needs it
 *   .../N/response/content/encoding    "base64": text is to be decoded (standard alphabet, padding
 *                                      optional, line ends skipped); else text is the body
 *
 * Source: the HAR 1.2 specification, http://www.softwareishard.com/blog/har-12-spec/ */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H

#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"

#include <stdint.h>

enum { HAR_BYTES_MAX = JSON_TEXT_MAX, HAR_EXCHANGES_MAX = 100000 };

/* One request and its response. Texts and spans are lent by the recording. */
struct exchange {
    const char *method;
    struct span target; /* path and query, still encoded */
    struct span request_body;
    int status;
    const struct json *headers; /* of the response: [{"name", "value"}] */
    struct span body;           /* of the response, decoded when it was base64 */
    const char
        *body_unreadable; /* why there is no body although the recording has one; else NULL */
};

struct recording {
    struct exchange *exchanges;
    uint32_t count;
    struct json *document;
    char **decoded; /* bodies that were base64; as many as exchanges, NULL where not */
};

/* ERR_FILE, ERR_SYNTAX (e->where is "FILE:LINE:COLUMN"), ERR_CONTRACT ("FILE:
 * /log/entries/3: /response/status"), ERR_LIMIT, ERR_MEMORY; nothing is to be freed then.
 * path is lent for the call. */
int recording_read(const char *path, struct recording *out, struct err *e);
/* The same of a text at hand, which path names in errors. */
int recording_parse(struct span text, const char *path, struct recording *out, struct err *e);
void recording_fini(struct recording *r);

#endif
