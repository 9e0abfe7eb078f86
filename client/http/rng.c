/* Random numbers from the kernel, or from a seed. */
#include "rng.h"

#include "base/clock.h"
#include "base/text.h"

#include <sys/random.h>

void rng_init(struct rng *r, uint64_t seed)
{
    r->seeded = seed != 0;
    r->state = seed;
}

uint64_t rng_next(struct rng *r)
{
    uint64_t n;
    if (!r->seeded && getrandom(&n, sizeof n, 0) == (long)sizeof n)
        return n;
    /* Without getrandom the clock makes each number differ: enough for jitter and nonces. */
    if (!r->seeded)
        r->state ^= (uint64_t)clock_ticks_ns();
    return text_random(&r->state);
}
