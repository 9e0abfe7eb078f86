/* The recorder: a reverse proxy. It forwards each request to the real service, writes the
 * exchange to a HAR file with its secrets replaced, and sends the client the unchanged answer.
 * `mockserver record` runs it on a wire. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_H

#include "mockserver/fixture/fixtures.h"
#include "record_curl.h"
#include "record_writer.h"
#include "mockserver/decide/route.h"
#include "mockserver/wire/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_UPSTREAMS_MAX = 16 };

/* Filled by record_command.c before the wire starts, and not changed after. router, writer and
 * clock are lent. */
struct recorder {
    struct record_upstream upstreams[RECORD_UPSTREAMS_MAX];
    uint32_t count;
    struct router *router;        /* NULL without fixtures */
    struct record_writer *writer; /* NULL: nothing is recorded */
    struct clock *clock;
    struct fetch_options fetch;
};

/* Adds the upstream of "UPSTREAM=http(s)://[user:password@]host[:port][/base]". ERR_USAGE for another form, a
 * name given twice, or one upstream too many; no password is in *e. */
int recorder_add(struct recorder *r, const char *word, struct err *e);

/* Makes the passwords of the upstreams known to the writer. ERR_MEMORY. */
int recorder_learn(struct recorder *r, struct err *e);

/* The service to run on a wire; r is lent to it. A request goes to the upstream that its path
 * begins with, /<upstream>/..., or to the only one; one in the form for proxies (http://host/path) to the upstream at that
 * host. 404 when none is named; when no complete answer came, which is recorded as status 0, 504 after a time-out and 502
 * for any other reason. */
struct wire_service recorder_service(struct recorder *r);

#endif
