/* The tracer: a program of somebody else's, with all that it starts, lives in simulated time.
 *
 * It is stopped only where it asks for the time or waits for a time (calls.h). A clock read is
 * answered with the run's clock. A wait is entered without its limit; when every thread of the
 * client sleeps, and the rest of the world is quiet too, the clock jumps to the earliest time that
 * anybody waits for, and whoever waits for it goes on. So computing costs no simulated time, and
 * waiting no real time. docs/time.md shows it in one picture.
 *
 * A client that spins on the clock makes progress: each read moves it by a small fixed step, which
 * doubles every TRACER_READS_A_STEP reads until somebody waits.
 *
 * All functions are called by the one thread that opened the tracer: the kernel wants it so. */
#ifndef UNDERSTUDY_HARNESS_TRACER_TRACER_H
#define UNDERSTUDY_HARNESS_TRACER_TRACER_H

#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { TRACER_READS_A_STEP = 1024, TRACER_PEER_MAX = 80 };

/* Whether the rest of the world, whoever the client talks to, has nothing left to do, with nothing on
 * its way to the client: it will do nothing before time moves. */
typedef bool tracer_world(void *arg);

enum tracer_end {
    TRACER_ENDED,    /* the client has ended by itself */
    TRACER_LIMIT,    /* it went on beyond its limit, on the run's clock */
    TRACER_FOREVER,  /* all its threads wait, none of them for a time */
    TRACER_RESTLESS, /* it goes on and on, and time with it hardly at all: it never waits */
    TRACER_BUSY,     /* it computes on in real time, without a look at a clock or a wait */
    TRACER_PEER      /* somebody else owes it an answer for too long (tracer_peer) */
};

struct tracer_options {
    struct clock_events *clock; /* lent */
    tracer_world *world_is_quiet;
    void *world;
    int64_t limit_ms; /* of the run's clock, from now */
    int64_t
        restless_limit_ms; /* of real time in which the run's clock moves by less than a second */
    int64_t busy_limit_ms; /* of real time without any sign of life, of the client or of a peer */
    uint16_t ports[2];     /* of the mock, on this machine; 0: none */
};

struct tracer;

/* Whether this kernel, and this user's rights, allow all of it: traces a child that looks at a clock.
 * 0, or ERR_FILE with the reason. */
int tracer_check(struct err *e);

int tracer_open(const struct tracer_options *options, struct tracer **out, struct err *e);
/* Whoever is still traced is killed by the kernel. NULL is fine. */
void tracer_close(struct tracer *t);

/* Traces a process that is about to put the filter on (filter.h) and to call exec. It need not be
 * this one's child, but must be below it. ERR_FILE: the kernel does not let us. */
int tracer_seize(struct tracer *t, pid_t pid, struct err *e);

/* Takes what the client has written meanwhile, without waiting; true when there was some. */
typedef bool tracer_drain(void *arg);

/* Lets the client run until `keeper`, its parent and our child, has ended (*status is then its wait
 * status), or until it must be stopped: then the caller tells the keeper so, and calls
 * tracer_reap. */
enum tracer_end tracer_follow(struct tracer *t, pid_t keeper, tracer_drain *drain, void *drain_arg,
                              int *status);
/* Waits for the keeper's end; no time passes, nothing is answered any more. */
void tracer_reap(struct tracer *t, pid_t keeper, int *status);

/* After TRACER_PEER: who it was, such as "127.0.0.1:6379". Lent. */
const char *tracer_peer(const struct tracer *t);

/* Whom the client went to besides the mock and its own: the first that it asked for a connection, such as
 * "127.0.0.1:6379" ("": nobody); whether it asked a name server; and whether it asked for a connection with the
 * mock, or with itself. */
struct tracer_went {
    char stranger[TRACER_PEER_MAX];
    bool asked_name_server;
    bool connected;
};
struct tracer_went tracer_went(const struct tracer *t);

/* What of the client this machine did not let us follow, so that its time was not all simulated:
 * "timers of timerfd", or whom it talked to, such as "127.0.0.1:6379"; NULL: nothing. Lent. */
const char *tracer_unseen(const struct tracer *t);

/* How often the clock jumped, and how often a thread was stopped; how many threads there still are. */
struct tracer_counts {
    uint64_t jumps, stops, looks, threads;
};
struct tracer_counts tracer_counts(const struct tracer *t);

#endif
