/* The rows of auth.c, one a file; and what the schemes share. Inside this room only. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_SCHEME_H
#define UNDERSTUDY_MOCKSERVER_AUTH_SCHEME_H

#include "auth.h"

extern const struct auth_scheme auth_bearer, auth_zego, auth_api_key, auth_basic, auth_none;

/* Fills *out and returns false, so that a check ends with one line. */
bool auth_refuse(struct auth_answer *out, bool presented, const char *reply, const char *why);

/* The credentials of the Authorization header (RFC 9110 §11.6.2) when its scheme is the given one, without blanks.
 * False, and *out is the refusal, when it is absent, given twice or of another scheme. */
bool auth_authorization(const struct message *request, const char *scheme, struct span *credentials,
                        struct auth_answer *out);

/* True when the security scheme object has type `type`, and names no scheme of its own with x-scheme. */
bool auth_is_type(const struct json *object, const char *type);

/* What a scheme with a token refuses with. */
extern const char *const auth_unauthorized[2];

#endif
