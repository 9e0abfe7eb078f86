/* Whether every thread of a set sleeps: the kernel's own word for it, whatever the load.
 *
 * A thread sleeps when it waits in a system call. One that was woken counts as awake from that
 * moment, even before a processor has taken it. Look at each of a set, then at each a second time:
 * when all slept both times nobody of it ran in between, so nobody can have woken another behind our
 * back. The second look of one time is as good as the first of the next (asleep_known).
 *
 * Source: proc(5). /proc/PID/task/TID/stat says how it is: of one that is on its way to a processor
 * "R", where /proc/PID/task/TID/syscall still tells the call that it was blocked in;
 * /proc/PID/task/TID/schedstat counts how often a processor has taken it. The call wants the right
 * to trace the thread, which a process has of its own threads and a tracer of its tracees.
 * /proc/PID/task/TID/wchan names the place in the kernel where it sleeps, and "0" when it does not, is
 * on its way to a processor, or nobody may know: where it names one it saves the slow stat.
 *
 * A second look takes 3 microseconds, the two of them up to 20 when it has run since the last time. */
#ifndef UNDERSTUDY_HARNESS_TIME_ASLEEP_H
#define UNDERSTUDY_HARNESS_TIME_ASLEEP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a thread sleeps in. */
struct asleep_call {
    long number; /* of the system call; -1: none (a page fault, a signal stop, its end) */
    uint64_t args[6];
    bool deeply; /* nothing but its event can wake it: it waits for memory, a disk, the kernel */
    bool ended;  /* there is no such thread any more */
};

/* One thread. Opened with asleep_open, closed with asleep_close; no thread of ours needs to have
 * anything to do with it. Not thread safe. */
struct asleep {
    int state_fd, call_fd, turns_fd, place_fd;
    uint64_t turns; /* how often a processor had taken it at the first look */
    bool slept;     /* it did, after so many turns, in this call */
    struct asleep_call call;
};

/* ERR_NOT_FOUND when there is no such thread (any more), ERR_FILE when its files cannot be read;
 * *a is then safe to close. e may be NULL. */
int asleep_open(pid_t pid, pid_t tid, struct asleep *a, struct err *e);
void asleep_close(struct asleep *a); /* may be called twice */

/* The first look: false when the thread is awake. *call may be NULL. A thread that has ended
 * sleeps, in no call. */
bool asleep_look(struct asleep *a, struct asleep_call *call);
/* Likewise, but one that was found asleep by its last look is not looked at again: whether it has
 * slept ever since is for asleep_still to say. */
bool asleep_known(struct asleep *a, struct asleep_call *call);
/* The second: false when it is awake, or was at any time since the last look that found it asleep. */
bool asleep_still(struct asleep *a);

#endif
