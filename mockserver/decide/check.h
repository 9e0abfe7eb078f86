/* Requests: the body, read once for all who look into it; and does a request satisfy the parameters,
 * content type and body schema of its route? */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_CHECK_H

#include "mockserver/fixture/contract.h"
#include "mock.h"
#include "mockserver/message/target.h"

#include <stdbool.h>

struct request_body {
    struct json *tree; /* NULL: there is none, or failed says why */
    int failed;        /* the code of fault; 0: none */
    struct err fault;
};

/* Close it with request_body_close, also when it failed. */
void request_body_open(struct span text, struct request_body *out);
void request_body_close(struct request_body *body);

/* False, and e says what and where, when it does not. *reply names the contract's reply that says so:
 * "error.bad_request", or "error.body_unreadable" for a ZEGO body that is no JSON. The common parameters
 * of ZEGO are left to the signature check. */
bool request_check(const struct contract *c, const struct contract_route *route,
                   const struct mock_request *request, const struct target *target,
                   const struct request_body *body, const char **reply, struct err *e);

#endif
