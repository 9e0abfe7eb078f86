/* Whether a mock has nothing to do: quiet (quiet.h), told again at little cost.
 *
 * A mock that rests goes on resting until something touches it: a packet, or its clock. While the
 * loopback device has counted no packet, and the clock has ended no wait, nobody need look at its
 * threads, such as each time that a client has slept for itself.
 *
 * Used by one thread, bound to a processor as loopback.h says. */
#ifndef UNDERSTUDY_HARNESS_TIME_REST_H
#define UNDERSTUDY_HARNESS_TIME_REST_H

#include "base/clock_events.h"
#include "loopback.h"
#include "quiet.h"

#include <stdbool.h>
#include <stdint.h>

struct rest_touches {
    bool known;
    uint64_t packets, rings;
};

struct rest {
    struct quiet *quiet;        /* lent */
    struct clock_events *clock; /* lent */
    struct loopback loopback;
    struct rest_touches before; /* those before it was last seen to rest */
};

/* ERR_NETWORK (loopback.h); *r is then safe to close. */
int rest_open(struct rest *r, struct quiet *quiet, struct clock_events *clock, struct err *e);
void rest_close(struct rest *r);

/* True when the mock will do nothing before time moves, or a packet comes. */
bool rest_check(struct rest *r);

#endif
