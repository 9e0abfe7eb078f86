/* Credentials: does a request carry what its operation asks for?
 *
 * A scheme is one row (scheme.h) in a file of its own; auth.c lists the rows, and no other code
 * names a scheme. A contract's `security` (OpenAPI 3.1 §4.8.30) becomes an auth_rule:
 * alternatives, each a set of schemes that must all accept the request. mock.c calls auth_check
 * for each request after its route is found. Thread safe. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H
#define UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H

#include "base/err.h"
#include "scheme.h"

#include <stdbool.h>
#include <stdint.h>

enum { AUTH_SETS_MAX = 4, AUTH_USES_MAX = 4 };

/* -- What a contract demands --------------------------------------------------------------------- */

struct auth_set {
    struct auth_use uses[AUTH_USES_MAX]; /* all of them must accept */
    uint32_t count;
};

struct auth_rule {
    struct auth_set sets[AUTH_SETS_MAX]; /* one of them must accept */
    uint32_t count;                      /* 0: no credentials needed, as with the scheme "none" */
};

/* -- Asking -------------------------------------------------------------------------------------- */

struct auth;

/* The options are copied. ERR_MEMORY, ERR_LIMIT for a secret that is too long, or ERR_NOT_FOUND when this machine
 * lacks what a scheme needs. */
int auth_open(const struct auth_options *options, struct auth **out, struct err *e);
void auth_close(struct auth *a); /* NULL is fine */
void auth_reset(struct auth *a); /* forgets the nonces */

/* True when an alternative of the rule accepts the request. Else *out is the refusal to send: of
 * the first alternative for which credentials came, though wrong ones, else of the first
 * alternative. Call it once a request: a scheme may remember the nonce of an accepted one
 * (auth_answer.reused). */
bool auth_check(struct auth *a, const struct auth_rule *rule, const struct auth_question *q,
                struct auth_answer *out);

/* -- Schemes ------------------------------------------------------------------------------------- */

/* The row for an OpenAPI security scheme object (NULL: an empty requirement); NULL when there is
 * none. */
const struct auth_scheme *auth_scheme_of(const struct json *object);
/* The rows in order, NULL behind the last. */
const struct auth_scheme *auth_scheme_at(size_t i);

/* Questions about a rule: true, or the name, when they hold for a scheme of any of its
 * alternatives. */
bool auth_rule_is_signed(const struct auth_rule *rule);
bool auth_rule_owns(const struct auth_rule *rule, const char *query_param);
const char *auth_rule_operation(const struct auth_rule *rule); /* NULL: none */

#endif
