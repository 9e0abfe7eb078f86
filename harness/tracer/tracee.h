/* The threads of a client, in the order in which they appeared, and what each waits for. */
#ifndef UNDERSTUDY_HARNESS_TRACER_TRACEE_H
#define UNDERSTUDY_HARNESS_TRACER_TRACEE_H

#include "calls.h"
#include "harness/time/asleep.h"
#include "machine.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRACEES_MAX = 4096 };

/* A wait of a thread in a call whose time limit was taken away. */
struct wait {
    const struct call *call; /* NULL: none */
    struct machine before;   /* the registers as the program had set them */
    int64_t due_ns;          /* Unix time of the run's clock */
    uint64_t order;          /* of equal times the lower one is first */
    bool over;               /* its time has come, and it was told */
    bool interrupted;        /* by a signal: not under way, but it may go on as it was */
};

struct tracee {
    pid_t tid, pid;
    struct asleep asleep;
    struct wait wait;
    bool awaits_child; /* that shares its memory (vfork) to call exec, or to end */
    /* It was interrupted in a call that nobody stops, which is to return this. */
    bool has_answer;
    long answer;
    /* Since when it is blocked in a call of a socket, and in which turn on a processor. */
    int64_t blocked_ns;
    uint64_t blocked_turns;
};

struct tracees {
    struct tracee *list;
    uint32_t count;
    size_t room;
};

void tracees_fini(struct tracees *t);
/* NULL when it is not there. Valid until the next add or remove. */
struct tracee *tracees_find(struct tracees *t, pid_t tid);
/* The one that is there, or a new one. NULL: no memory, more than TRACEES_MAX, or it has ended. */
struct tracee *tracees_add(struct tracees *t, pid_t tid);
void tracees_remove(struct tracees *t, pid_t tid);
/* After an exec: the process has one thread left. */
void tracees_remove_others(struct tracees *t, pid_t pid);

#endif
