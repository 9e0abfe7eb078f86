/* Auth schemes as a contract would choose them, for tests that need no contract. */
#ifndef UNDERSTUDY_TESTS_MOCK_SCHEMES_H
#define UNDERSTUDY_TESTS_MOCK_SCHEMES_H

#include "mockserver/auth/auth.h"
#include "mockserver/auth/zego.h"

#include "client/http/sign_zego.h"

#include <string.h>

/* A rule of one alternative: the scheme of that name alone. */
static inline struct auth_rule only_scheme(const char *name)
{
    struct auth_rule rule = {.count = 1, .sets = {{.count = 1}}};
    for (size_t i = 0; auth_scheme_at(i); i++)
        if (strcmp(auth_scheme_at(i)->name, name) == 0)
            rule.sets[0].uses[0].scheme = auth_scheme_at(i);
    return rule;
}

/* ZEGO's signature as the client makes it, so that two authors must agree. secret NULL: the test secret. */
static inline void sign(const char *secret, uint32_t app_id, const char *nonce, int64_t timestamp_s,
                        char out[SIGN_ZEGO_SIZE])
{
    static struct signer *signer; /* kept: it is costly, and asked for often */
    if (!signer)
        signer_open(&signer, NULL);
    sign_zego(signer, app_id, nonce, secret ? secret : ZEGO_TEST_SECRET, timestamp_s, out, NULL);
}

#endif
