/* Endpoints: where one run polls, and with which credentials. What a client under test needs to
 * know of its mock. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_ENDPOINT_H
#define UNDERSTUDY_HARNESS_TESTBED_ENDPOINT_H

#include "client/client.h"
#include "mockserver/fixture/fixtures.h"

/* The credentials that clients are given. Mocks of the harness accept any well-formed token and
 * any AppId; ZEGO's secret is ZEGO_TEST_SECRET of mockserver/auth/zego.h. */
#define TESTBED_TOKEN "sk-understudy-lab"

/* Filled by testbed_endpoint (testbed.h). Plain values, but for upstream and scenario,
 * which are lent. */
struct endpoint {
    const struct upstream *upstream;
    const struct scenario *scenario;
    uint64_t since;     /* the newest entry of the mock's journal before: what it lost of those is
                           nobody's loss here */
    uint32_t malformed; /* messages before that were no HTTP */
    char session[32];   /* tells this run's polls apart from those of others in the same mock */
    char base_url[512]; /* names upstream, scenario and session; the client appends its real path */
    char task_id[TASK_ID_MAX];
    char asset_url[96]; /* moved URLs lie below it (asset_url_restore); "" without a second port */
};

#endif
