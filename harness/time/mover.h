/* The mover: a thread that moves a clock of events (base/clock_events.h) whenever everybody of a set
 * waits (quiet.h). Threads join the set by waiting on the clock, or by quiet_join.
 *
 * It costs no processor time while nobody waits on the clock, and little while somebody computes. */
#ifndef UNDERSTUDY_HARNESS_TIME_MOVER_H
#define UNDERSTUDY_HARNESS_TIME_MOVER_H

#include "base/clock_events.h"
#include "base/err.h"
#include "quiet.h"

struct mover;

/* Both are lent and outlive it. Before anybody waits on the clock. ERR_MEMORY when no thread can be
 * started; *out is then NULL. */
int mover_start(struct clock_events *clock, struct quiet *quiet, struct mover **out, struct err *e);
void mover_stop(struct mover *m); /* stops the clock too; NULL is fine */

#endif
