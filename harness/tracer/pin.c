/* Turns on the processors. */
#include "pin.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

/* The nth processor of a set; -1 when it has none. */
static int nth(const cpu_set_t *set, unsigned n)
{
    unsigned count = (unsigned)CPU_COUNT(set);
    unsigned left = count > 0 ? n % count : 0;
    for (size_t i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, set) && left-- == 0)
            return (int)i;
    return -1;
}

void tracer_pin(void)
{
    static atomic_uint turn;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return;
    int one = nth(&set, atomic_fetch_add(&turn, 1));
    if (one < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)one, &set);
    sched_setaffinity(0, sizeof set, &set);
}
