/* The recorder: a service for the wire that forwards each request to a real service, keeps the exchange
 * without its secrets, and gives the client the answer as it came. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_H

#include "mockserver/fixture/fixtures.h"
#include "record_log.h"
#include "mockserver/decide/route.h"
#include "mockserver/wire/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_UPSTREAMS_MAX = 16, RECORD_URL_MAX = 1024 };

/* An upstream being recorded: "doubao=https://host/base". */
struct record_upstream {
    char name[REPLY_NAME_MAX];
    char base[RECORD_URL_MAX];       /* without a slash at its end */
    const struct upstream *contract; /* of the fixtures; NULL when they do not know it */
};

struct recorder {
    struct record_upstream upstreams[RECORD_UPSTREAMS_MAX];
    uint32_t count;
    struct router *router; /* NULL without fixtures */
    struct record_log *log;
    struct clock *clock;
    bool use_proxy;
    /* Told of what could not be recorded: the client has its answer all the same. */
    void (*report)(const struct err *e, void *arg);
    void *report_arg;
};

/* Reads "U=http(s)://host[:port][/base]". */
int recorder_add(struct recorder *r, const char *word, struct err *e);

/* The wire's service. A request goes to the upstream that its path is mounted on, /<upstream>/..., or to the
 * only one. 404 when none is meant; 502 when no whole answer came, which is recorded as status 0. */
struct wire_service recorder_service(struct recorder *r);

#endif
