/* What each of the calls that read a clock writes where. */
#include "clock_read.h"

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>

/* Two numbers: seconds, and fractions of one. False: there is no room for them. */
static bool write_pair(const struct machine *m, uint64_t at, int64_t ns, int64_t fraction_ns)
{
    int64_t pair[2] = {ns / SIM_SECOND_NS, ns % SIM_SECOND_NS / fraction_ns};
    return machine_poke(m->tid, at, pair, sizeof pair);
}

void clock_read_answer(struct machine *m, const struct sim_time *now)
{
    int64_t result = 0;
    bool good = true;
    if (machine_call(m) == SYS_clock_gettime) {
        good = write_pair(m, machine_arg(m, 1), sim_clock_ns(now, (int)machine_arg(m, 0)), 1);
    } else if (machine_call(m) == SYS_gettimeofday) {
        static const int zone[2]; /* what every kernel says: Greenwich */
        good = machine_arg(m, 0) == 0 || write_pair(m, machine_arg(m, 0), now->ns, 1000);
        good = good
            && (machine_arg(m, 1) == 0
                || machine_poke(m->tid, machine_arg(m, 1), zone, sizeof zone));
    } else {
        result = now->ns / SIM_SECOND_NS;
        good = machine_arg(m, 0) == 0
            || machine_poke(m->tid, machine_arg(m, 0), &result, sizeof result);
    }
    machine_skip(m, good ? result : -EFAULT);
}
