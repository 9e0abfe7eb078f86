/* Packs of the fixtures' upstreams: the built-in client reads those that have no decoder by their contracts. And which
 * replies the client and the rules read differently. Never changed once open: any thread may read them. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_PACKS_H
#define UNDERSTUDY_HARNESS_TESTBED_PACKS_H

#include "client/client.h"
#include "mockserver/fixture/fixtures.h"

#include "base/err.h"

#include <stdbool.h>

struct packs;

/* Opens the contract of every upstream without a decoder. fixtures are lent. Errors of task_pack_open, ERR_MEMORY;
 * *out is then NULL. */
int packs_open(const struct fixtures *fixtures, struct packs **out, struct err *e);
void packs_close(struct packs *p); /* NULL is fine */

/* NULL: the client has a decoder for it. */
const struct task_pack *packs_of(const struct packs *p, const struct upstream *u);

/* True when a state that the contract reads and one that a client reads say the same of polling: the task is open, it has
 * ended, or nobody can know. */
bool packs_agree(enum reply_state by_contract, enum task_state by_client);

/* *out is true when contract and client differ on whether the reply's task is open, has ended, or cannot be known: a
 * client that is right by one of them breaks a rule by the other. pack NULL: the upstream's decoder reads. ERR_MEMORY. */
int packs_dispute(const struct upstream *u, const struct task_pack *pack, const char *goal,
                  const struct reply *reply, bool *out, struct err *e);

/* The address of an upstream's content operation for a task, below a base URL; "" when there is none, or no room. */
void packs_content_url(const struct upstream *u, const char *base_url, const char *task_id,
                       char *out, size_t out_size);

#endif
