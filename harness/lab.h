/* The lab: a mock, a transport, a clock and the built-in client, for one scenario after another.
 *
 * direct  the client calls the mock as a function, on a simulated clock: one thread a lab
 * wire    CivetWeb and libcurl on 127.0.0.1, on a clock that runs `speed` times faster: any number of
 *         threads may run scenarios in one lab at once */
#ifndef UNDERSTUDY_LAB_H
#define UNDERSTUDY_LAB_H

#include "base/err.h"
#include "client/client.h"
#include "harness/story.h"
#include "mockserver/fixtures.h"

#include <stdint.h>

enum lab_transport { LAB_DIRECT, LAB_WIRE };
const char *lab_transport_name(enum lab_transport transport); /* "direct", "wire" */

struct lab_options {
    const struct fixtures *fixtures; /* lent; must outlive the lab */
    enum lab_transport transport;
    uint32_t speed; /* wire: 1..100000 */
    uint64_t seed;
};

struct lab;

int lab_open(const struct lab_options *options, struct lab **out, struct err *e);
void lab_close(struct lab *lab);

/* What a run left behind. */
struct evidence {
    const struct upstream *upstream;
    const struct scenario *scenario;
    enum lab_transport transport;
    uint32_t speed;           /* 0 on the direct transport */
    struct task_result result; /* what the client reported */
    struct story story;       /* what the mock saw */
};
void evidence_fini(struct evidence *evidence);

/* Runs one scenario to its end. run tells runs of the same scenario apart. Returns 0 whatever the
 * client's outcome; an error means that the run did not take place. */
int lab_run(struct lab *lab, const struct upstream *upstream, const struct scenario *scenario,
            uint32_t run, struct evidence *out, struct err *e);

#endif
