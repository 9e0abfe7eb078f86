/* Credentials: may this request be asked?
 *
 * A scheme is one row (struct auth_scheme) in a file of its own; auth.c lists the rows and nothing else in the
 * tree knows one by name. A contract's `security` (OpenAPI 3.1 §4.8.30) becomes an auth_rule of such rows:
 * alternatives, each a set of schemes that must all be content. Thread safe. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H
#define UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H

#include "base/err.h"
#include "base/json/json.h"
#include "mockserver/message/message.h"

#include <stdbool.h>
#include <stdint.h>

enum { AUTH_SETS_MAX = 4, AUTH_USES_MAX = 4 };

/* -- What a contract demands --------------------------------------------------------------------- */

struct auth_scheme;

/* One scheme as a contract uses it. */
struct auth_use {
    const struct auth_scheme *scheme;
    const char
        *name;     /* apiKey: of the header or query parameter; lent by the contract's document */
    bool in_query; /* apiKey: where it stands */
};

struct auth_set {
    struct auth_use uses[AUTH_USES_MAX]; /* all of them must be content */
    uint32_t count;
};

struct auth_rule {
    struct auth_set sets[AUTH_SETS_MAX]; /* one of them must be content */
    uint32_t count;                      /* 0: nothing is asked for, as by the scheme "none" */
};

/* -- Asking -------------------------------------------------------------------------------------- */

struct auth_options {
    const char
        *token; /* the one token (key, password) that is accepted; NULL: any well-formed one */
    const char
        *secret;  /* what signatures are made with; NULL: the scheme's published test secret */
    bool no_auth; /* accept requests without credentials too */
};

/* Whether the request names an operation of the contract, where a parameter names it (auth_scheme.operation). */
enum auth_operation { AUTH_OPERATION_KNOWN, AUTH_OPERATION_MISSING, AUTH_OPERATION_UNKNOWN };

struct auth_question {
    const struct message *request; /* opened */
    enum auth_operation operation;
    int64_t now_ms; /* Unix, on the client's clock */
};

struct auth_answer {
    bool reused; /* accepted, but its nonce was seen before */
    /* Of a refusal. */
    const char *reply; /* the name of the contract's reply that says so */
    const char *why;   /* one sentence */
    bool bad_request;  /* the operation is at fault, not the credentials */
    bool presented;    /* credentials came, but wrong ones */
};

struct auth;

/* The options are copied. ERR_MEMORY, ERR_LIMIT for a secret that is too long, or ERR_NOT_FOUND when this machine
 * lacks what a scheme needs. */
int auth_open(const struct auth_options *options, struct auth **out, struct err *e);
void auth_close(struct auth *a); /* NULL is fine */
void auth_reset(struct auth *a); /* forgets the nonces */

/* True when the request may be asked. Else *out is the refusal of the alternative whose credentials were sent,
 * or of the first. */
bool auth_check(struct auth *a, const struct auth_rule *rule, const struct auth_question *q,
                struct auth_answer *out);

/* -- Schemes ------------------------------------------------------------------------------------- */

struct auth_scheme {
    const char *name; /* as docs say it: "bearer" */
    /* True when an OpenAPI security scheme object means this one; NULL is an empty requirement. */
    bool (*matches)(const struct json *object);
    const char
        *x_scheme; /* the word of the object's x-scheme that chooses it; NULL: its type does */
    /* Judges one request by this scheme alone; false fills the refusal. Not called under no_auth, unless the
     * scheme has an operation parameter: then it looks at nothing else. */
    bool (*check)(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out);
    /* The query parameters that it demands and checks itself: a contract's own schemas of them are not looked
     * at. Ended by NULL; NULL: none. */
    const char *const *parameters;
    /* The replies that it refuses with: an upstream that uses it must have them. Ended by NULL. */
    const char *const *replies;
    /* The query parameter that names the operation, when the scheme itself refuses a request without one, or with
     * an unknown one; NULL: such a request has no route. */
    const char *operation;
    bool is_signed; /* each request carries a signature and a nonce of its own */
    /* Memory between requests; all three NULL: none. */
    int (*open)(const struct auth_options *o, void **state, struct err *e);
    void (*close)(void *state);
    void (*reset)(void *state);
};

/* The row that an OpenAPI security scheme object means (NULL: an empty requirement); NULL when none does. */
const struct auth_scheme *auth_scheme_of(const struct json *object);
/* The rows in order, NULL behind the last. */
const struct auth_scheme *auth_scheme_at(size_t i);

/* What a contract's rule comes to, whatever the alternative. */
bool auth_rule_is_signed(const struct auth_rule *rule);
bool auth_rule_owns(const struct auth_rule *rule, const char *query_param);
const char *auth_rule_operation(const struct auth_rule *rule); /* NULL: none */

#endif
