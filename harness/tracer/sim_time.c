/* Sums of times that never overflow. */
#include "sim_time.h"

#include "calls.h"

/* How far a clock is ahead of Unix time: 0, or less. */
static int64_t ahead_ns(const struct sim_time *t, int clock)
{
    return calls_is_wall_clock(clock) ? 0 : SIM_UPTIME_NS - t->start_ns;
}

int64_t sim_clock_ns(const struct sim_time *t, int clock)
{
    return t->ns + ahead_ns(t, clock);
}

int64_t sim_when_clock_shows(const struct sim_time *t, int clock, int64_t ns)
{
    int64_t when;
    return __builtin_sub_overflow(ns, ahead_ns(t, clock), &when) ? INT64_MAX : when;
}

int64_t sim_in(const struct sim_time *t, int64_t ns)
{
    int64_t when;
    if (ns <= 0)
        return t->ns;
    return __builtin_add_overflow(t->ns, ns, &when) ? INT64_MAX : when;
}

int64_t sim_span_ns(int64_t seconds, int64_t fraction, int64_t fractions_of_a_second)
{
    int64_t ns;
    if (seconds < 0 || fraction < 0 || fraction >= fractions_of_a_second)
        return -1;
    if (__builtin_mul_overflow(seconds, SIM_SECOND_NS, &ns)
        || __builtin_add_overflow(ns, fraction * (SIM_SECOND_NS / fractions_of_a_second), &ns))
        return INT64_MAX;
    return ns;
}
