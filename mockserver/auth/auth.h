/* Credentials: bearer tokens and ZEGO's signature 2.0. The one door to OpenSSL in the mock. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H
#define UNDERSTUDY_MOCKSERVER_AUTH_AUTH_H

#include "base/err.h"
#include "mockserver/decide/mock.h"
#include "mockserver/message/target.h"

#include <stdbool.h>
#include <stdint.h>

/* How far a ZEGO Timestamp may lie from now, in both directions. */
enum { AUTH_SKEW_MAX_S = 600, AUTH_NONCES_MAX = 65536, AUTH_MD5_HEX = 33 };

struct auth;

/* The options are copied. ERR_MEMORY, or ERR_NOT_FOUND when this OpenSSL has no MD5. */
int auth_open(const struct mock_options *options, struct auth **out, struct err *e);
void auth_close(struct auth *a);

struct auth_refusal {
    const char *reply; /* the contract's reply that says so */
    const char *why;
    enum journal_flag flag;
};

/* True when the Authorization header carries a token that is accepted. */
bool auth_bearer(const struct auth *a, const struct mock_request *request,
                 struct auth_refusal *out);

enum auth_action { ACTION_KNOWN, ACTION_MISSING, ACTION_UNKNOWN };

/* Checks ZEGO's common parameters in the order that docs/formats.md lists. *reused tells whether the
 * nonce was seen before; the newest AUTH_NONCES_MAX are remembered. now_ms is on the client's clock. */
bool auth_zego(struct auth *a, const struct target *target, enum auth_action action, int64_t now_ms,
               bool *reused, struct auth_refusal *out);

/* True for the common parameters, which auth_zego checks. */
bool auth_is_common(const char *param);

/* md5(app_id + nonce + secret + timestamp) in lower-case hex. */
void auth_signature(struct auth *a, const char *app_id, const char *nonce, const char *timestamp,
                    char out[AUTH_MD5_HEX]);

/* Forgets the nonces. */
void auth_reset(struct auth *a);

#endif
