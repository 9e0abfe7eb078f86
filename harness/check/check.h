/* Holds recorded replies against what stands beside them: the contract, and NAME.want.json.
 *
 *   wrong     the body is of another type than the contract says, or no JSON where it says JSON; it is not what
 *             Content-Encoding says; it begins with a second head; the want is no want, or the built-in client
 *             reads the reply otherwise
 *   warning   the contract demands a field that is not there, or lists values of which this is none
 *   note      a field, or a status and media type, that the contract does not describe
 *
 * A want that says why its reply breaks the contract ("breaks"), or that the reply cannot be read ("error" is
 * syntax, contract or limit), keeps the contract out; "breaks" excuses encodings and second heads too. */
#ifndef UNDERSTUDY_HARNESS_CHECK_CHECK_H
#define UNDERSTUDY_HARNESS_CHECK_CHECK_H

#include "level.h"
#include "mockserver/fixture/upstream.h"

/* Called for each finding: e->where is "FILE:LINE:COLUMN" or "FILE". */
typedef void check_report(enum check_level level, const struct err *e, void *arg);

/* Holds every reply of an upstream, whose folder is dir, against both. 0 whatever is found; ERR_LIMIT when a
 * path is too long, ERR_MEMORY. */
int check_replies(const char *dir, const struct upstream *u, check_report *report, void *arg,
                  struct err *e);

#endif
