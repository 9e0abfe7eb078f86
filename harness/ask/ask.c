/* Puts a poll together. */
#include "ask.h"

#include "base/base64.h"
#include "base/json/json.h"
#include "base/text.h"
#include "mockserver/auth/auth.h"

#include <string.h>

enum { URL_MAX = 8 << 10, TEXT_MAX = 8 << 10 };

const struct contract_route *ask_poll(const struct contract *c)
{
    for (uint32_t i = 0; i < c->route_count; i++)
        if (c->routes[i].role == ROLE_POLL)
            return &c->routes[i];
    return NULL;
}

/* The name of x-task.id that is in the path, and the pointer of the one in the body. */
static const char *id_place(const struct contract *c, const char *in, const char *field)
{
    for (const struct json *one = json_first(json_get(c->x_task, "id")); one;
         one = json_next(one)) {
        const char *where = json_string(json_get(one, "in"));
        if (where && strcmp(where, in) == 0)
            return json_string(json_get(one, field));
    }
    return NULL;
}

static int add_path(struct ask *a, const char *id, const char *base_url, const char *task,
                    struct err *e)
{
    struct span base = span_of(base_url);
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    buf_add_span(&a->url, base);
    for (const char *c = a->route->path; *c;) {
        size_t n = strcspn(c, "{");
        buf_add(&a->url, c, n);
        c += n;
        if (!*c)
            break;
        struct span name = {c + 1, strcspn(c + 1, "}")};
        if (!id || !span_is(name, id))
            return err_set(e, ERR_USAGE, NULL, "the poll's path holds {%.*s} too: %s", (int)name.n,
                           name.p, a->route->path);
        text_percent_encode(&a->url, span_of(task));
        c += name.n + 2;
    }
    return 0;
}

static void add_param(struct ask *a, const char *name, const char *value)
{
    buf_add_char(&a->url, memchr(a->url.p, '?', a->url.n) ? '&' : '?');
    text_percent_encode(&a->url, span_of(name));
    buf_add_char(&a->url, '=');
    text_percent_encode(&a->url, span_of(value));
}

static int add_params(struct ask *a, struct err *e)
{
    for (uint32_t i = 0; i < a->route->param_count; i++) {
        const struct contract_param *p = &a->route->params[i];
        if (p->in_query && p->only)
            add_param(a, p->name, p->only);
        else if (p->required && !p->of_auth)
            return err_set(e, ERR_USAGE, NULL, "the poll needs \"%s\", which is not known here",
                           p->name);
    }
    return 0;
}

/* {"a":{"b":ID}} of the pointer /a/b. */
static void add_body(struct ask *a, const char *pointer, const char *task)
{
    struct json_writer w;
    if (!pointer || !a->route->body_schema)
        return;
    json_write_init(&w, &a->body, false);
    unsigned depth = 0;
    for (const char *c = pointer; *c == '/'; depth++) {
        char key[128];
        size_t n = strcspn(c + 1, "/");
        span_copy((struct span){c + 1, n}, key, sizeof key);
        json_write_open(&w, '{');
        json_write_key(&w, key);
        c += n + 1;
    }
    json_write_text(&w, task);
    while (depth--)
        json_write_close(&w, '}');
}

/* The first alternative of the contract's security, with the one token that there is. */
static int add_auth(struct ask *a, const char *token, struct err *e)
{
    const struct auth_set *set = &a->route->auth.sets[0];
    if (!token || !a->route->auth.count)
        return 0;
    for (const char *c = token; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return err_set(e, ERR_USAGE, "the token", "holds a control character");
    for (uint32_t i = 0; i < set->count; i++) {
        const struct auth_use *use = &set->uses[i];
        if (use->scheme == &auth_bearer) {
            buf_addf(&a->auth, "Authorization: Bearer %s", token);
        } else if (use->scheme == &auth_basic) {
            buf_add_text(&a->auth, "Authorization: Basic ");
            base64_encode(&a->auth, span_of(token));
        } else if (use->scheme == &auth_api_key && use->in_query) {
            add_param(a, use->name, token);
        } else if (use->scheme == &auth_api_key) {
            buf_addf(&a->auth, "%s: %s", use->name, token);
        } else if (use->scheme != &auth_none) {
            return err_set(e, ERR_USAGE, NULL, "how %s is signed is not known here",
                           use->scheme->name);
        }
    }
    return 0;
}

int ask_open(struct ask *a, const struct contract *c, const struct contract_route *route,
             const char *base_url, const char *task, const char *token, struct err *e)
{
    *a = (struct ask){.route = route};
    buf_init(&a->url, URL_MAX);
    buf_init(&a->body, TEXT_MAX);
    buf_init(&a->auth, TEXT_MAX);
    int code = add_path(a, id_place(c, "path", "name"), base_url, task, e);
    if (!code)
        code = add_params(a, e);
    if (!code)
        add_body(a, id_place(c, "body", "pointer"), task);
    if (!code)
        code = add_auth(a, token, e);
    if (!code)
        code = buf_err(&a->url, "the URL", e);
    if (!code)
        code = buf_err(&a->body, "the body", e);
    return code ? code : buf_err(&a->auth, "the token", e);
}

void ask_close(struct ask *a)
{
    buf_fini(&a->url);
    buf_fini(&a->body);
    buf_fini(&a->auth);
}
