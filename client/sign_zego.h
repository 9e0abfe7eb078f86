/* ZEGO's signature 2.0: md5(AppId + SignatureNonce + ServerSecret + Timestamp) in hex. */
#ifndef UNDERSTUDY_SIGN_ZEGO_H
#define UNDERSTUDY_SIGN_ZEGO_H

#include "base/err.h"

#include <stdint.h>

enum { SIGN_ZEGO_SIZE = 33, SIGN_ZEGO_NONCE_SIZE = 17, SIGN_ZEGO_SECRET_MAX = 256 };

/* Writes 32 lower-case hex digits and a terminator. ERR_LIMIT when the secret is longer than
 * SIGN_ZEGO_SECRET_MAX, ERR_MEMORY when the digest cannot be had; out is "" then. */
int sign_zego(uint32_t app_id, const char *nonce, const char *secret, int64_t timestamp_s,
              char out[SIGN_ZEGO_SIZE], struct err *e);

#endif
