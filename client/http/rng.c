/* The one door to the machine's random numbers. */
#include "rng.h"

#include "base/clock.h"
#include "base/text.h"

#include <sys/random.h>

void chance_init(struct chance *c, uint64_t seed)
{
    c->seeded = seed != 0;
    c->state = seed;
}

uint64_t chance_next(struct chance *c)
{
    uint64_t n;
    if (!c->seeded && getrandom(&n, sizeof(n), 0) == (long)sizeof(n)) {
        return n;
    }
    if (!c->seeded) { /* a kernel without getrandom: different each call is what counts */
        c->state ^= (uint64_t)clock_ticks_ns();
    }
    return text_random(&c->state);
}
