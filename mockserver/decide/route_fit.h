/* Whether the path and the query of a request fit a route. Used by route.c alone; pure
 * functions. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_FIT_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_FIT_H

#include "base/span.h"
#include "mockserver/fixture/contract.h"
#include "mockserver/message/target.h"

#include <stdbool.h>

/* True when the path matches the route's template, segment by segment. *id is then the segment
 * of the parameter id_param, still encoded; empty when the route has none. */
bool route_fits(const struct contract_route *route, const char *id_param, struct span path,
                struct span *id);

/* The first of the route's fixed query parameters that the request does not have; NULL when it has all. */
const struct contract_param *route_missing(const struct contract_route *route,
                                           const struct target *target);

/* The number of parameters in the route's path. */
unsigned route_params(const struct contract_route *route);

#endif
