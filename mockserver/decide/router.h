/* The router: what is prepared of the fixtures to find routes (route.h) and scenarios fast.
 *
 * It is built once and never changed: any number of threads may use it. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTER_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTER_H

#include "base/err.h"
#include "journal.h"
#include "mockserver/fixture/fixtures.h"

#include <stdbool.h>

struct router;

/* fixtures are lent and must outlive the router. default_upstream may be NULL; ERR_NOT_FOUND
 * when no upstream has that name, ERR_MEMORY. */
int router_open(const struct fixtures *fixtures, const char *default_upstream, struct router **out,
                struct err *e);
void router_close(struct router *r);

/* The scenario of an id when the request names none: the one with the longest `tasks` pattern
 * that matches the id, else, unless strict, the upstream's `success`. NULL, and why is filled,
 * when there is none. */
const struct scenario *route_scenario(const struct router *r, const struct upstream *u,
                                      const char *id, bool strict, char why[JOURNAL_TEXT_MAX]);

#endif
