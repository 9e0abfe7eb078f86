/* The world of the simulation: one mock, one direct transport, one simulated clock, used for one
 * case after another without loading anything again. */
#ifndef UNDERSTUDY_HARNESS_SIM_SIM_WORLD_H
#define UNDERSTUDY_HARNESS_SIM_SIM_WORLD_H

#include "base/err.h"
#include "harness/testbed/evidence.h"
#include "sim_case.h"

#include <stdint.h>

/* The client under test: task_wait, or another that keeps its contract. */
typedef int sim_client(const struct task_options *options, struct task_result *out,
                       struct task_failure *f);

struct sim_world;

/* fixtures are lent; upstreams (each with its readings) lead into the world. */
int sim_world_open(const struct fixtures *fixtures, sim_client *client, struct sim_world **out,
                   struct err *e);
void sim_world_close(struct sim_world *w);

/* In the order of the fixtures. */
const struct sim_upstream *sim_world_upstreams(const struct sim_world *w, uint32_t *count);

/* Runs one case from a clean start. evidence->scenario is the world's and lasts until the next
 * run; what it expects is the caller's to fill. An error means that the run did not take place. */
int sim_world_run(struct sim_world *w, const struct sim_case *c, struct evidence *out,
                  struct scenario **scenario, struct err *e);

/* Appends every entry of the last run's journal, each on a line, byte for byte. */
void sim_world_journal(struct sim_world *w, struct buf *out);

extern const int64_t sim_world_start_ms;

#endif
