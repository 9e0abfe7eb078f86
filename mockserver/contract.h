/* Contracts: what an upstream's openapi.json says that the mock needs. Format: docs/formats.md. */
#ifndef UNDERSTUDY_CONTRACT_H
#define UNDERSTUDY_CONTRACT_H

#include "base/err.h"
#include "base/json.h"
#include "base/span.h"
#include "mockserver/reply.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CONTRACT_ROUTES_MAX = 32,
    CONTRACT_HOSTS_MAX = 8,
    CONTRACT_HOST_MAX = 254,
    CONTRACT_PARAMS_MAX = 32
};

enum contract_auth { AUTH_NONE, AUTH_BEARER, AUTH_ZEGO };

/* A query or header parameter. schema is the tree of its schema in the document. */
struct contract_param {
    const char *name;
    bool in_query; /* else in a header */
    bool required;
    bool common;      /* one of ZEGO's, which auth_zego checks */
    const char *only; /* the value of a const or one-value enum: part of the route; else NULL */
    const struct json *schema;
};

struct contract_route {
    const char *method; /* "GET" */
    const char *path;   /* template: "/v1/tasks/{task_id}"; a parameter fills a segment */
    struct contract_param params[CONTRACT_PARAMS_MAX];
    uint32_t param_count;
    const struct json *body_schema; /* of application/json; NULL when no body is described */
    bool body_required;
    enum contract_auth auth;
};

struct contract {
    const char *title;
    char hosts[CONTRACT_HOSTS_MAX][CONTRACT_HOST_MAX]; /* servers[].url without scheme and port */
    uint32_t host_count;
    struct contract_route routes[CONTRACT_ROUTES_MAX];
    uint32_t route_count;
    int64_t polite_interval_ms; /* 0 when not stated */
    uint32_t polite_per_second; /* 0 when not stated */
    const struct json *x_task;  /* kept whole: id, status, goals, stamp, redact, permanent */
    struct json *document;      /* owns every string and tree above */
};

/* Loads an openapi.json. where names the file in errors. $ref inside the document is followed. */
int contract_parse(struct span text, const char *where, struct contract *out, struct err *e);
void contract_fini(struct contract *c);

/* The schema or object a {"$ref": "#/..."} names, or v itself; NULL when it leads nowhere. */
const struct json *contract_resolve(const struct contract *c, const struct json *v);

/* The task id of a request: the percent-decoded path parameter or the body's pointer, first that is
 * present. path_value is the (still encoded) value of the path parameter, empty when none; body is
 * NULL when there is none or it is no JSON. False when none is present or it is longer than out. */
bool contract_task_id(const struct contract *c, struct span path_value, const struct json *body,
                      char *out, size_t out_size);

/* Reads the state of a body under a goal (NULL: the default reading). */
enum reply_state contract_state(const struct contract *c, const char *goal, struct span body);
/* Sets r->is_json and r->refuses_for_good. Fails for want of memory only. */
int contract_read_refusal(const struct contract *c, struct reply *r, struct err *e);
bool contract_has_goal(const struct contract *c, const char *goal);

/* Finds the stamped values of a reply's body and fills r->stamps. What is not JSON has none. */
int contract_stamp(const struct contract *c, struct reply *r, struct err *e);

/* Checks a value against a schema of this document: type, enum, const, required, properties, items,
 * minLength, maxLength, minimum, maximum, additionalProperties, allOf, anyOf, oneOf (a subset of
 * JSON Schema 2020-12; other keywords are not looked at).
 * On failure e->where is a JSON Pointer into the value. */
int contract_check(const struct contract *c, const struct json *schema, const struct json *value,
                   struct err *e);

#endif
