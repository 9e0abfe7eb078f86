/* Makes ZEGO's signatures. The only file of client/ that knows OpenSSL. */
#include "sign_zego.h"

#include "base/span.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct signer {
    EVP_MD *md5;
    EVP_MD_CTX *context;
};

static int no_md5(struct err *e)
{
    return err_set(e, ERR_MEMORY, "signature", "MD5 is not to be had from OpenSSL");
}

int signer_open(struct signer **out, struct err *e)
{
    *out = NULL;
    struct signer *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, ERR_MEMORY, "signature", "no memory");
    s->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    s->context = EVP_MD_CTX_new();
    if (!s->md5 || !s->context) {
        signer_close(s);
        return no_md5(e);
    }
    *out = s;
    return 0;
}

void signer_close(struct signer *s)
{
    if (s) {
        EVP_MD_CTX_free(s->context);
        EVP_MD_free(s->md5);
        free(s);
    }
}

static int digest(struct signer *s, struct span text, char out[SIGN_ZEGO_SIZE], struct err *e)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char md5[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!EVP_DigestInit_ex2(s->context, s->md5, NULL)
        || !EVP_DigestUpdate(s->context, text.p, text.n) || !EVP_DigestFinal_ex(s->context, md5, &n)
        || n != 16)
        return no_md5(e);
    for (unsigned i = 0; i < n; i++) {
        out[2 * i] = hex[md5[i] >> 4];
        out[2 * i + 1] = hex[md5[i] & 15];
    }
    out[2 * n] = '\0';
    return 0;
}

int sign_zego(struct signer *s, uint32_t app_id, const char *nonce, const char *secret,
              int64_t timestamp_s, char out[SIGN_ZEGO_SIZE], struct err *e)
{
    char text[SIGN_ZEGO_SECRET_MAX + 64];
    char id_room[SPAN_INT_MAX];
    char time_room[SPAN_INT_MAX];
    const struct span parts[] = {span_of_int(app_id, id_room), span_of(nonce), span_of(secret),
                                 span_of_int(timestamp_s, time_room)};
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].n > SIGN_ZEGO_SECRET_MAX || parts[i].n > sizeof text - n)
            return err_set(e, ERR_LIMIT, "secret", "is longer than %d bytes", SIGN_ZEGO_SECRET_MAX);
        memcpy(text + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    return digest(s, (struct span){text, n}, out, e);
}
