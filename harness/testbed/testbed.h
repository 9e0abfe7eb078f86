/* The testbed: a mock, a transport, a clock and the built-in client, for one
 * scenario after another.
 *
 * direct the client calls the mock as a function, on a simulated clock: one thread a testbed wire
 * CivetWeb and libcurl on 127.0.0.1, on a clock that runs `speed` times faster: any number of
 *         threads may run scenarios in one testbed at once
 *
 * Tests of other projects use it too: testbed_endpoint gives their client a place to poll, and
 * judge_endpoint (judge.h) the verdict. docs/embedding.md shows how. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_TESTBED_H
#define UNDERSTUDY_HARNESS_TESTBED_TESTBED_H

#include "base/err.h"
#include "client/client.h"
#include "endpoint.h"
#include "evidence.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>
#include <stdint.h>

/* Polls of one run on the wire that are kept and judged. What comes beyond them is answered, and
 * the trace says that it is missing. */
enum { TESTBED_POLLS_MAX = 20000 };

struct testbed_options {
    const struct fixtures *fixtures; /* lent; must outlive the testbed */
    enum testbed_transport transport;
    uint32_t speed; /* wire: 1..100000; 0: time stands still until testbed_advance moves it */
    uint64_t seed;  /* of everything random: jitter, nonces, the mock's faults */
    /* wire: time moves by events, from 2026-01-01T00:00:00Z on. Its mover is the caller, by way of
     * testbed_events: it may do so whenever testbed_quiet says that the mock is, and its clients
     * are too. speed is then without effect */
    bool events;
    bool no_auth;   /* the client sends no credentials: the mock does not ask for any */
    /* wire: the clients' clocks are real, whatever the speed: ZEGO's timestamps are measured,
     * and HTTP dates written, by the machine's time */
    bool real_clients;
    /* wire: URLs in replies point at a second port of the testbed, which notes what is fetched */
    bool assets;
};

struct clock_events;
struct quiet;
struct testbed;

/* ERR_MEMORY, or ERR_NETWORK when no port of 127.0.0.1 can be served; *out is then NULL. */
int testbed_open(const struct testbed_options *options, struct testbed **out, struct err *e);
/* After every run has ended; lets answers under way finish, for at most two seconds.
 * NULL is fine. */
void testbed_close(struct testbed *testbed);

/* Runs one scenario to its end with the built-in client. run tells runs of the same scenario
 * apart. Returns 0 whatever the client's outcome, and *out is then to be freed with
 * evidence_fini; an error means that the run did not take place, and *out is all zero. */
int testbed_run(struct testbed *testbed, const struct upstream *upstream,
                const struct scenario *scenario, uint32_t run, struct evidence *out, struct err *e);

/* -- For clients of others: a place to poll, then the evidence --------------------------------- */

/* Where run number `run` of the scenario polls, and where in the mock's journal it begins: its
 * evidence is what comes after this call. Nothing is started. */
void testbed_endpoint(const struct testbed *testbed, const struct upstream *upstream,
                      const struct scenario *scenario, uint32_t run, struct endpoint *out);

/* Reads what the mock saw at an endpoint. Fills all of *out but `result`, `unspecific` and
 * `timed_out`, which say what the client reported: the caller's to fill. Free with
 * evidence_fini. On a wire testbed it waits up to two seconds for answers that the mock has sent
 * but not yet noted. ERR_MEMORY, ERR_LIMIT (TRACE_POLLS_MAX): *out is all zero. */
int testbed_collect(struct testbed *testbed, const struct endpoint *endpoint, struct evidence *out,
                    struct err *e);

/* Of a testbed with time by events, lent: its clock, and its threads. */
struct clock_events *testbed_events(struct testbed *testbed);
struct quiet *testbed_quiet(struct testbed *testbed);
/* The ports that it listens on: the mock's, and the second one (0: none). Wire only. */
void testbed_ports(const struct testbed *testbed, uint16_t ports[2]);

/* The mock's clock, lent. */
struct clock *testbed_clock(struct testbed *testbed);

/* Moves the clock: of a direct testbed, and of a wire testbed that was opened with speed 0;
 * without effect on others. ms >= 0. */
void testbed_advance(struct testbed *testbed, int64_t ms);

/* For clients that take a transport (client/http/http.h): the direct testbed's own, lent; NULL
 * on the wire. */
struct task_transport *testbed_transport(struct testbed *testbed);

#endif
