/* The one door to the digest that ZEGO signs with. */
#include "sign_zego.h"

#include "base/span.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static int digest(struct span text, char out[SIGN_ZEGO_SIZE], struct err *e)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char md5[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_Digest(text.p, text.n, md5, &n, EVP_md5(), NULL) != 1 || n != 16) {
        return err_set(e, ERR_MEMORY, "signature", "MD5 is not to be had from OpenSSL");
    }
    for (unsigned i = 0; i < n; i++) {
        out[2 * i] = hex[md5[i] >> 4];
        out[2 * i + 1] = hex[md5[i] & 15];
    }
    out[2 * n] = '\0';
    return 0;
}

int sign_zego(uint32_t app_id, const char *nonce, const char *secret, int64_t timestamp_s,
              char out[SIGN_ZEGO_SIZE], struct err *e)
{
    char text[SIGN_ZEGO_SECRET_MAX + 64];
    out[0] = '\0';
    int n = snprintf(text, sizeof(text), "%" PRIu32 "%s%s%" PRId64, app_id, nonce, secret,
                     timestamp_s);
    if (strlen(secret) > SIGN_ZEGO_SECRET_MAX || n < 0 || (size_t)n >= sizeof(text)) {
        return err_set(e, ERR_LIMIT, "secret", "is longer than %d bytes", SIGN_ZEGO_SECRET_MAX);
    }
    return digest((struct span){text, (size_t)n}, out, e);
}
