/* The six upstreams and "auto": how each is asked, read and waited for. A constant row each in
 * upstreams.c; any thread may read them. Source of each row: fixtures/<name>/openapi.json. */
#ifndef UNDERSTUDY_CLIENT_DECODE_UPSTREAMS_H
#define UNDERSTUDY_CLIENT_DECODE_UPSTREAMS_H

#include "client/client.h"
#include "decode.h"
#include "refusal.h"

#include "base/span.h"

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

/* NULL when there is none of that name. */
const struct dialect *dialect_find(const char *name);

/* As view_read and task_goal_state, for a known upstream. */
int dialect_read(const struct dialect *d, int http_status, struct span body, struct task_view *out,
                 struct err *e);
enum task_state dialect_goal_state(const struct dialect *d, const char *goal,
                                   const struct task_view *view, bool seen);

#endif
