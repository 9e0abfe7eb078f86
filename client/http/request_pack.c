/* A pack's request: what its contract says of method, path, id and credentials. */
#include "request_pack.h"

#include "base/base64.h"
#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

void request_add_base(struct buf *url, const char *base_url)
{
    struct span base = span_of(base_url);
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    buf_add_span(url, base);
}

/* Appends a path template with every parameter replaced: the id's by the id. A contract has no other values to give. */
static void add_path(struct buf *url, const char *path, const char *task_id)
{
    while (*path != '\0') {
        size_t n = strcspn(path, "{");
        buf_add(url, path, n);
        path += n;
        if (*path == '\0')
            return;
        text_percent_encode(url, span_of(task_id));
        path += strcspn(path, "}");
        path += *path == '}' ? 1 : 0;
    }
}

/* {"a": {"b": "ID"}} for the pointer /a/b. */
static void add_body(struct buf *body, const char *pointer, const char *task_id)
{
    struct json_writer w;
    json_write_init(&w, body, false);
    unsigned depth = 0;
    for (const char *c = pointer; *c == '/'; depth++) {
        char key[256];
        size_t n = strcspn(c + 1, "/");
        json_write_open(&w, '{');
        (void)span_copy((struct span){c + 1, n}, key, sizeof key);
        json_write_key(&w, key);
        c += 1 + n;
    }
    json_write_text(&w, task_id);
    while (depth-- > 0)
        json_write_close(&w, '}');
}

static void add_query(struct buf *url, const char *name, const char *value)
{
    buf_add_char(url, memchr(url->p, '?', url->n) ? '&' : '?');
    text_percent_encode(url, span_of(name));
    buf_add_char(url, '=');
    text_percent_encode(url, span_of(value));
}

static void add_auth(const struct request_parts *r, const struct pack_request *as,
                     const char *token)
{
    switch (as->auth) {
    case PACK_AUTH_BEARER: buf_addf(r->auth, "Authorization: Bearer %s", token); break;
    case PACK_AUTH_KEY_HEADER: buf_addf(r->auth, "%s: %s", as->auth_name, token); break;
    case PACK_AUTH_KEY_COOKIE: buf_addf(r->auth, "Cookie: %s=%s", as->auth_name, token); break;
    case PACK_AUTH_KEY_QUERY: add_query(r->url, as->auth_name, token); break;
    case PACK_AUTH_BASIC:
        buf_add_text(r->auth, "Authorization: Basic ");
        base64_encode(r->auth, span_of(token));
        break;
    default: break;
    }
}

int request_pack_check(const struct task_pack *pack, struct err *e)
{
    const struct pack_request *as = pack_request(pack);
    const char *name = pack_dialect(pack)->name;
    if (!as->method)
        return err_set(e, ERR_USAGE, "pack",
                       "the contract of %s has no operation that polls with the task's id", name);
    if (as->auth == PACK_AUTH_OTHER)
        return err_set(e, ERR_USAGE, "pack",
                       "%s wants credentials (%s) that a contract alone cannot make", name,
                       as->auth_name ? as->auth_name : "several at once");
    return 0;
}

void request_pack_build(const struct task_pack *pack, const struct task_options *o,
                        const struct request_parts *r)
{
    const struct pack_request *as = pack_request(pack);
    size_t headers = 0;
    buf_add_text(r->url, as->base_path);
    add_path(r->url, as->path, o->task_id);
    for (size_t i = 0; i < PACK_QUERY_MAX && as->query[i][0]; i++)
        add_query(r->url, as->query[i][0], as->query[i][1]);
    if (!as->id_param)
        add_body(r->body, as->id_pointer, o->task_id);
    if (o->token)
        add_auth(r, as, o->token);
    if (r->auth->n > 0)
        r->http->headers[headers++] = r->auth->p;
    if (r->body->n > 0)
        r->http->headers[headers++] = "Content-Type: application/json";
    r->http->headers[headers] = "Accept: application/json";
    r->http->method = as->method;
}

bool request_pack_content(const struct task_pack *pack, const struct task_options *o, char *out,
                          size_t out_size)
{
    const struct pack_request *as = pack_request(pack);
    struct buf url;
    buf_init(&url, out_size);
    request_add_base(&url, o->base_url);
    buf_add_text(&url, as->base_path);
    add_path(&url, as->content_path, o->task_id);
    bool fits = url.broken == 0 && span_copy(buf_span(&url), out, out_size);
    buf_fini(&url);
    return fits;
}
