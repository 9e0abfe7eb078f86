/* What is prepared of the fixtures, once, to find routes fast: used by route.c and router.c alone. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_TABLE_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_TABLE_H

#include "mockserver/fixture/fixtures.h"

#include <stddef.h>
#include <stdint.h>

/* A scenario's `tasks` glob. Sorted by length, so that the first that matches is the longest. */
struct id_pattern {
    const struct scenario *scenario;
    size_t length;
    size_t fixed; /* bytes before the first wildcard, see begins */
};

struct router_entry {
    const struct upstream *upstream;
    const char *id_param; /* the path parameter that holds the task's id; NULL when none does */
    struct id_pattern *id_patterns;
    uint32_t id_pattern_count;
    const struct scenario *fallback; /* `success`, for ids that match no pattern */
};

struct router {
    const struct fixtures *fixtures;
    const struct upstream *preferred; /* the default upstream; NULL when none */
    struct router_entry *entries;     /* in the order of fixtures->upstreams */
};

const struct router_entry *router_entry_of(const struct router *r, const struct upstream *u);
/* The longest that the id matches; NULL: none. */
const struct id_pattern *router_id_pattern_of(const struct router_entry *p, const char *id);

#endif
