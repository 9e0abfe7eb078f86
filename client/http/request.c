/* Builds an upstream's request from the caller's options, and signs it before each poll. */
#include "request.h"

#include "request_pack.h"

#include "sign_zego.h"

#include "base/json/json.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* No space, no control character: nothing that could end a line or a URL early. */
static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text == 0x7F)
            return false;
    return true;
}

/* base_url starts with http:// or https://. */
static bool has_credentials(const char *base_url)
{
    const char *host = base_url + strcspn(base_url, "/") + strlen("//");
    return memchr(host, '@', strcspn(host, "/?#"));
}

static int check_base_url(const char *base_url, struct err *e)
{
    if (!base_url || !is_web_url(base_url) || !is_printable(base_url))
        return err_set(e, ERR_USAGE, "base_url", "should start with http:// or https://");
    if (has_credentials(base_url))
        return err_set(e, ERR_USAGE, "base_url", "credentials do not belong in a URL");
    if (strpbrk(base_url, "?#"))
        return err_set(e, ERR_USAGE, "base_url", "should end before any '?' or '#'");
    return 0;
}

static int check(const struct dialect *d, const struct task_options *o, struct err *e)
{
    int code = check_base_url(o->base_url, e);
    if (code)
        return code;
    if (!o->task_id || o->task_id[0] == '\0')
        return err_set(e, ERR_USAGE, "task_id", "is missing");
    if (o->token && !is_printable(o->token))
        return err_set(e, ERR_USAGE, "token", "holds a space or a control character");
    if (d->kind == REQUEST_ZEGO && (o->app_id == 0 || !o->secret)) {
        return err_set(e, ERR_USAGE, o->app_id == 0 ? "app_id" : "secret",
                       "is missing: %s signs its requests", d->name);
    }
    return d->pack ? request_pack_check(d->pack, e) : 0;
}

static void build_bearer(struct request *r, const struct task_options *o)
{
    size_t headers = 0;
    buf_add_text(&r->url, r->dialect->path_or_action);
    text_percent_encode(&r->url, span_of(o->task_id));
    if (o->token) {
        buf_addf(&r->auth, "Authorization: Bearer %s", o->token);
        r->http.headers[headers++] = r->auth.p;
    }
    r->http.headers[headers] = "Accept: application/json";
    r->http.method = "GET";
}

static void build_zego(struct request *r, const struct task_options *o)
{
    bool all = o->goal && r->dialect->id_key_all && strcmp(o->goal, "all") == 0;
    struct json_writer w;
    json_write_init(&w, &r->body, false);
    json_write_open(&w, '{');
    json_write_key(&w, all ? r->dialect->id_key_all : r->dialect->id_key);
    json_write_text(&w, o->task_id);
    json_write_close(&w, '}');
    buf_addf(&r->url, "/?Action=%s&AppId=%" PRIu32, r->dialect->path_or_action, o->app_id);
    r->http.headers[0] = "Content-Type: application/json";
    r->http.headers[1] = "Accept: application/json";
    r->http.method = "POST";
}

static void build_pack(struct request *r, const struct task_options *o)
{
    const struct request_parts parts = {&r->http, &r->url, &r->auth, &r->body};
    request_pack_build(r->dialect->pack, o, &parts);
}

int request_open(struct request *r, const struct dialect *d, const struct task_options *o,
                 struct err *e)
{
    int code = check(d, o, e);
    if (code)
        return code;
    *r = (struct request){.dialect = d, .app_id = o->app_id, .secret = o->secret};
    buf_init(&r->url, REQUEST_URL_MAX);
    buf_init(&r->signed_url, REQUEST_URL_MAX);
    buf_init(&r->auth, REQUEST_TOKEN_MAX);
    buf_init(&r->body, REQUEST_BODY_MAX);
    request_add_base(&r->url, o->base_url);
    switch (d->kind) {
    case REQUEST_ZEGO: build_zego(r, o); break;
    case REQUEST_BEARER: build_bearer(r, o); break;
    case REQUEST_PACK: build_pack(r, o); break;
    }
    code = buf_err(&r->url, "the URL", e);
    code = !code ? buf_err(&r->auth, "the token", e) : code;
    code = !code ? buf_err(&r->body, "the task id", e) : code;
    code = !code && d->kind == REQUEST_ZEGO ? signer_open(&r->signer, e) : code;
    if (code) {
        request_close(r);
        return code;
    }
    r->http.url = r->url.p;
    r->http.body = buf_span(&r->body);
    return 0;
}

static void write_nonce(uint64_t bits, char out[SIGN_ZEGO_NONCE_SIZE])
{
    for (int i = SIGN_ZEGO_NONCE_SIZE - 2; i >= 0; i--) {
        out[i] = "0123456789abcdef"[bits & 15];
        bits >>= 4;
    }
    out[SIGN_ZEGO_NONCE_SIZE - 1] = '\0';
}

int request_sign(struct request *r, int64_t now_unix_ms, struct rng *rng, struct err *e)
{
    if (r->dialect->kind != REQUEST_ZEGO)
        return 0;
    char nonce[SIGN_ZEGO_NONCE_SIZE];
    char signature[SIGN_ZEGO_SIZE];
    int64_t timestamp_s = now_unix_ms / 1000;
    write_nonce(rng_next(rng), nonce);
    int code = sign_zego(r->signer, r->app_id, nonce, r->secret, timestamp_s, signature, e);
    if (code)
        return code;
    struct buf *url = &r->signed_url;
    buf_reset(url);
    buf_add_span(url, buf_span(&r->url));
    buf_add_text(url, "&SignatureNonce=");
    buf_add_text(url, nonce);
    buf_add_text(url, "&Timestamp=");
    buf_add_int(url, timestamp_s);
    buf_add_text(url, "&Signature=");
    buf_add_text(url, signature);
    buf_add_text(url, "&SignatureVersion=2.0");
    r->http.url = url->p;
    return buf_err(url, "the URL", e);
}

void request_close(struct request *r)
{
    buf_fini(&r->url);
    buf_fini(&r->signed_url);
    buf_fini(&r->auth);
    buf_fini(&r->body);
    signer_close(r->signer);
}
