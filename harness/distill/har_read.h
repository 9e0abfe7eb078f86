/* Reads recordings: HTTP Archive 1.2, as `mockserver record`, browsers and proxies write it. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H

#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"

#include <stdint.h>

enum { HAR_BYTES_MAX = JSON_TEXT_MAX, HAR_EXCHANGES_MAX = 100000 };

/* One request and its response. Spans are lent by the recording. */
struct exchange {
    const char *method;
    struct span target; /* path and query, still encoded */
    struct span request_body;
    int status;
    const struct json *headers; /* of the response: [{"name", "value"}] */
    struct span body;           /* of the response, decoded when it was base64 */
};

struct recording {
    struct exchange *exchanges;
    uint32_t count;
    struct json *document;
    char **decoded; /* bodies that were base64; as many as exchanges, NULL where not */
};

/* e->where is "FILE:LINE:COLUMN" or "FILE: /log/entries/3/response". */
int recording_read(const char *path, struct recording *out, struct err *e);
void recording_fini(struct recording *r);

#endif
