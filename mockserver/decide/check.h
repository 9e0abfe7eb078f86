/* Does a request satisfy its route: the parameters, the content type and the schema of the body? Pure. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H

#include "mockserver/fixture/contract.h"
#include "mockserver/message/message.h"

#include <stdbool.h>

/* True when it does. Else e says what and where, and *unreadable whether the body is no JSON at all. What a scheme
 * of the route checks (contract_param.of_auth) is left to it. request has been opened without a fault. */
bool request_check(const struct contract *c, const struct contract_route *route,
                   const struct message *request, bool *unreadable, struct err *e);

#endif
