/* Credentials: what is wrong first, in the upstream's own order; nonces seen, in two generations. */
#include "auth.h"
#include "mockserver/decide/route.h"

#include "base/text.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 64, SECRET_MAX = 256, MD5_BYTES = 16 };

/* A set of hashes that is thrown away as a whole when full. 0 marks a free slot. */
struct nonces {
    uint64_t *slots; /* made at the first nonce, doubled when half full */
    uint32_t room;
    uint32_t count;
};

struct auth {
    bool open_door; /* no_auth */
    bool any_token;
    char *token;
    char secret[SECRET_MAX];
    pthread_mutex_t lock; /* what is below */
    EVP_MD *md5;
    EVP_MD_CTX *context;
    struct nonces young, old; /* when young is full it becomes old */
};

int auth_open(const struct mock_options *options, struct auth **out, struct err *e)
{
    *out = NULL;
    const char *secret = options->secret ? options->secret : MOCK_ZEGO_SECRET;
    if (strlen(secret) >= SECRET_MAX)
        return err_set(e, ERR_LIMIT, "secret", "longer than %d bytes", SECRET_MAX - 1);
    struct auth *a = calloc(1, sizeof *a);
    if (!a)
        return err_set(e, ERR_MEMORY, NULL, "no memory for credentials");
    pthread_mutex_init(&a->lock, NULL);
    span_copy(span_of(secret), a->secret, sizeof a->secret);
    a->open_door = options->no_auth;
    a->any_token = !options->token;
    a->token = options->token ? strdup(options->token) : NULL;
    a->context = EVP_MD_CTX_new();
    a->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    int rc = ERR_OK;
    if (!a->context || (options->token && !a->token))
        rc = err_set(e, ERR_MEMORY, NULL, "no memory for credentials");
    else if (!a->md5)
        rc = err_set(e, ERR_NOT_FOUND, "OpenSSL", "no MD5 here, which ZEGO's signature needs");
    if (rc) {
        auth_close(a);
        return rc;
    }
    *out = a;
    return ERR_OK;
}

void auth_close(struct auth *a)
{
    if (!a)
        return;
    EVP_MD_CTX_free(a->context);
    EVP_MD_free(a->md5);
    free(a->young.slots);
    free(a->old.slots);
    free(a->token);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

void auth_reset(struct auth *a)
{
    pthread_mutex_lock(&a->lock);
    free(a->young.slots);
    free(a->old.slots);
    a->young = a->old = (struct nonces){0};
    pthread_mutex_unlock(&a->lock);
}

static bool refuse(struct auth_refusal *out, const char *reply, const char *why)
{
    *out = (struct auth_refusal){reply, why, JOURNAL_BAD_AUTH};
    return false;
}

/* -- Bearer (RFC 6750) ------------------------------------------------------------------------- */

static bool is_b64token(struct span s)
{
    static const bool allowed[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
        ['-'] = true,         ['.'] = true,         ['_'] = true,
        ['~'] = true,         ['+'] = true,         ['/'] = true,
    };
    size_t i = 0;
    while (i < s.n && allowed[(unsigned char)s.p[i]])
        i++;
    if (i == 0)
        return false;
    while (i < s.n && s.p[i] == '=')
        i++;
    return i == s.n;
}

bool auth_bearer(const struct auth *a, const struct mock_request *request, struct auth_refusal *out)
{
    static const char reply[] = "error.unauthorized";
    struct span value;
    bool twice;
    if (a->open_door)
        return true;
    if (!route_header(request, "authorization", &value, &twice))
        return refuse(out, reply, "no Authorization header");
    if (twice)
        return refuse(out, reply, "Authorization is given twice");
    size_t space = span_find(value, ' ');
    struct span token = span_trim(span_cut(value, space, value.n));
    if (!span_is_nocase(span_cut(value, 0, space), "Bearer"))
        return refuse(out, reply, "the Authorization scheme is not Bearer");
    if (!is_b64token(token))
        return refuse(out, reply,
                      "the bearer token is empty or holds characters that none may have");
    if (!a->any_token && !span_is(token, a->token))
        return refuse(out, reply, "the bearer token is not the one that is accepted");
    return true;
}

/* -- ZEGO -------------------------------------------------------------------------------------- */

bool auth_is_common(const char *param)
{
    static const char *const common[] = {"Action",    "AppId",     "SignatureNonce",
                                         "Timestamp", "Signature", "SignatureVersion"};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(param, common[i]) == 0)
            return true;
    return false;
}

static void digest(struct auth *a, const char *const parts[4], unsigned char out[MD5_BYTES])
{
    unsigned len = 0;
    bool good = EVP_DigestInit_ex2(a->context, a->md5, NULL);
    for (int i = 0; i < 4; i++)
        good = good && EVP_DigestUpdate(a->context, parts[i], strlen(parts[i]));
    if (!good || !EVP_DigestFinal_ex(a->context, out, &len))
        memset(out, 0, MD5_BYTES);
}

void auth_signature(struct auth *a, const char *app_id, const char *nonce, const char *timestamp,
                    char out[AUTH_MD5_HEX])
{
    unsigned char raw[MD5_BYTES];
    pthread_mutex_lock(&a->lock);
    digest(a, (const char *const[4]){app_id, nonce, a->secret, timestamp}, raw);
    pthread_mutex_unlock(&a->lock);
    for (int i = 0; i < MD5_BYTES; i++) {
        out[2 * i] = "0123456789abcdef"[raw[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
    }
    out[2 * MD5_BYTES] = '\0';
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

static uint64_t hash_of(const char *app_id, const char *nonce)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *p = app_id; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    hash *= UINT64_C(1099511628211);
    for (const char *p = nonce; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    hash = text_random(&hash);
    return hash ? hash : 1;
}

/* True when the nonce was seen before; remembers it. Without memory nothing is remembered. */
static bool see_nonce(struct auth *a, uint64_t hash)
{
    uint32_t slot = 0;
    if (holds(&a->old, hash, &slot) || holds(&a->young, hash, &slot))
        return true;
    if (a->young.count == AUTH_NONCES_MAX) {
        free(a->old.slots);
        a->old = a->young;
        a->young = (struct nonces){0};
    }
    if (2 * a->young.count >= a->young.room && !grow(&a->young))
        return false;
    holds(&a->young, hash, &slot);
    a->young.slots[slot] = hash;
    a->young.count++;
    return false;
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
    if (timestamp_s < now_s - 2 * AUTH_SKEW_MAX_S || timestamp_s > now_s + 2 * AUTH_SKEW_MAX_S)
        return false;
    int64_t skew_ms = now_ms - timestamp_s * 1000;
    return skew_ms <= AUTH_SKEW_MAX_S * 1000 && skew_ms >= -AUTH_SKEW_MAX_S * 1000;
}

bool auth_zego(struct auth *a, const struct target *target, enum auth_action action, int64_t now_ms,
               bool *reused, struct auth_refusal *out)
{
    const char *app_id = target_param(target, "AppId");
    const char *timestamp = target_param(target, "Timestamp");
    const char *nonce = target_param(target, "SignatureNonce");
    const char *signature = target_param(target, "Signature");
    const char *version = target_param(target, "SignatureVersion");
    bool check = !a->open_door;
    long long timestamp_s = 0;
    *reused = false;
    if (check && (!app_id || !is_uint32(app_id)))
        return refuse(out, "error.app_id_format", "AppId is not an unsigned 32-bit number");
    if (check && (!timestamp || !timestamp[0]))
        return refuse(out, "error.timestamp_missing", "no Timestamp");
    if (check && !span_int64(span_of(timestamp), &timestamp_s))
        return refuse(out, "error.timestamp_format", "Timestamp is not a 64-bit number");
    if (action != ACTION_KNOWN) { /* no fault of the credentials */
        bool missing = action == ACTION_MISSING;
        *out = (struct auth_refusal){
            missing ? "error.action_missing" : "error.action_unknown",
            missing ? "no Action" : "Action is none that this upstream has", JOURNAL_BAD_REQUEST};
        return false;
    }
    if (!check)
        return true;
    if (!nonce || !nonce[0])
        return refuse(out, "error.nonce_missing", "no SignatureNonce");
    if (!signature || !signature[0])
        return refuse(out, "error.signature_missing", "no Signature");
    if (!version || !version[0])
        return refuse(out, "error.version_missing", "no SignatureVersion");
    if (strcmp(version, "2.0") != 0)
        return refuse(out, "error.version_unsupported", "SignatureVersion is not 2.0");
    if (!is_near(timestamp_s, now_ms))
        return refuse(out, "error.signature_expired", "Timestamp is more than 600 s from now");
    char right[AUTH_MD5_HEX];
    auth_signature(a, app_id, nonce, timestamp, right);
    if (strcmp(signature, right) != 0)
        return refuse(out, "error.signature_wrong",
                      "Signature is not md5(AppId + SignatureNonce + ServerSecret + Timestamp)");
    pthread_mutex_lock(&a->lock);
    *reused = see_nonce(a, hash_of(app_id, nonce));
    pthread_mutex_unlock(&a->lock);
    return true;
}
