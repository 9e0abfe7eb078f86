/* The query of a target, pair by pair and still percent-encoded. Every loop over a query uses
 * it.
 *
 *     struct query q = query_of(target);
 *     struct query_pair pair;
 *     while (query_next(&q, &pair)) ...
 *
 * Empty pairs ("?&a=1&") are returned too, so that a caller that rewrites some values
 * (redaction) can put the text together again unchanged. Spans point into the target. Cannot
 * fail, and any thread may call it. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_QUERY_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_QUERY_H

#include "base/span.h"

#include <stdbool.h>

struct query {
    struct span rest;
    bool more; /* query_next has another pair, perhaps an empty one */
};

struct query_pair {
    struct span text; /* the whole pair: "name=value", "name" or "" */
    struct span name;
    struct span value;
    bool has_value; /* there is an equals sign */
};

/* Begins at the first question mark of a target ("/path?a=1") or an absolute URL; without one
 * there are no pairs. */
struct query query_of(struct span target);
/* Fills *out with the next pair; false, and *out is unchanged, after the last. */
bool query_next(struct query *q, struct query_pair *out);

#endif
