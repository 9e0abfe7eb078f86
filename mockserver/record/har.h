/* HAR 1.2: one exchange as an entry of an HTTP Archive. Pure; writes what it is given. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_HAR_H
#define UNDERSTUDY_MOCKSERVER_RECORD_HAR_H

#include "mockserver/message/header.h"

#include "base/json/json.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

struct har_entry {
    int64_t started_ms; /* Unix */
    /* Milliseconds of each phase; they add up to the entry's time. */
    double dns_ms, connect_ms, send_ms, wait_ms, receive_ms;

    struct span method;
    struct span url; /* absolute */
    const struct header *request_headers;
    size_t request_header_count;
    struct span request_body;

    int status; /* 0 when no answer came; then error says why */
    struct span reason;
    const struct header *response_headers;
    size_t response_header_count;
    struct span response_body;
    const char *error; /* NULL when all went well */
};

/* Writes the entry as a JSON object. A response body that is not UTF-8 goes as base64. */
void har_write_entry(struct json_writer *w, const struct har_entry *entry);

/* What stands before the first and after the last entry of a file; entries are parted by ",\n". */
extern const char har_file_start[]; /* ends with a line feed */
extern const char har_file_end[];

#endif
