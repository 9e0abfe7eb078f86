/* Dialects: how one upstream is asked, read and waited for. A row of upstreams.c where code reads it, else made of its
 * contract (pack.h). Never changed once made: any thread may read it. */
#ifndef UNDERSTUDY_CLIENT_DECODE_DIALECT_H
#define UNDERSTUDY_CLIENT_DECODE_DIALECT_H

#include "client/client.h"
#include "decode.h"
#include "refusal.h"

enum request_kind {
    REQUEST_BEARER, /* GET base_url + path + task id, with a bearer token */
    REQUEST_ZEGO,   /* POST /?Action=action, signed, with the task id in a JSON body */
    REQUEST_PACK    /* as a contract says: pack_request */
};

/* One other reading of a reply under a goal: by its status or by its code. */
struct goal_rule {
    const char *goal;
    const char *status; /* or NULL */
    const char *code;   /* or NULL */
    bool needs_seen;    /* only when an earlier reply knew the task */
    enum task_state state;
};

/* What a client must know of one upstream; the mock knows it by its contract instead. */
struct dialect {
    const char *name;
    enum request_kind kind;
    const char *path_or_action; /* as request_kind says: a path, or ZEGO's Action */
    const char *id_key;         /* of the JSON body, under the default goal */
    const char *id_key_all;     /* under the goal "all" */
    decode_fn *view;
    const struct refusal_code *codes;
    int64_t interval_ms; /* between polls, unless the caller says */
    const char *const *goals;
    const struct goal_rule *rules; /* ends with a NULL goal */
    const struct task_pack
        *pack; /* reads in place of view, codes and rules; NULL: a decoder of its own */
};

#endif
