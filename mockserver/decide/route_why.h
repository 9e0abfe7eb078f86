/* Why a request found no answer: one sentence each, with the nearest candidates. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_WHY_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_ROUTE_WHY_H

#include "mockserver/fixture/fixtures.h"
#include "journal.h"
#include "mockserver/message/target.h"

/* The three routes (of home, or of all upstreams) that are nearest, and what differs in each. */
void why_no_route(const struct fixtures *f, const struct upstream *home, struct span method,
                  struct span path, const struct target *target, char why[JOURNAL_TEXT_MAX]);
void why_several(const struct upstream *const *several, uint32_t count, char why[JOURNAL_TEXT_MAX]);
void why_no_id(const struct upstream *u, char why[JOURNAL_TEXT_MAX]);
void why_unknown_scenario(const struct upstream *u, const char *name, char why[JOURNAL_TEXT_MAX]);
void why_bad_session(const char *session, char why[JOURNAL_TEXT_MAX]);
/* No scenario claims the id, and none stands in; names those whose patterns are nearest. */
void why_no_scenario(const struct upstream *u, const char *id, char why[JOURNAL_TEXT_MAX]);

#endif
