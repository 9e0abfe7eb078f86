/* A list of threads. */
#include "quiet.h"

#include "base/grow.h"

#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QUIET_MAX = 65536 };

int quiet_add(struct quiet *q, pid_t tid, struct err *e)
{
    struct asleep *list = grow(q->list, q->count, &q->room, sizeof *list, QUIET_MAX);
    if (!list)
        return err_set(e, ERR_MEMORY, NULL, "no memory for %u threads", q->count + 1);
    q->list = list;
    int code = asleep_open(getpid(), tid, &q->list[q->count], e);
    if (!code)
        q->count++;
    return code;
}

void quiet_fini(struct quiet *q)
{
    for (uint32_t i = 0; i < q->count; i++)
        asleep_close(&q->list[i]);
    free(q->list);
    *q = (struct quiet){0};
}

static bool rests(struct asleep *a)
{
    if (!asleep_look(a))
        return false;
    if (a->call.number == SYS_futex)
        return (a->call.args[1] & (uint64_t)FUTEX_CMD_MASK) != FUTEX_WAIT;
    return a->call.number != SYS_nanosleep && a->call.number != SYS_clock_nanosleep;
}

bool quiet_look(struct quiet *q)
{
    if (q->awake < q->count && !rests(&q->list[q->awake]))
        return false;
    for (uint32_t i = 0; i < q->count; i++)
        if (!rests(&q->list[i])) {
            q->awake = i;
            return false;
        }
    return true;
}

bool quiet_still(struct quiet *q)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (!asleep_still(&q->list[i])) {
            q->awake = i;
            return false;
        }
    return true;
}
