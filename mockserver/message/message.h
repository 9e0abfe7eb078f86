/* Messages: one HTTP request, parsed once by the transport that received it.
 *
 * A transport (the wire, or the harness's direct calls) fills in the first group of fields,
 * calls message_open, passes the message to every function that helps to decide the answer, and
 * calls message_close once the answer is made. Those functions read the parsed fields: none of
 * them parses the target or the body's JSON again. What a path or a field of the body means is
 * not known in this room. A message belongs to one thread at a time. */
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
    /* As received. The transport owns these bytes and keeps them until message_close. */
    struct span method;      /* "GET" */
    struct span target_text; /* as on the request line, still encoded: a path or an absolute URL */
    struct span body;
    const struct header *headers;
    size_t header_count;
    /* Now in Unix milliseconds on the client's clock, when it has another clock than the mock;
     * else 0. */
    int64_t client_ms;

    /* Set by message_open. */
    struct target target;  /* authority, path, and the decoded parameters of the query */
    struct json *json;     /* the body as a tree; NULL when there is none or json_fault says why */
    struct err json_fault; /* code ERR_OK, or why a body that is there is not JSON */
    /* code ERR_OK, or why the request cannot be used: a malformed target, too many headers, too
     * long a body. target.path is set even then, so that the upstream can be found whose error
     * is sent. */
    struct err fault;
};

/* Parses target and body. Returns fault.code. A body that is not JSON is no fault: only a route
 * that wants JSON refuses it (message_json). Call message_close in any case; it frees the tree. */
int message_open(struct message *m);
void message_close(struct message *m);

/* For a caller that needs a JSON body: 0 when m->json is there, else the error that says why not
 * (an absent body included, and one that was not read because of the message's fault). */
int message_json(const struct message *m, struct err *e);

/* The value of a header; see header_find. */
static inline unsigned message_header(const struct message *m, const char *name, struct span *value)
{
    return header_find(m->headers, m->header_count, name, value);
}

/* Whom the message is for: the authority of an absolute target, which wins (RFC 9112 §3.2.2),
 * else what the Host header says; empty when neither does. message_host leaves out the port. For
 * opened messages. */
struct span message_authority(const struct message *m);
struct span message_host(const struct message *m);

/* True, and the media type without its parameters, when there is a Content-Type. */
bool message_content_type(const struct message *m, struct span *media_type);

/* Now on the client's clock, in Unix milliseconds: for all dates that the client writes or
 * reads. now_ms: now on the mock's clock, which is returned when both have the same. */
static inline int64_t message_client_now(const struct message *m, int64_t now_ms)
{
    return m->client_ms != 0 ? m->client_ms : now_ms;
}

#endif
