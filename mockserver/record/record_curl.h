/* One exchange with the real service through libcurl. No other file of this folder includes
 * libcurl. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_CURL_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_CURL_H

#include "mockserver/message/message.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

enum {
    FETCH_BODY_MAX = 64 << 20,
    FETCH_HEAD_MAX = 64 << 10,
    FETCH_METHOD_MAX = 31,
    FETCH_CONNECT_MS = 10000,
    FETCH_TOTAL_MS = 120000,
    FETCH_WHY_MAX = 256
};

/* The answer. head holds its status line and headers unchanged; the spans point into it. */
struct fetched {
    int status;     /* 0 when no complete answer came; why then says why */
    bool timed_out; /* because none came in time */
    struct span reason;
    struct header headers[MESSAGE_HEADERS_MAX]; /* point into head */
    size_t header_count;
    struct buf head;
    struct buf body;
    char why[FETCH_WHY_MAX];
    double dns_ms, connect_ms, send_ms, wait_ms, receive_ms;
};

void fetched_init(struct fetched *f);
void fetched_fini(struct fetched *f);

/* Once per process, before any thread is started: libcurl's global set-up is not thread safe.
 * ERR_NETWORK. */
int fetch_open(struct err *e);
void fetch_close(void);

/* How the real service is reached. */
struct fetch_options {
    bool use_proxy; /* the one that environment variables name */
    const char
        *ca_file; /* certificates (PEM) to trust in place of the system's; NULL: the system's */
};

/* Sends request to url (absolute, with the query; a user and password in it become Basic credentials) and fills *out,
 * waiting at most FETCH_TOTAL_MS. Uses a new connection each time: on a kept one that the server has closed,
 * libcurl would send a POST again by itself. Follows no redirect. Not forwarded are headers about the
 * connection, Host, and Accept-Encoding, so that the answer comes uncompressed and can be
 * redacted. An answer that is cut short, not HTTP or beyond a maximum gives status 0. Thread
 * safe. */
void fetch(const char *url, const struct message *request, const struct fetch_options *options,
           struct fetched *out);

#endif
