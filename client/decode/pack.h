/* Packs: upstreams that are data only. This is the client's own reader of a contract (openapi.json and
 * its x-task): how the service is asked, and what its replies say of a task.
 *
 * The rules of the harness read the same file with mockserver/fixture/contract.h. The two share nothing but
 * JSON, so that a mistake of one shows as a difference to the other. docs/formats.md describes x-task.
 *
 * A pack is never changed once it is open: any number of threads may read with it. */
#ifndef UNDERSTUDY_CLIENT_DECODE_PACK_H
#define UNDERSTUDY_CLIENT_DECODE_PACK_H

#include "client/client.h"
#include "dialect.h"

#include "base/err.h"
#include "base/json/json.h"
#include "base/span.h"

enum {
    PACK_NAME_MAX = 101,
    PACK_SEGMENTS_MAX = 16, /* of a pointer */
    PACK_POINTERS_MAX = 16, /* of a list, and entries of `status` and `error` */
    PACK_QUERY_MAX = 8      /* query parameters with one possible value */
};

enum pack_auth {
    PACK_AUTH_NONE,
    PACK_AUTH_BEARER,
    PACK_AUTH_BASIC,
    PACK_AUTH_KEY_HEADER,
    PACK_AUTH_KEY_QUERY,
    PACK_AUTH_KEY_COOKIE,
    PACK_AUTH_OTHER /* a scheme that only code can speak */
};

/* How the task's status is asked for. Texts are lent by the pack. */
struct pack_request {
    const char *method;    /* NULL: no operation is a poll with the task's id in it */
    const char *base_path; /* of the contract's first server; "" when it has none */
    const char *path;      /* template: "/v1/videos/{video_id}" */
    const char
        *content_path;    /* the same of the operation that gives the result's bytes; NULL: none */
    const char *id_param; /* the path parameter that is the task's id; NULL: id_pointer */
    const char *id_pointer; /* where in a JSON body the id goes */
    const char
        *query[PACK_QUERY_MAX][2]; /* name and value of fixed parameters; a NULL name ends them */
    enum pack_auth auth;
    const char *auth_name; /* of the key's header, parameter or cookie; of what is OTHER */
};

/* text: the file's, where: its path, for errors: "FILE:LINE:COLUMN". name is copied. ERR_SYNTAX, ERR_CONTRACT,
 * ERR_LIMIT, ERR_MEMORY; *out is then NULL. */
int pack_open(const char *name, struct span text, const char *where, struct task_pack **out,
              struct err *e);
/* As task_pack_open. */
int pack_open_folder(const char *folder, struct task_pack **out, struct err *e);

const struct dialect *pack_dialect(const struct task_pack *p);
const struct pack_request *pack_request(const struct task_pack *p);

/* What a reply below 300 says; as decode_fn. */
int pack_view(const struct task_pack *p, const struct json *root, struct task_view *out,
              struct err *e);
/* What a refusal says beside its HTTP status, of which `otherwise` is the meaning. root NULL: no JSON. */
void pack_refusal(const struct task_pack *p, const struct json *root, enum task_error otherwise,
                  struct task_view *out);
enum task_state pack_goal_state(const struct task_pack *p, const char *goal,
                                const struct task_view *view);
/* True when a task that succeeded without a URL in its record has its bytes at content_path. */
bool pack_has_content(const struct task_pack *p);

#endif
