/* The testbed: a mock, a transport, a clock and the built-in client, for one scenario after another.
 *
 * direct  the client calls the mock as a function, on a simulated clock: one thread a testbed
 * wire    CivetWeb and libcurl on 127.0.0.1, on a clock that runs `speed` times faster: any number of
 *         threads may run scenarios in one testbed at once
 *
 * Tests of other projects use it too: testbed_endpoint gives their client a place to poll, and judge_endpoint
 * (judge.h) the verdict. docs/embedding.md shows how. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_TESTBED_H
#define UNDERSTUDY_HARNESS_TESTBED_TESTBED_H

#include "base/err.h"
#include "client/client.h"
#include "trace.h"
#include "mockserver/wire/assets.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>
#include <stdint.h>

enum testbed_transport { TESTBED_DIRECT, TESTBED_WIRE };
const char *testbed_transport_name(enum testbed_transport transport); /* "direct", "wire" */

struct testbed_options {
    const struct fixtures *fixtures; /* lent; must outlive the testbed */
    enum testbed_transport transport;
    uint32_t speed; /* wire: 1..100000; 0: time stands still until testbed_advance moves it */
    uint64_t seed;
    bool no_auth; /* the client proves in no way who it is: the mock accepts it */
    /* wire: the clients' clocks are real, whatever the speed: ZEGO's timestamps are measured, and HTTP
     * dates written, by the machine's time */
    bool real_clients;
    bool
        assets; /* wire: URLs in replies point at a second port of the testbed, which notes what is fetched */
};

struct testbed;

int testbed_open(const struct testbed_options *options, struct testbed **out, struct err *e);
void testbed_close(struct testbed *testbed);

/* What a run left behind. */
struct evidence {
    const struct upstream *upstream;
    const struct scenario *scenario;
    enum testbed_transport transport;
    uint32_t speed;            /* 0 on the direct transport */
    bool no_auth;              /* credentials were not asked for, and are not judged */
    struct task_result result; /* what the client reported */
    bool unspecific;    /* the client said only that it did not succeed: result.outcome is FAILED */
    bool timed_out;     /* the client was still running at the limit and was stopped */
    struct trace trace; /* what the mock saw */
    struct downloads downloads; /* what was fetched from the second port; none without one */
};
void evidence_fini(struct evidence *evidence);

/* Runs one scenario to its end with the built-in client. run tells runs of the same scenario apart.
 * Returns 0 whatever the client's outcome; an error means that the run did not take place. */
int testbed_run(struct testbed *testbed, const struct upstream *upstream,
                const struct scenario *scenario, uint32_t run, struct evidence *out, struct err *e);

/* -- For clients of others: a place to poll, then the evidence ---------------------------------- */

/* The credentials that the testbed's mock accepts (it accepts any well-formed token). */
#define TESTBED_TOKEN "sk-understudy-lab"

/* Where one run polls. */
struct endpoint {
    const struct upstream *upstream;
    const struct scenario *scenario;
    char session[32];
    char base_url[512]; /* the mount: paths are appended */
    char task_id[TASK_ID_MAX];
    char asset_url[96]; /* moved URLs lie below it (asset_url_restore); "" without a second port */
};
void testbed_endpoint(const struct testbed *testbed, const struct upstream *upstream,
                      const struct scenario *scenario, uint32_t run, struct endpoint *out);

/* Reads what the mock saw at a place; out->result and its companions are the caller's to fill. */
int testbed_collect(struct testbed *testbed, const struct endpoint *endpoint, struct evidence *out,
                    struct err *e);

struct clock *testbed_clock(struct testbed *testbed);

/* Moves the clock: of a direct testbed, and of a wire testbed that was opened with speed 0. ms >= 0. */
void testbed_advance(struct testbed *testbed, int64_t ms);

/* For clients that take a transport (client/http.h): the direct testbed's own, lent; NULL on the wire. */
struct task_transport *testbed_transport(struct testbed *testbed);

#endif
