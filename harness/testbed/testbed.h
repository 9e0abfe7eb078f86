/* The testbed: a mock, a transport, a clock and the built-in client, for one
 * scenario after another.
 *
 *   direct           the client calls the mock as a function, on a simulated clock
 *   wire             CivetWeb and libcurl on 127.0.0.1. Time moves by events: it stands while a
 *                    thread computes or a byte is on its way, and when all wait it jumps to the
 *                    earliest time that somebody waits for
 *   wire, a speed    time runs so many times faster than real time: for clients whose waits cannot be
 *                    seen, and who can be told to be as fast
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
    uint32_t speed; /* wire: 1..100000; 0: time moves by events */
    uint64_t seed;  /* of everything random: jitter, nonces, the mock's faults */
    bool no_auth;   /* the client sends no credentials: the mock does not ask for any */
    /* wire: the clients' clocks are real, whatever the speed: ZEGO's timestamps are measured,
     * and HTTP dates written, by the machine's time */
    bool real_clients;
    /* wire: URLs in replies point at a second port of the testbed, which notes what is fetched */
    bool assets;
    /* wire: connections that are served at once; 0: 12, with a speed 96. By events each costs a few
     * microseconds whenever time moves */
    uint32_t connections;
    /* wire, speed 0: it has no mover of its own; the caller moves its clock, when its clients rest too */
    bool moved_by_caller;
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
 * apart. Clock and mock begin anew, and one thread at a time may run one; on a wire with a speed
 * they go on, and any number of threads may. Returns 0 whatever the client's outcome, and *out is then to be freed with
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

/* What came since testbed_endpoint and is no poll of its run (strays.h). Wire only. */
struct strays;
void testbed_strays(const struct testbed *testbed, const struct endpoint *endpoint,
                    struct strays *out);

/* Of a testbed that is moved by its caller, lent: its clock, and whether it has nothing left to do
 * (harness/time/quiet.h). */
struct clock_events *testbed_events(struct testbed *testbed);
struct quiet *testbed_quiet(struct testbed *testbed);
/* The ports that it listens on: the mock's, and the second one (0: none). Wire only. */
void testbed_ports(const struct testbed *testbed, uint16_t ports[2]);

/* The mock's clock, lent. */
struct clock *testbed_clock(struct testbed *testbed);

/* Lets time pass: moves the clock of a direct testbed; by events waits on it, as clock_wait does, so
 * that what others wait for happens meanwhile. Without effect at a speed. ms >= 0. */
void testbed_advance(struct testbed *testbed, int64_t ms);

/* The calling thread takes part in time by events: time stands while it computes. Whoever has waited
 * on the clock does already. Before it does something that time is not to wait for, such as to join
 * others or to sleep for good, nothing need be done: it sleeps. testbed_leave ends it; so does the
 * thread's end. Without effect on other testbeds. */
void testbed_join(struct testbed *testbed);
void testbed_leave(struct testbed *testbed);

/* For clients that take a transport (client/http/http.h): the direct testbed's own, lent; NULL
 * on the wire. */
struct task_transport *testbed_transport(struct testbed *testbed);

#endif
