/* Requests: how an upstream is asked about one task. Built once, signed anew for each poll.
 *
 *     doubao      GET  {base}/v1/video/generations/{task id}    Authorization: Bearer {token}
 *     zego-drive  POST {base}/?Action=GetDriveStatus&AppId=...  {"DriveId": "{task id}"}
 *     a pack      as its contract says (request_pack.c)
 *
 * One thread at a time. */
#ifndef UNDERSTUDY_CLIENT_HTTP_REQUEST_H
#define UNDERSTUDY_CLIENT_HTTP_REQUEST_H

#include "rng.h"
#include "client/client.h"
#include "http.h"
#include "client/decode/upstreams.h"

#include "base/buf.h"

enum { REQUEST_URL_MAX = 8 << 10, REQUEST_TOKEN_MAX = 8 << 10, REQUEST_BODY_MAX = 8 << 10 };

struct request {
    struct http_request http; /* ready for a transport after request_sign */
    const struct dialect *dialect;
    uint32_t app_id;
    const char *secret;
    struct signer *signer; /* NULL where nothing is signed */
    struct buf url;
    struct buf signed_url;
    struct buf auth;
    struct buf body;
};

/* ERR_USAGE names the option that is wrong, ERR_LIMIT one that is too long. The options must
 * outlive the request. On error there is nothing to close. */
int request_open(struct request *r, const struct dialect *d, const struct task_options *o,
                 struct err *e);
/* Before each poll: puts a fresh nonce, the present time and the signature into the URL, where the
 * upstream wants them. ERR_LIMIT, ERR_MEMORY: the request is not to be sent. */
int request_sign(struct request *r, int64_t now_unix_ms, struct rng *rng, struct err *e);
void request_close(struct request *r);

#endif
