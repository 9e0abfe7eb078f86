/* The recorder: a reverse proxy. It forwards each request to the real service, writes the
 * exchange to a HAR file with its secrets replaced, and sends the client the unchanged answer.
 * `mockserver record` runs it on a wire. */
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

/* Filled by record_command.c before the wire starts, and not changed after. router, log and
 * clock are lent. */
struct recorder {
    struct record_upstream upstreams[RECORD_UPSTREAMS_MAX];
    uint32_t count;
    struct router *router; /* NULL without fixtures */
    struct record_log *log;
    struct clock *clock;
    bool use_proxy;
    /* Called when an exchange could not be recorded, on the thread of its request, so by several
     * at once. The client gets its answer all the same. */
    void (*report)(const struct err *e, void *arg);
    void *report_arg;
};

/* Adds the upstream of "UPSTREAM=http(s)://host[:port][/base]". ERR_USAGE for another form, a
 * name given twice, or one upstream too many. */
int recorder_add(struct recorder *r, const char *word, struct err *e);

/* The service to run on a wire; r is lent to it. A request goes to the upstream that its path
 * begins with, /<upstream>/..., or to the only one. 404 when the path names none; 502 when no
 * complete answer came, which is recorded as status 0. */
struct wire_service recorder_service(struct recorder *r);

#endif
