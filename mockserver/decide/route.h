/* Routes: from a request to the upstream that answers it, its route, the task's id and the
 * scenario.
 *
 * Used by mock.c, and by the recorder to name tasks. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_H

#include "base/err.h"
#include "journal.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/message.h"
#include "router.h"
#include "task.h"

#include <stdbool.h>
#include <stdint.h>

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_NONE,              /* no upstream, no route or no scenario; why names the nearest */
    ROUTE_OPERATION_MISSING, /* method and path fit, but not the parameter that names the operation ... */
    ROUTE_OPERATION_UNKNOWN, /* ... and its scheme refuses that itself (auth_scheme.operation) */
    ROUTE_BAD_ID /* the route is found, but the request carries no task id that can be used */
};

struct route {
    const struct upstream *upstream; /* whose error replies to use; NULL when none is known */
    const struct contract_route
        *match; /* NULL: none; for ROUTE_OPERATION_... one whose scheme refuses */
    const struct scenario *scenario; /* known already, or NULL: call route_scenario */
    char session[REPLY_NAME_MAX];    /* "" when none */
    char id[MOCK_TASK_ID_MAX];
    char why[JOURNAL_TEXT_MAX]; /* "" when found */
};

/* Finds who answers: by the mount path (/UPSTREAM[:SCENARIO[:SESSION]]/...), else by a host
 * (message_host) that a contract lists, else by the bare path among all upstreams, where the
 * id's pattern and then the default upstream decide between several. HEAD finds a HEAD operation
 * of an upstream, else that of GET. Fills all of *out; why is the sentence for the client when
 * the outcome is not ROUTE_FOUND. request has been opened without a fault. */
enum route_outcome route_find(const struct router *r, const struct message *request,
                              struct route *out);

/* The same among the routes of one upstream only; path replaces the request's, and HEAD finds no
 * operation of GET. */
enum route_outcome route_find_in(const struct router *r, const struct upstream *u, struct span path,
                                 const struct message *request, struct route *out);

/* For a request with a fault, which has no route: the upstream that the mount path or the host
 * names, whose error reply is sent; NULL when neither does. */
const struct upstream *route_upstream(const struct router *r, const struct message *request);

#endif
