/* The rewrites of the table in fault.c: each changes a plan and nothing else. False when an act did not fit: plan->broken
 * is then set. Pure functions; seed is of those that choose at random. */
#ifndef UNDERSTUDY_MOCKSERVER_PLAN_FAULT_REWRITE_H
#define UNDERSTUDY_MOCKSERVER_PLAN_FAULT_REWRITE_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct fault;

/* When bytes are sent, and how many: fault_cut.c. */
bool fault_delay(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_jitter(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_drip(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_stall(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_truncate(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_cut_head(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_reset(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_empty(struct plan *p, const struct fault *f, uint64_t seed);

/* Which bytes: fault_bytes.c. */
bool fault_garbage(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_bad_length(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_chunked(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_bad_chunk(struct plan *p, const struct fault *f, uint64_t seed);
bool fault_interim(struct plan *p, const struct fault *f, uint64_t seed);

#endif
