/* Why a request found no route or scenario: each function writes one sentence that names the
 * nearest candidates, cut to fit. Used by route.c; the text goes to the client (X-Mock-Reason)
 * and the journal. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_WHY_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_WHY_H

#include "mockserver/fixture/fixtures.h"
#include "journal.h"
#include "mockserver/message/target.h"

/* Names the three nearest routes (of home, or of all upstreams when it is NULL) and what differs
 * in each. */
void why_no_route(const struct fixtures *f, const struct upstream *home, struct span method,
                  struct span path, const struct target *target, char why[JOURNAL_TEXT_MAX]);
/* An absolute target's host, without a port, that is nobody's; names the nearest of the
 * contracts' hosts. */
void why_unknown_host(const struct fixtures *f, struct span host, char why[JOURNAL_TEXT_MAX]);
void why_several(const struct upstream *const *several, uint32_t count, char why[JOURNAL_TEXT_MAX]);
void why_no_id(const struct upstream *u, char why[JOURNAL_TEXT_MAX]);
void why_unknown_scenario(const struct upstream *u, const char *name, char why[JOURNAL_TEXT_MAX]);
void why_bad_session(const char *session, char why[JOURNAL_TEXT_MAX]);
/* No id pattern matches, and `success` is not used; names the scenarios with the nearest
 * patterns. */
void why_no_scenario(const struct upstream *u, const char *id, char why[JOURNAL_TEXT_MAX]);

#endif
