/* The world of the simulation: one mock, one direct transport and one simulated clock, which run
 * one case after another without loading anything again. One thread. */
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

/* fixtures are lent and must outlive the world. Errors as sim_upstream_load, and ERR_MEMORY;
 * *out is then NULL. */
int sim_world_open(const struct fixtures *fixtures, sim_client *client, struct sim_world **out,
                   struct err *e);
void sim_world_close(struct sim_world *w);

/* The upstreams with their readings, in the order of the fixtures; lent by the world. */
const struct sim_upstream *sim_world_upstreams(const struct sim_world *w, uint32_t *count);

/* Runs one case, with mock and clock as new. *out is to be freed with evidence_fini. *scenario
 * (also out->scenario) is the world's and lasts until the next run; the caller fills its
 * `expect`. An error means that the run did not take place. */
int sim_world_run(struct sim_world *w, const struct sim_case *c, struct evidence *out,
                  struct scenario **scenario, struct err *e);

/* Appends every entry of the last run's journal, each on a line, byte for byte. */
void sim_world_journal(struct sim_world *w, struct buf *out);

/* When every run begins, Unix milliseconds. */
extern const int64_t sim_world_start_ms;

#endif
