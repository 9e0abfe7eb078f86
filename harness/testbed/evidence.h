/* Evidence: what one run of one client against one scenario left behind.
 *
 * The testbed collects it; rules, reports, external clients and the simulation read it, and need
 * no testbed for that. Plain values and memory of its own, but for upstream and scenario, which
 * are lent by the fixtures and must outlive it. One thread at a time may change it, any number
 * may read it. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_EVIDENCE_H
#define UNDERSTUDY_HARNESS_TESTBED_EVIDENCE_H

#include "client/client.h"
#include "trace.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/wire/assets.h"

#include <stdbool.h>
#include <stdint.h>

/* What carried the polls: function calls on a simulated clock, or sockets. */
enum testbed_transport { TESTBED_DIRECT, TESTBED_WIRE };
const char *testbed_transport_name(enum testbed_transport transport); /* "direct", "wire" */

struct evidence {
    const struct upstream *upstream;
    const struct scenario *scenario;
    enum testbed_transport transport;
    uint32_t speed; /* how many times faster the clock ran; 0 on the direct transport */
    bool no_auth;   /* credentials were not asked for, and are not judged */
    /* What the client was told of its own limit, or its profile tells of it: {timeout} in its command, or `bound`.
     * It may end by itself when so long has passed since its first poll. -1: nothing was told. */
    int64_t told_bound_ms;
    /* The client's own wait between two polls, by its profile's `interval`; -1: not told, and the contract's counts. */
    int64_t own_interval_ms;
    const struct rules_off *client_off; /* what its profile switches off; lent; NULL: nothing */
    struct task_result result;          /* what the client reported */
    bool unspecific;    /* the client said only that it did not succeed: result.outcome is FAILED */
    bool timed_out;     /* the client was still running at the limit and was stopped */
    bool waits_forever; /* then: its threads waited, and none of them for a time */
    bool never_waits;   /* then: it went on without a wait, so that simulated time stood */
    int64_t allowed_ms; /* how long the harness let it run, when timed_out */
    char crashed[128];  /* it reported nothing, since this happened to it; "" when it reported */
    char unclear[256];  /* why nothing can be said of it, such as what time cannot move; "" */
    bool
        disputed; /* a reply came that client and contract read differently: rules that go by it are off */
    uint32_t tasks;            /* that the client was asked for: 1, or more by its profile */
    char task_id[TASK_ID_MAX]; /* that it was given; whoever creates tasks polls those */
    struct trace trace;        /* what the mock saw of it */
    /* The address of the contract's content operation for this task, a right URL for it; "": it has none. */
    char content_url[1024];
    struct downloads downloads; /* what was fetched from the second port; none without one */
};

/* Why the rule is not judged in this run, by the scenario or by the client's profile; NULL when it is. */
const char *evidence_rule_off(const struct evidence *evidence, const char *rule);

/* The URL that a client is to report; NULL when none is asked for. The scenario's, of which a path stands for the
 * content operation's address. */
const char *evidence_url(const struct evidence *evidence);

/* Frees what the evidence owns and sets it to all zero. All zero is fine. */
void evidence_fini(struct evidence *evidence);

#endif
