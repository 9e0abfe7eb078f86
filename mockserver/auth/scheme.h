/* Auth schemes: the struct of a row, what its check is given and returns, and functions that
 * several rows use. Each scheme is a file of its own with one row; auth.c lists the rows. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_SCHEME_H
#define UNDERSTUDY_MOCKSERVER_AUTH_SCHEME_H

#include "base/err.h"
#include "base/json/json.h"
#include "mockserver/message/message.h"

#include <stdbool.h>
#include <stdint.h>

struct auth_options {
    const char *token;  /* the only token (key, password) accepted; NULL: any well-formed one */
    const char *secret; /* key of signatures; NULL: the scheme's published test secret */
    bool no_auth;       /* accept requests without credentials too */
};

/* Some services name the operation in a query parameter (auth_scheme.operation): whether the
 * request has it, and with a value that the contract knows. */
enum auth_operation { AUTH_OPERATION_KNOWN, AUTH_OPERATION_MISSING, AUTH_OPERATION_UNKNOWN };

struct auth_question {
    const struct message *request; /* opened */
    enum auth_operation operation;
    int64_t now_ms;      /* Unix, on the client's clock */
    const char *session; /* nonces are of their own in each; NULL and "": the default one */
};

struct auth_answer {
    bool reused; /* accepted, but its nonce was seen before */
    /* Of a refusal. */
    const char *reply; /* the name of the contract's reply that says so */
    const char *why;   /* one sentence */
    bool bad_request;  /* the operation is at fault, not the credentials */
    bool presented;    /* credentials came, but wrong ones */
};

struct auth_scheme;

/* One scheme as a contract uses it. */
struct auth_use {
    const struct auth_scheme *scheme;
    const char *name; /* apiKey: of the header, query parameter or cookie; owned by the contract */
    bool in_query;    /* apiKey: in the query, not a header */
    bool in_cookie;   /* apiKey: in a cookie */
};

struct auth_scheme {
    const char *name;    /* as docs say it: "bearer" */
    const char *object;  /* for the docs: the OpenAPI security scheme object that means it */
    const char *accepts; /* for the docs: which requests are accepted */
    /* True when an OpenAPI security scheme object means this one; NULL is an empty requirement. */
    bool (*matches)(const struct json *object);
    const char *x_scheme; /* the object's x-scheme that chooses this row; NULL: its type does */
    /* Judges one request by this scheme alone; false fills *out with the refusal. state is what
     * open made. Called by many threads at once, under no lock: a scheme with state locks it
     * itself. Under no_auth only schemes with an operation parameter are called, and then check
     * only that. */
    bool (*check)(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out);
    /* The query parameters that check reads itself: decide/check.c then ignores the contract's
     * schemas of them, so that the scheme's own error is the one sent. Ended by NULL; NULL:
     * none. */
    const char *const *parameters;
    /* The names of the replies that it refuses with: an upstream that uses the scheme and lacks
     * one does not load. Ended by NULL. */
    const char *const *replies;
    /* The query parameter that names the operation, when the scheme itself refuses a request without one, or with
     * an unknown one; NULL: such a request has no route. */
    const char *operation;
    bool is_signed; /* each request carries a signature and a nonce of its own */
    /* State kept between requests; all three NULL: none. open and close run on one thread, reset
     * beside checks. */
    int (*open)(const struct auth_options *o, void **state, struct err *e);
    void (*close)(void *state);
    void (*reset)(void *state);
};

extern const struct auth_scheme auth_bearer, auth_zego, auth_api_key, auth_basic, auth_none;

/* -- What the rows share ------------------------------------------------------------------------- */

/* Fills *out and returns false, so that a check ends with one line. */
static inline bool auth_refuse(struct auth_answer *out, bool presented, const char *reply,
                               const char *why)
{
    *out = (struct auth_answer){.reply = reply, .why = why, .presented = presented};
    return false;
}

/* The credentials of the Authorization header (RFC 9110 §11.6.2) when its scheme is the given one, without blanks.
 * False, and *out is the refusal, when it is absent, given twice or of another scheme. */
bool auth_authorization(const struct message *request, const char *scheme, struct span *credentials,
                        struct auth_answer *out);

/* True when the security scheme object has type `type`, and names no scheme of its own with x-scheme. */
bool auth_is_type(const struct json *object, const char *type);

/* For auth_scheme.replies of schemes that refuse with error.unauthorized alone. */
extern const char *const auth_unauthorized[2];

#endif
