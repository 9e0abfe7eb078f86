/* Reading a clock and waiting on it, through its own functions. */
#include "clock.h"

int64_t clock_now(struct clock *c)
{
    return c->now_ms(c);
}

void clock_wait(struct clock *c, int64_t ms)
{
    if (ms > 0)
        c->wait_ms(c, ms);
}
