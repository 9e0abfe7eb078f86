/* Requests: does one satisfy the parameters, content type and body schema of its route? */
#ifndef UNDERSTUDY_REQUEST_H
#define UNDERSTUDY_REQUEST_H

#include "mockserver/contract.h"
#include "mockserver/mock.h"
#include "mockserver/target.h"

#include <stdbool.h>

/* False, and e says what and where, when it does not. *reply names the contract's reply that says so:
 * "error.bad_request", or "error.body_unreadable" for a ZEGO body that is no JSON. The common parameters
 * of ZEGO are left to the signature check. */
bool request_check(const struct contract *c, const struct contract_route *route,
                   const struct mock_request *request, const struct target *target,
                   const char **reply, struct err *e);

#endif
