/* Holds replies against what is said of them: recorded ones of an upstream against its contract and their NAME.want.json,
 * those of a HAR file and of a live service against the contract.
 *
 *   wrong     the body is of another type than the contract says, or no JSON where it says JSON; it is not what
 *             Content-Encoding says; it begins with a second head; the want is no want, or the built-in client
 *             reads the reply otherwise
 *   warning   the contract demands a field that is not there, or asks for other values; the reply is too old; the live
 *             service refuses the token
 *   note      a field, or a status and media type, that the contract does not describe; a reply without a date, where an age
 *             is asked for; a recording's request that the contract does not describe
 *
 * A want that says why its reply breaks the contract ("breaks"), or that the reply cannot be read ("error" is
 * syntax, contract or limit), keeps the contract out; "breaks" excuses encodings and second heads too. */
#ifndef UNDERSTUDY_HARNESS_CHECK_CHECK_H
#define UNDERSTUDY_HARNESS_CHECK_CHECK_H

#include "age.h"
#include "finding.h"
#include "mockserver/fixture/fixtures.h"

#include <stdint.h>

/* Holds every reply of an upstream, whose folder is dir, against both. 0 whatever is found; ERR_LIMIT when a
 * path is too long, ERR_MEMORY. */
int check_replies(const char *dir, const struct upstream *u, const struct check_age *age,
                  check_report *report, void *arg, struct err *e);

/* Holds the answers of a HAR file against the operations of u's contract that they were asked of. *answers counts them. The
 * errors of recording_read. */
int check_recording(const char *path, const struct fixtures *f, const struct upstream *u,
                    const struct check_age *age, check_report *report, void *arg, uint32_t *answers,
                    struct err *e);

/* A service that is asked once. Texts may be NULL where they are not needed. */
struct check_live {
    const char *base_url, *task;
    const char *token; /* of a bearer, an API key, or "user:password" */
    uint32_t app_id;   /* of signed requests */
    const char *secret;
    int64_t timeout_ms;
};

/* Asks for the task as the contract's poll says, once, and holds the answer against it. The token is told nowhere. ERR_USAGE
 * when an option is missing or wrong, ERR_NETWORK, ERR_TIMEOUT, ERR_LIMIT, ERR_MEMORY. */
int check_live(const struct upstream *u, const struct check_live *live, check_report *report,
               void *arg, struct err *e);

#endif
