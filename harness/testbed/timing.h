/* The time of a testbed: its clock, and on the wire what moves it. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_TIMING_H
#define UNDERSTUDY_HARNESS_TESTBED_TIMING_H

#include "base/clock_events.h"
#include "evidence.h"
#include "harness/time/mover.h"
#include "mockserver/wire/wire.h"

struct timing {
    struct clock *clock; /* one of the three that follow */
    struct clock_sim sim;
    struct clock_scaled scaled;
    struct clock_events events;
    struct quiet *quiet; /* of the clock of events; NULL: it is another clock */
    struct mover *mover; /* NULL: the clock of events is moved by the testbed's caller */
};

/* The simulated clock on the direct transport; on the wire that of events, or with a speed one that
 * runs. moved_by_caller: that of events has no mover. ERR_MEMORY; *t is then safe to close. */
int timing_open(struct timing *t, enum testbed_transport transport, uint32_t speed,
                bool moved_by_caller, struct err *e);
void timing_stop(struct timing *t); /* ends the waits of answers under way */
void timing_close(struct timing *t);

/* Begins anew, at the same moment each time: 2026-01-01T00:00:00Z. Not for a clock that runs. */
void timing_restart(struct timing *t);

/* Tells the mover of a wire's threads and connections; all zero when there is no mover. */
struct wire_watch timing_watch(const struct timing *t);

#endif
