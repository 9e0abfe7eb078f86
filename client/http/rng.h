/* Rng: random numbers for jitter and nonces, from the machine, or from a seed when a run must
 * repeat. One thread. */
#ifndef UNDERSTUDY_CLIENT_HTTP_RNG_H
#define UNDERSTUDY_CLIENT_HTTP_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    bool seeded;
    uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed); /* 0: the machine's */
uint64_t rng_next(struct rng *r);

#endif
