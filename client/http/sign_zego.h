/* ZEGO's signature 2.0: md5(AppId + SignatureNonce + ServerSecret + Timestamp) in lower-case hex.
 *
 * The four texts are joined without separators: AppId and Timestamp as decimal digits, the nonce as
 * 16 lower-case hex digits, the secret as it was issued. ZEGO refuses a timestamp (Unix seconds)
 * more than 600 s off, and a nonce that was used before. Source: ZEGO's server API documentation,
 * as fixtures/zego-stream/openapi.json cites it. */
#ifndef UNDERSTUDY_CLIENT_HTTP_SIGN_ZEGO_H
#define UNDERSTUDY_CLIENT_HTTP_SIGN_ZEGO_H

#include "base/err.h"

#include <stdint.h>

enum { SIGN_ZEGO_SIZE = 33, SIGN_ZEGO_NONCE_SIZE = 17, SIGN_ZEGO_SECRET_MAX = 256 };

/* OpenSSL's digest, set up once for many signatures. One thread at a time. */
struct signer;

/* ERR_MEMORY when there is no memory or no MD5. signer_close(NULL) is fine. */
int signer_open(struct signer **out, struct err *e);
void signer_close(struct signer *s);

/* Writes 32 lower-case hex digits and a terminator. ERR_LIMIT when the secret is longer than
 * SIGN_ZEGO_SECRET_MAX, ERR_MEMORY when the digest cannot be had; out is "" then. */
int sign_zego(struct signer *s, uint32_t app_id, const char *nonce, const char *secret,
              int64_t timestamp_s, char out[SIGN_ZEGO_SIZE], struct err *e);

#endif
