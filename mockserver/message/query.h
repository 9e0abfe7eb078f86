/* The query of a target, pair by pair and still encoded: the one loop over it.
 *
 *     struct query q = query_of(target);
 *     struct query_pair pair;
 *     while (query_next(&q, &pair)) ...
 *
 * Empty pairs ("?&a=1&") are handed out too, so that the text can be put together again. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_QUERY_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_QUERY_H

#include "base/span.h"

#include <stdbool.h>

struct query {
    struct span rest;
    bool more; /* a pair is still to come, perhaps an empty one */
};

struct query_pair {
    struct span text; /* the whole pair: "name=value", "name" or "" */
    struct span name;
    struct span value;
    bool has_value; /* there is an equals sign */
};

/* Of a target ("/path?a=1") or an absolute URL; what has no question mark has no pairs. */
struct query query_of(struct span target);
bool query_next(struct query *q, struct query_pair *out);

#endif
