/* Playing a plan: its acts turned into calls on a connection. The functions in struct play stand
 * for the connection, so tests can play plans without a socket. Called on the connection's
 * thread, which it holds during waits. */
#ifndef UNDERSTUDY_MOCKSERVER_WIRE_WIRE_PLAY_H
#define UNDERSTUDY_MOCKSERVER_WIRE_WIRE_PLAY_H

#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct play {
    void *arg;
    size_t (*send)(void *arg, const void *bytes, size_t n); /* returns how many were sent */
    bool (*wait)(void *arg, int64_t ms);                    /* false: end the plan here */
    void (*close)(void *arg);                               /* FIN after the answer */
    void (*reset)(void *arg);                               /* RST at once */
    bool head_only;                                         /* the request was HEAD */
    bool last;         /* the last answer of the connection: adds "Connection: close" */
    struct buf *spare; /* memory for an answer with that header added */
    /* Set by play_plan. */
    uint64_t sent_bytes; /* of plan->answer */
    bool complete;       /* all of them */
};

void play_plan(struct play *play, const struct plan *plan);

#endif
