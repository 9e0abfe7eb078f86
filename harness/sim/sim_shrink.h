/* Shrinking: the smallest case that still fails the same demand. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_SHRINK_H
#define UNDERSTUDY_HARNESS_SIM_SIM_SHRINK_H

#include "sim_case.h"

#include <stdbool.h>

/* True when the case still fails as the first one did. */
typedef bool sim_still_fails(const struct sim_case *c, void *arg);

/* Leaves out and simplifies, one thing at a time, until nothing can go without losing the
 * failure, or 2000 cases have been tried. c must fail, and the result does. */
void sim_shrink(struct sim_case *c, sim_still_fails *still, void *arg);

#endif
