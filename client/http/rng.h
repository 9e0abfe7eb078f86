/* Chance: numbers from the machine, or from a seed when a run must repeat. */
#ifndef UNDERSTUDY_CLIENT_HTTP_RNG_H
#define UNDERSTUDY_CLIENT_HTTP_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
    bool seeded;
    uint64_t state;
};

void chance_init(struct chance *c, uint64_t seed); /* 0: the machine's */
uint64_t chance_next(struct chance *c);

#endif
