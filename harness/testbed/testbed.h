/* The lab: a mock, a transport, a clock and the built-in client, for one scenario after another.
 *
 * direct  the client calls the mock as a function, on a simulated clock: one thread a lab
 * wire    CivetWeb and libcurl on 127.0.0.1, on a clock that runs `speed` times faster: any number of
 *         threads may run scenarios in one lab at once
 *
 * Tests of other projects use it too: lab_place gives their client a place to poll, and judge_place
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

enum lab_transport { LAB_DIRECT, LAB_WIRE };
const char *lab_transport_name(enum lab_transport transport); /* "direct", "wire" */

struct lab_options {
    const struct fixtures *fixtures; /* lent; must outlive the lab */
    enum lab_transport transport;
    uint32_t speed; /* wire: 1..100000; 0: time stands still until lab_advance moves it */
    uint64_t seed;
    bool no_auth; /* the client proves in no way who it is: the mock accepts it */
    /* wire: the clients' clocks are real, whatever the speed: ZEGO's timestamps are measured, and HTTP
     * dates written, by the machine's time */
    bool real_clients;
    bool
        assets; /* wire: URLs in replies point at a second port of the lab, which notes what is fetched */
};

struct lab;

int lab_open(const struct lab_options *options, struct lab **out, struct err *e);
void lab_close(struct lab *lab);

/* What a run left behind. */
struct evidence {
    const struct upstream *upstream;
    const struct scenario *scenario;
    enum lab_transport transport;
    uint32_t speed;            /* 0 on the direct transport */
    bool no_auth;              /* credentials were not asked for, and are not judged */
    struct task_result result; /* what the client reported */
    bool vague;         /* the client said only that it did not succeed: result.outcome is FAILED */
    bool no_end;        /* the client was still running at the limit and was stopped */
    struct story story; /* what the mock saw */
    struct downloads downloads; /* what was fetched from the second port; none without one */
};
void evidence_fini(struct evidence *evidence);

/* Runs one scenario to its end with the built-in client. run tells runs of the same scenario apart.
 * Returns 0 whatever the client's outcome; an error means that the run did not take place. */
int lab_run(struct lab *lab, const struct upstream *upstream, const struct scenario *scenario,
            uint32_t run, struct evidence *out, struct err *e);

/* -- For clients of others: a place to poll, then the evidence ---------------------------------- */

/* The credentials that the lab's mock accepts (it accepts any well-formed token). */
#define LAB_TOKEN "sk-understudy-lab"
enum { LAB_ZEGO_APP_ID = 12345 };

/* Where one run polls. */
struct lab_place {
    const struct upstream *upstream;
    const struct scenario *scenario;
    char session[32];
    char base_url[512]; /* the mount: paths are appended */
    char task_id[TASK_ID_MAX];
    char asset_url[96]; /* moved URLs lie below it (asset_url_restore); "" without a second port */
};
void lab_place(const struct lab *lab, const struct upstream *upstream,
               const struct scenario *scenario, uint32_t run, struct lab_place *out);

/* Reads what the mock saw at a place; out->result and its companions are the caller's to fill. */
int lab_collect(struct lab *lab, const struct lab_place *place, struct evidence *out,
                struct err *e);

struct clock *lab_clock(struct lab *lab);

/* Moves the clock: of a direct lab, and of a wire lab that was opened with speed 0. ms >= 0. */
void lab_advance(struct lab *lab, int64_t ms);

/* For clients that take a transport (client/http.h): the direct lab's own, lent; NULL on the wire. */
struct task_transport *lab_transport(struct lab *lab);

#endif
