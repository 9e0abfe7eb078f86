/* HAR 1.2 (HTTP Archive): the file format of recordings. Pure functions; nothing is redacted
 * here (redact.h does).
 *
 * A file is one JSON object with one entry a line. record_log.c relies on that: it appends
 * before the last line, and a file that was cut is good up to its last whole line (har_whole).
 *
 *   {"log":{"version":"1.2","creator":{"name":"understudy","version":VERSION},"entries":[
 *   ENTRY,
 *   ENTRY
 *   ]}}
 *
 * An entry is one request and its response:
 *
 *   startedDateTime   "2024-01-15T16:00:00.000Z"        time   milliseconds, the sum of the timings
 *   request           method, url (absolute), httpVersion "HTTP/1.1", cookies [], headers [{name, value}],
 *                     queryString [{name, value}] percent-decoded where that is possible, headersSize -1,
 *                     bodySize (bytes); with a body postData {mimeType, params [], text, and encoding "base64" as below}
 *   response          status (0 when no complete answer came), statusText, httpVersion "HTTP/1.1", cookies [],
 *                     headers, content {size, mimeType, text, and encoding "base64" when the body is not UTF-8 or
 *                     holds a NUL; compression (bytes saved) when the answer came compressed: text is decompressed
 *                     then, and Content-Encoding still among the headers, as browsers write it; comment in place of
 *                     text for a body that is not kept}, redirectURL (Location or ""), headersSize -1, bodySize (bytes; -1 without an
 *                     answer), and then _error: one sentence
 *   cache             {}
 *   timings           dns, connect, send, wait, receive, in milliseconds
 *
 * `harness distill` reads these files. Source: the HAR 1.2 specification; _error is our own
 * field. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_HAR_H
#define UNDERSTUDY_MOCKSERVER_RECORD_HAR_H

#include "mockserver/message/header.h"

#include "base/json/json.h"
#include "base/span.h"

#include <stdbool.h>
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
    const char *request_dropped; /* why its body is not kept; NULL when it is */

    int status; /* 0 when no complete answer came; then error says why */
    struct span reason;
    const struct header *response_headers;
    size_t response_header_count;
    struct span response_body;
    const char *response_dropped; /* as request_dropped */
    size_t response_sent;         /* bytes of the body as it came, compressed perhaps */
    struct span error;            /* empty when a complete answer came */
};

/* Writes the entry as a JSON object; with a writer that is not pretty, on one line. Out of
 * memory w->out is marked as broken. */
void har_write_entry(struct json_writer *w, const struct har_entry *entry);

/* The text before the first and after the last entry of a file; between two entries is ",\n". */
extern const char har_file_start[]; /* ends with a line feed */
extern const char har_file_end[];

/* For a file that was cut while it was written, by a kill or a full disk: true when it begins as one of ours (perhaps of
 * another version), and *keep is how many of its bytes are good: har_file_end belongs behind them. Of a whole file they are all
 * but its end. */
bool har_whole(struct span file, size_t *keep);

#endif
