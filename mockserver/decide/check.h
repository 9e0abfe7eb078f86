/* Does a request satisfy its route: the parameters, the content type and the schema of the body?
 *
 * mock.c calls it once credentials have been accepted. A pure function: any thread may call it. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H

#include "mockserver/fixture/contract.h"
#include "mockserver/message/message.h"

#include <stdbool.h>

/* True when it does. Else *e says what is wrong and where (ERR_MEMORY: it could not be checked),
 * and *unreadable is true when the body is not JSON at all. Parameters that an auth scheme
 * checks (contract_param.of_auth) are skipped. request must have been opened without a fault. */
bool request_check(const struct contract_route *route, const struct message *request,
                   bool *unreadable, struct err *e);

#endif
