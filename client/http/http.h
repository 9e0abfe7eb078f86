/* The transport: what the polling loop needs of the network, one exchange at a time.
 *
 * The libcurl transport is here; the harness brings another that calls the mock directly. */
#ifndef UNDERSTUDY_CLIENT_HTTP_HTTP_H
#define UNDERSTUDY_CLIENT_HTTP_HTTP_H

#include "client/client.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

enum { HTTP_HEADERS_MAX = 8, HTTP_HEAD_MAX = 64 << 10, HTTP_BODY_MAX = 1 << 20 };

struct http_request {
    const char *method;                    /* "GET", "POST" */
    const char *url;                       /* absolute, already encoded */
    const char *headers[HTTP_HEADERS_MAX]; /* "Name: value"; NULL ends the list */
    struct span body;
    int64_t timeout_ms;               /* on the transport's clock; > 0 */
    const struct task_cancel *cancel; /* or NULL: ends the exchange with ERR_CANCELLED */
};

struct http_reply {
    int status;
    /* Header lines "Name: value\r\n" of the final reply, without the status line. */
    struct buf head;
    struct buf body; /* whole: a reply that is cut is an error, not a reply */
};

void http_reply_init(struct http_reply *r);
void http_reply_fini(struct http_reply *r);

/* The trimmed value of the first header of that name (ASCII case ignored); empty
 * span when absent. */
struct span http_header(const struct http_reply *r, const char *name);

/* One thread at a time. Other transports put this first in a struct of their own. */
struct task_transport {
    /* Resets *reply, performs one exchange. On error *reply is empty and the code is
     * ERR_NETWORK, ERR_TIMEOUT, ERR_LIMIT (head or body beyond the maximum), ERR_MEMORY,
     * ERR_CANCELLED, or ERR_USAGE: no repeat can help (a wrong URL, a server whose certificate
     * is not trusted). */
    int (*exchange)(struct task_transport *t, const struct http_request *request,
                    struct http_reply *reply, struct err *e);
    /* Lent: what time-outs are measured by. The polling loop waits on it too. */
    struct clock *clock;
};

/* libcurl: keeps its connection between exchanges; one thread at a time. Request time-outs are
 * measured by the clock: exactly where it has alarms, else scaled to real time by its speed; NULL is
 * the machine's. A connection that is not made within ten real seconds is lost. Trusts the
 * machine's certificates, until transport_curl_trust names a file of others.
 * Closed by task_transport_close. */
int transport_curl_open(struct clock *clock, struct task_transport **out, struct err *e);
/* ERR_LIMIT: the path is too long; ERR_FILE: it cannot be read. The old certificates then stay. */
int transport_curl_trust(struct task_transport *t, const char *ca_file, struct err *e);

#endif
