/* Whether a part of this process is quiet: a set of its threads, looked at twice (asleep.h).
 *
 * A thread that sleeps because a lock is taken is not quiet: whoever holds the lock may be none of
 * the set, such as another run's thread in the memory allocator, and then runs on by itself. glibc
 * waits for locks by FUTEX_WAIT, and for conditions, where threads wait for work, by
 * FUTEX_WAIT_BITSET; its read-write locks wait like conditions, so none may be shared with others.
 * Nor is a sleep in real time quiet.
 *
 * Not thread safe. */
#ifndef UNDERSTUDY_HARNESS_TIME_QUIET_H
#define UNDERSTUDY_HARNESS_TIME_QUIET_H

#include "asleep.h"

struct quiet {
    struct asleep *list;
    uint32_t count;
    size_t room;
    uint32_t awake; /* the one that was last seen awake: it is looked at first */
};

/* Adds a thread of this process. ERR_MEMORY, and the errors of asleep_open. */
int quiet_add(struct quiet *q, pid_t tid, struct err *e);
void quiet_fini(struct quiet *q);

bool quiet_look(struct quiet *q);  /* all sleep */
bool quiet_still(struct quiet *q); /* and have done so ever since */

#endif
