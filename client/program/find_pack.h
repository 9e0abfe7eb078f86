/* Finds the pack of an upstream that has no decoder. */
#ifndef UNDERSTUDY_CLIENT_PROGRAM_FIND_PACK_H
#define UNDERSTUDY_CLIENT_PROGRAM_FIND_PACK_H

#include "base/args.h"
#include "base/err.h"
#include "client/client.h"

/* In the folders of --fixtures; when none was given in ./fixtures, else where fixtures were installed. *out is NULL,
 * and that is no error, for an upstream that task_upstreams names. ERR_USAGE names the nearest upstream there is. */
int find_pack(const char *upstream, const struct args_list *folders, struct task_pack **out,
              struct err *e);

#endif
