/* ZEGO's signature 2.0 (fixtures/zego-stream/openapi.json): common parameters in the query,
 * among them Signature = md5(AppId + SignatureNonce + ServerSecret + Timestamp) in lower-case
 * hex. No other file of the mock includes OpenSSL or knows this scheme. */
#include "zego.h"
#include "scheme.h"

#include "base/hash.h"
#include "base/text.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 64, SECRET_MAX = 256, MD5_BYTES = 16, MD5_HEX = 2 * MD5_BYTES + 1 };

static const char X_SCHEME[] = "zego-2";

/* Chosen by x-scheme alone: OpenAPI has no type for this scheme, and a parameter called
 * Signature proves nothing. */
static bool matches(const struct json *object)
{
    return span_is(span_of(json_string(json_get(object, "x-scheme"))), X_SCHEME);
}

/* -- State: the digest, and the nonces seen ------------------------------------------------------ */

/* A hash set with open addressing. 0 marks a free slot. */
struct nonces {
    uint64_t *slots; /* made at the first nonce, doubled when half full */
    uint32_t room;
    uint32_t count;
};

struct zego {
    char secret[SECRET_MAX];
    pthread_mutex_t lock; /* protects the fields below */
    EVP_MD *md5;
    EVP_MD_CTX *context;
    /* The nonces seen. When young is full it replaces old, whose nonces are forgotten: so memory
     * is bounded and the latest ZEGO_NONCES_MAX are always known. */
    struct nonces young, old;
};

static void zego_close(void *state)
{
    struct zego *z = state;
    EVP_MD_CTX_free(z->context);
    EVP_MD_free(z->md5);
    free(z->young.slots);
    free(z->old.slots);
    pthread_mutex_destroy(&z->lock);
    free(z);
}

static int zego_open(const struct auth_options *o, void **state, struct err *e)
{
    const char *secret = o->secret ? o->secret : ZEGO_TEST_SECRET;
    if (strlen(secret) >= SECRET_MAX)
        return err_set(e, ERR_LIMIT, "secret", "longer than %d bytes", SECRET_MAX - 1);
    struct zego *z = calloc(1, sizeof *z);
    if (!z)
        return err_set(e, ERR_MEMORY, NULL, "no memory for credentials");
    pthread_mutex_init(&z->lock, NULL);
    span_copy(span_of(secret), z->secret, sizeof z->secret);
    z->context = EVP_MD_CTX_new();
    z->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    if (z->context && z->md5) {
        *state = z;
        return 0;
    }
    int code = !z->context
        ? err_set(e, ERR_MEMORY, NULL, "no memory for credentials")
        : err_set(e, ERR_NOT_FOUND, "OpenSSL", "no MD5 here, which ZEGO's signature needs");
    zego_close(z);
    return code;
}

static void zego_reset(void *state)
{
    struct zego *z = state;
    pthread_mutex_lock(&z->lock);
    free(z->young.slots);
    free(z->old.slots);
    z->young = z->old = (struct nonces){0};
    pthread_mutex_unlock(&z->lock);
}

static bool holds(const struct nonces *n, uint64_t hash, uint32_t *slot)
{
    if (!n->slots)
        return false;
    *slot = (uint32_t)(hash % n->room);
    while (n->slots[*slot] != 0 && n->slots[*slot] != hash)
        *slot = (*slot + 1) % n->room;
    return n->slots[*slot] == hash;
}

/* False, and the set is as before, when there is no memory for a larger one. */
static bool grow(struct nonces *n)
{
    struct nonces larger = {.room = n->room ? 2 * n->room : SLOTS_FIRST, .count = n->count};
    uint32_t slot = 0;
    larger.slots = calloc(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (uint32_t i = 0; i < n->room; i++) {
        if (n->slots[i] != 0 && !holds(&larger, n->slots[i], &slot))
            larger.slots[slot] = n->slots[i];
    }
    free(n->slots);
    *n = larger;
    return true;
}

/* Hash of the three: a nonce is one of its session. The terminators between them keep "1","23" apart from "12","3". Never 0,
 * which marks a free slot. */
static uint64_t hash_of(const char *session, const char *app_id, const char *nonce)
{
    uint64_t hash = hash64_add(HASH64_START, session, strlen(session) + 1);
    hash = hash64_add(hash, app_id, strlen(app_id) + 1);
    hash = hash64_add(hash, nonce, strlen(nonce));
    hash = text_random(&hash);
    return hash ? hash : 1;
}

/* True when the nonce was seen before; else remembers it. Call with the lock held. Without
 * memory for a larger set it is not remembered, and a reuse goes unnoticed. */
static bool see_nonce(struct zego *z, uint64_t hash)
{
    uint32_t slot = 0;
    if (holds(&z->old, hash, &slot) || holds(&z->young, hash, &slot))
        return true;
    if (z->young.count == ZEGO_NONCES_MAX) {
        free(z->old.slots);
        z->old = z->young;
        z->young = (struct nonces){0};
    }
    if (2 * z->young.count >= z->young.room && !grow(&z->young))
        return false;
    holds(&z->young, hash, &slot);
    z->young.slots[slot] = hash;
    z->young.count++;
    return false;
}

/* -- The check ----------------------------------------------------------------------------------- */

static void digest(struct zego *z, const char *const parts[4], char out[MD5_HEX])
{
    unsigned char raw[MD5_BYTES];
    unsigned len = 0;
    pthread_mutex_lock(&z->lock);
    bool good = EVP_DigestInit_ex2(z->context, z->md5, NULL);
    for (int i = 0; i < 4; i++)
        good = good && EVP_DigestUpdate(z->context, parts[i], strlen(parts[i]));
    if (!good || !EVP_DigestFinal_ex(z->context, raw, &len))
        memset(raw, 0, MD5_BYTES);
    pthread_mutex_unlock(&z->lock);
    for (int i = 0; i < MD5_BYTES; i++) {
        out[2 * i] = "0123456789abcdef"[raw[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
    }
    out[2 * MD5_BYTES] = '\0';
}

static bool is_uint32(const char *text)
{
    long long value;
    return span_int64(span_of(text), &value) && value >= 0 && value <= UINT32_MAX && text[0] != '-';
}

/* |now - timestamp| <= 600 s, to the millisecond. */
static bool is_near(long long timestamp_s, int64_t now_ms)
{
    int64_t now_s = now_ms / 1000;
    if (timestamp_s < now_s - 2 * ZEGO_SKEW_MAX_S || timestamp_s > now_s + 2 * ZEGO_SKEW_MAX_S)
        return false;
    int64_t skew_ms = now_ms - timestamp_s * 1000;
    return skew_ms <= ZEGO_SKEW_MAX_S * 1000 && skew_ms >= -ZEGO_SKEW_MAX_S * 1000;
}

static bool refuse(struct auth_answer *out, const char *reply, const char *why)
{
    return auth_refuse(out, out->presented, reply, why);
}

/* AppId and Timestamp: the service checks them before the operation. */
static bool check_first(const char *app_id, const char *timestamp, long long *timestamp_s,
                        struct auth_answer *out)
{
    if (!app_id || !is_uint32(app_id))
        return refuse(out, "error.app_id_format", "AppId is not an unsigned 32-bit number");
    if (!timestamp || !timestamp[0])
        return refuse(out, "error.timestamp_missing", "no Timestamp");
    if (!span_int64(span_of(timestamp), timestamp_s))
        return refuse(out, "error.timestamp_format", "Timestamp is not a 64-bit number");
    return true;
}

static bool check_operation(enum auth_operation operation, struct auth_answer *out)
{
    if (operation == AUTH_OPERATION_KNOWN)
        return true;
    bool missing = operation == AUTH_OPERATION_MISSING;
    refuse(out, missing ? "error.action_missing" : "error.action_unknown",
           missing ? "no Action" : "Action is none that this upstream has");
    out->bad_request = true;
    return false;
}

static bool check_signature(struct zego *z, const char *session, const char *app_id,
                            const char *nonce, const char *timestamp, const char *signature,
                            struct auth_answer *out)
{
    char right[MD5_HEX];
    digest(z, (const char *const[4]){app_id, nonce, z->secret, timestamp}, right);
    if (strcmp(signature, right) != 0)
        return refuse(out, "error.signature_wrong",
                      "Signature is not md5(AppId + SignatureNonce + ServerSecret + Timestamp)");
    pthread_mutex_lock(&z->lock);
    out->reused = see_nonce(z, hash_of(session, app_id, nonce));
    pthread_mutex_unlock(&z->lock);
    return true;
}

/* Checks in the order of docs/formats.md; the first thing that is wrong is the reply. */
static bool check(const struct auth_options *o, void *state, const struct auth_use *use,
                  const struct auth_question *q, struct auth_answer *out)
{
    (void)use;
    const struct target *target = &q->request->target;
    const char *app_id = target_param(target, "AppId");
    const char *timestamp = target_param(target, "Timestamp");
    const char *nonce = target_param(target, "SignatureNonce");
    const char *signature = target_param(target, "Signature");
    const char *version = target_param(target, "SignatureVersion");
    long long timestamp_s = 0;
    bool asked = !o->no_auth;
    out->presented = app_id || signature;
    if (asked && !check_first(app_id, timestamp, &timestamp_s, out))
        return false;
    if (!check_operation(q->operation, out))
        return false;
    if (!asked)
        return true;
    if (!nonce || !nonce[0])
        return refuse(out, "error.nonce_missing", "no SignatureNonce");
    if (!signature || !signature[0])
        return refuse(out, "error.signature_missing", "no Signature");
    if (!version || !version[0])
        return refuse(out, "error.version_missing", "no SignatureVersion");
    if (strcmp(version, "2.0") != 0)
        return refuse(out, "error.version_unsupported", "SignatureVersion is not 2.0");
    if (!is_near(timestamp_s, q->now_ms))
        return refuse(out, "error.signature_expired", "Timestamp is more than 600 s from now");
    return check_signature(state, q->session ? q->session : "", app_id, nonce, timestamp, signature,
                           out);
}

static const char *const parameters[] = {
    "Action", "AppId", "SignatureNonce", "Timestamp", "Signature", "SignatureVersion", NULL};
static const char *const replies[] = {"error.app_id_format",
                                      "error.timestamp_missing",
                                      "error.timestamp_format",
                                      "error.action_missing",
                                      "error.action_unknown",
                                      "error.nonce_missing",
                                      "error.signature_missing",
                                      "error.version_missing",
                                      "error.version_unsupported",
                                      "error.signature_expired",
                                      "error.signature_wrong",
                                      "error.body_unreadable",
                                      NULL};

const struct auth_scheme auth_zego = {
    .name = "zego-2",
    .object = "any with `\"x-scheme\": \"zego-2\"`",
    .accepts = "ZEGO's signature 2.0 in the query; a parameter's name chooses nothing",
    .x_scheme = X_SCHEME,
    .matches = matches,
    .check = check,
    .parameters = parameters,
    .replies = replies,
    .operation = "Action",
    .is_signed = true,
    .open = zego_open,
    .close = zego_close,
    .reset = zego_reset,
};
