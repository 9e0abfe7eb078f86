/* One exchange with the real service through libcurl: the one door to it in this folder. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_CURL_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_CURL_H

#include "mockserver/message/message.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

enum {
    FETCH_BODY_MAX = 1 << 20,
    FETCH_HEAD_MAX = 64 << 10,
    FETCH_CONNECT_MS = 10000,
    FETCH_TOTAL_MS = 120000,
    FETCH_WHY_MAX = 256
};

/* What came back. The head is kept as it was, line by line. */
struct fetched {
    int status; /* 0 when no whole answer came; then why says so */
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

/* Once per process, before any thread. */
int fetch_open(struct err *e);
void fetch_close(void);

/* Sends request to url (absolute, with the query) on a connection of its own, so that nothing is ever sent
 * twice. Follows no redirect, obeys proxy variables only when use_proxy. Connection headers, Host and
 * Accept-Encoding of the request stay behind: the answer comes unpacked, so that it can be read.
 * An answer that is cut short, not HTTP or beyond a maximum is none. Thread safe. */
void fetch(const char *url, const struct message *request, bool use_proxy, struct fetched *out);

#endif
