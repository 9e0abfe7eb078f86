/* Playing a plan: its acts turned into calls on a connection. Knows nothing of sockets. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_PLAY_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_PLAY_H

#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct play {
    void *arg;
    size_t (*send)(void *arg, const void *bytes, size_t n); /* returns the bytes taken */
    bool (*wait)(void *arg, int64_t ms);                    /* false: give up */
    void (*close)(void *arg);                               /* after the answer */
    void (*reset)(void *arg);
    bool head_only; /* the request was HEAD */
    bool last;      /* the connection is to end after this answer: say so and close */
    struct buf *spare;
    /* How it went. */
    uint64_t sent_bytes; /* of plan->answer */
    bool complete;       /* all of them */
};

void play_plan(struct play *play, const struct plan *plan);

#endif
