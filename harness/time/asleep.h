/* Whether every thread of a set sleeps: the kernel's own word for it, whatever the load.
 *
 * A thread sleeps when it waits in a system call for something that may never come. One that was
 * woken counts as awake from that moment, even before a processor has taken it, and so does one that
 * waits for a disk. Between the two looks of asleep_all nobody of the
 * set ran, so nobody can have woken another behind our back.
 *
 * Source: proc(5): /proc/PID/task/TID/syscall says "running", or the call it is blocked in;
 * /proc/PID/task/TID/schedstat counts how often a processor has taken it; the third word of
 * /proc/PID/task/TID/stat is its state. The first wants the right to trace the thread, which a
 * process has of its own threads and a tracer of its tracees. */
#ifndef UNDERSTUDY_HARNESS_TIME_ASLEEP_H
#define UNDERSTUDY_HARNESS_TIME_ASLEEP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a thread sleeps in. */
struct asleep_call {
    long number; /* of the system call; -1: none (a page fault, a signal stop) */
    uint64_t args[6];
};

/* One thread. Opened with asleep_open, closed with asleep_close; no thread of ours needs to have
 * anything to do with it. Not thread safe. */
struct asleep {
    int call_fd, turns_fd, state_fd;
    uint64_t turns; /* how often a processor had taken it at the first look */
    bool sure;      /* in this turn it was seen to sleep: only a new turn can end that */
    struct asleep_call call; /* the system call it was in then */
};

/* ERR_NOT_FOUND when there is no such thread (any more), ERR_FILE when its files cannot be read;
 * *a is then safe to close. e may be NULL. */
int asleep_open(pid_t pid, pid_t tid, struct asleep *a, struct err *e);
void asleep_close(struct asleep *a); /* may be called twice */

/* The first look: false when the thread is awake; otherwise a->call is what it sleeps in. A thread that has ended, or
 * is stopped by its tracer, sleeps. */
bool asleep_look(struct asleep *a);
/* The second: false when it is awake, or was at any time since the first. */
bool asleep_still(struct asleep *a);

#endif
