/* Polls: a request about one task, made of what a contract says of its operation. Nothing is sent here.
 *
 *     GET  {base}/v1/video/generations/{task id}       Authorization: Bearer {token}
 *     POST {base}/?Action=GetDriveStatus               {"DriveId": "{task id}"} */
#ifndef UNDERSTUDY_HARNESS_ASK_ASK_H
#define UNDERSTUDY_HARNESS_ASK_ASK_H

#include "base/buf.h"
#include "base/err.h"
#include "mockserver/fixture/upstream.h"

struct ask {
    const struct contract_route *route;
    struct buf url;
    struct buf body; /* JSON, or empty */
    struct buf auth; /* a header line, or empty */
};

/* The first operation that is a poll; NULL: there is none. */
const struct contract_route *ask_poll(const struct contract *c);

/* token: of a bearer or an API key, "user:password" of Basic, by the first alternative of the contract's security;
 * NULL: no credentials. ERR_USAGE when the operation needs what is not known here (another parameter, a signature), or the
 * token cannot be sent; ERR_LIMIT, ERR_MEMORY. ask_close even after an error. */
int ask_open(struct ask *a, const struct contract *c, const struct contract_route *route,
             const char *base_url, const char *task, const char *token, struct err *e);
void ask_close(struct ask *a);

#endif
