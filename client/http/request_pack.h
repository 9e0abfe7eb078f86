/* The request of a pack, for request.c, and the address of a result that is fetched by the task's id. */
#ifndef UNDERSTUDY_CLIENT_HTTP_REQUEST_PACK_H
#define UNDERSTUDY_CLIENT_HTTP_REQUEST_PACK_H

#include "client/decode/pack.h"
#include "http.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* What a request is made of; all lent. Every error is its buffers'. */
struct request_parts {
    struct http_request *http; /* method and headers, which point into auth */
    struct buf *url;           /* begins with the base URL already */
    struct buf *auth;
    struct buf *body;
};

/* ERR_USAGE when the contract does not say how to ask, or asks for what only code can make. */
int request_pack_check(const struct task_pack *pack, struct err *e);
void request_pack_build(const struct task_pack *pack, const struct task_options *o,
                        const struct request_parts *out);

/* The absolute URL of the pack's content operation, which it has (pack_has_content). False, and out is "": no room. */
bool request_pack_content(const struct task_pack *pack, const struct task_options *o, char *out,
                          size_t out_size);

/* Appends a base URL without the slashes at its end. */
void request_add_base(struct buf *url, const char *base_url);

#endif
