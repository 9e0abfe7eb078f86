/* The request of a pack, for request.c, and the address of a result that is fetched by the task's id. */
#ifndef UNDERSTUDY_CLIENT_HTTP_REQUEST_PACK_H
#define UNDERSTUDY_CLIENT_HTTP_REQUEST_PACK_H

#include "request.h"

#include <stdbool.h>
#include <stddef.h>

/* ERR_USAGE when the contract does not say how to ask, or asks for what only code can make. */
int request_pack_check(const struct dialect *d, struct err *e);
/* Fills method, URL, headers and body; r->url begins with the base URL already. */
void request_pack_build(struct request *r, const struct task_options *o);

/* The absolute URL of the pack's content operation, which it has (pack_has_content). False, and out is "": no room. */
bool request_pack_content(const struct task_pack *pack, const struct task_options *o, char *out,
                          size_t out_size);

#endif
