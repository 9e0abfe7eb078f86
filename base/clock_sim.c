/* The simulated clock: waiting moves it, and takes no real time. */
#include "clock.h"

static int64_t sim_now_ms(struct clock *clock)
{
    return ((const struct clock_sim *)(const void *)clock)->ms;
}

static void sim_wait_ms(struct clock *clock, int64_t ms)
{
    struct clock_sim *c = (struct clock_sim *)(void *)clock;
    if (ms > 0 && __builtin_add_overflow(c->ms, ms, &c->ms))
        c->ms = INT64_MAX;
}

void clock_sim_init(struct clock_sim *c, int64_t start_ms)
{
    *c = (struct clock_sim){
        .clock = {.now_ms = sim_now_ms, .wait_ms = sim_wait_ms},
        .ms = start_ms,
    };
}
