/* Messages: one HTTP request, taken apart once by whoever received it and then handed on as a whole.
 *
 * A transport fills in what came, calls message_open, hands the message to all who decide, and calls
 * message_close when the answer is made. Nobody else parses a target, searches headers by hand or reads the
 * body's JSON a second time. What anything means is not known here. One thread at a time. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_MESSAGE_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_MESSAGE_H

#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"
#include "header.h"
#include "target.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MESSAGE_HEADERS_MAX = 64,   /* header lines */
    MESSAGE_BODY_MAX = 1 << 20, /* bytes */
};

struct message {
    /* What came; lent, and kept by the transport until message_close. */
    struct span method;      /* "GET" */
    struct span target_text; /* as on the request line, still encoded: path and query */
    struct span body;
    const struct header *headers;
    size_t header_count;
    /* Unix milliseconds on the sender's clock, when that is not the mock's; else 0. */
    int64_t client_ms;

    /* Set by message_open. */
    struct target target;  /* path, and the decoded parameters of the query */
    struct json *json;     /* the body as a tree; NULL when there is none or json_fault says why */
    struct err json_fault; /* code ERR_OK, or why a body that is there is no JSON */
    struct err
        fault; /* code ERR_OK, or why the request cannot be read any further: a target that is
                              none, too many headers, too long a body. target.path is set even then */
};

/* Takes the message apart. Returns fault.code; a body that is no JSON is no fault. Close it in any case. */
int message_open(struct message *m);
void message_close(struct message *m);

/* For who needs a JSON body: 0, or the error of a body that is none, or not there. */
int message_json(const struct message *m, struct err *e);

/* The value of a header; see header_find. */
static inline unsigned message_header(const struct message *m, const char *name, struct span *value)
{
    return header_find(m->headers, m->header_count, name, value);
}

/* The host that the Host header names, without a port; empty when there is none. */
struct span message_host(const struct message *m);

/* True, and the media type without its parameters, when there is a Content-Type. */
bool message_content_type(const struct message *m, struct span *media_type);

/* What the sender's clock shows: it writes and reads dates by it. now_ms: the mock's time. */
static inline int64_t message_client_now(const struct message *m, int64_t now_ms)
{
    return m->client_ms != 0 ? m->client_ms : now_ms;
}

#endif
