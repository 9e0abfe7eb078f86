/* Routes: from a request to the upstream that answers it, its route, the task's id and the scenario. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_H

#include "base/err.h"
#include "journal.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/message.h"
#include "task.h"

#include <stdbool.h>
#include <stdint.h>

struct router;

/* fixtures are lent. default_upstream may be NULL; ERR_NOT_FOUND when it names none. */
int router_open(const struct fixtures *fixtures, const char *default_upstream, struct router **out,
                struct err *e);
void router_close(struct router *r);

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_NONE,              /* no upstream, no route or no scenario; why names the nearest */
    ROUTE_OPERATION_MISSING, /* method and path fit, but not the parameter that names the operation ... */
    ROUTE_OPERATION_UNKNOWN, /* ... and its scheme refuses that itself (auth_scheme.operation) */
    ROUTE_BAD_ID /* the route is found, but the request carries no task id that can be used */
};

struct route {
    const struct upstream *upstream; /* whose error shape to use; NULL when no one is meant */
    const struct contract_route
        *match; /* NULL: none; for ROUTE_OPERATION_... one whose scheme refuses */
    const struct scenario *scenario; /* the mount's or the claim's, or NULL: see route_scenario */
    char session[REPLY_NAME_MAX];    /* "" when none */
    char id[MOCK_TASK_ID_MAX];
    char why[JOURNAL_TEXT_MAX]; /* "" when found */
};

/* Decides who answers: the mount path, else the Host header, else the bare path. request has been opened
 * without a fault. */
enum route_outcome route_find(const struct router *r, const struct message *request,
                              struct route *out);

/* The same for a request that is meant for one upstream, at a path of its own. */
enum route_outcome route_find_in(const struct router *r, const struct upstream *u, struct span path,
                                 const struct message *request, struct route *out);

/* Only who would answer, for a request that cannot be read any further: the upstream of the mount path
 * or of the Host header; NULL when neither names one. */
const struct upstream *route_upstream(const struct router *r, const struct message *request);

/* The scenario of an id that came without one: the longest `tasks` pattern that matches it, else, unless
 * strict, the upstream's `success`. NULL, and why is filled, when there is none. */
const struct scenario *route_scenario(const struct router *r, const struct upstream *u,
                                      const char *id, bool strict, char why[JOURNAL_TEXT_MAX]);

#endif
