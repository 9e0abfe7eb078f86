/* Shards: a run in parts, on several machines. Which scenarios are of a part depends on the list of them alone: every
 * of-th from the index-th on. */
#ifndef UNDERSTUDY_HARNESS_RUN_SHARD_H
#define UNDERSTUDY_HARNESS_RUN_SHARD_H

#include "base/buf.h"
#include "jobs.h"

enum { SHARDS_MAX = 1024 };

struct shard {
    uint32_t index; /* from 1; 0: no shard, but everything */
    uint32_t of;
};

/* Reads "2/5". ERR_USAGE. */
int shard_read(const char *text, struct shard *out, struct err *e);

/* Keeps the jobs that are the shard's. They are not yet any client's: each client gets the same. */
void shard_take(const struct shard *shard, struct jobs *jobs);

/* What came out of all shards together. */
struct shard_sum {
    uint32_t scenarios, clients, upstreams;
    uint32_t passed, failed, inconclusive, skipped, known;
    uint32_t not_run; /* of the inconclusive ones */
};

/* Joins the JSON reports of all shards of one run, given in any order, into the report that the run in one piece
 * would have written. Calls told for each scenario that is not good. ERR_CONTRACT names what does not belong together, or is
 * missing; ERR_FILE, ERR_SYNTAX, ERR_LIMIT, ERR_MEMORY. */
typedef void shard_told(const char *client, const char *scenario, const char *verdict,
                        const char *again, void *arg);
int shard_merge(const char *const *paths, uint32_t count, struct buf *out, struct shard_sum *sum,
                shard_told *told, void *arg, struct err *e);

#endif
