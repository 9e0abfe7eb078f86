/* Asks a live service once, as the contract's poll says, and holds its answer against the contract. */
#include "check.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include "checking.h"
#include "client/http/http.h"
#include "client/http/request.h"
#include "mockserver/auth/auth.h"

#include <stdio.h>
#include <string.h>

enum { URL_MAX = 8 << 10, TEXT_MAX = 8 << 10 };

/* A request under way. */
struct asking {
    const struct upstream *u;
    const struct contract_route *route;
    const struct check_live *live;
    struct buf url, body, auth;
    struct http_request http;
    size_t headers;
};

/* -- The request ------------------------------------------------------------------------------- */

static int check_url(const char *url, struct err *e)
{
    const char *host = strstr(url, "://");
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return err_set(e, ERR_USAGE, "--live", "the URL starts with http:// or https://");
    host += strlen("://");
    if (memchr(host, '@', strcspn(host, "/")))
        return err_set(e, ERR_USAGE, "--live", "credentials do not belong in a URL");
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == '?' || *c == '#' || *c == 0x7f)
            return err_set(e, ERR_USAGE, "--live", "the URL ends before any '?', '#' or space");
    return 0;
}

static void add_header(struct asking *a, const char *line)
{
    if (a->headers + 1 < HTTP_HEADERS_MAX)
        a->http.headers[a->headers++] = line;
}

/* The name of x-task.id that is in the path, and the pointer of the one in the body. */
static const char *id_place(const struct asking *a, const char *in, const char *field)
{
    for (const struct json *one = json_first(json_get(a->u->contract.x_task, "id")); one;
         one = json_next(one)) {
        const char *where = json_string(json_get(one, "in"));
        if (where && strcmp(where, in) == 0)
            return json_string(json_get(one, field));
    }
    return NULL;
}

static int add_path(struct asking *a, struct err *e)
{
    const char *id = id_place(a, "path", "name");
    struct span base = span_of(a->live->base_url);
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
            return err_set(e, ERR_USAGE, "--live", "the poll's path holds {%.*s} too: %s",
                           (int)name.n, name.p, a->route->path);
        text_percent_encode(&a->url, span_of(a->live->task));
        c += name.n + 2;
    }
    return 0;
}

static void add_param(struct asking *a, const char *name, const char *value)
{
    buf_add_char(&a->url, memchr(a->url.p, '?', a->url.n) ? '&' : '?');
    text_percent_encode(&a->url, span_of(name));
    buf_add_char(&a->url, '=');
    text_percent_encode(&a->url, span_of(value));
}

static int add_params(struct asking *a, struct err *e)
{
    for (uint32_t i = 0; i < a->route->param_count; i++) {
        const struct contract_param *p = &a->route->params[i];
        if (p->in_query && p->only)
            add_param(a, p->name, p->only);
        else if (p->required && !p->of_auth)
            return err_set(e, ERR_USAGE, "--live", "the poll needs \"%s\", which is not known here",
                           p->name);
    }
    return 0;
}

/* {"a":{"b":ID}} of the pointer /a/b. */
static void add_body(struct asking *a)
{
    const char *pointer = id_place(a, "body", "pointer");
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
    json_write_text(&w, a->live->task);
    while (depth--)
        json_write_close(&w, '}');
    add_header(a, "Content-Type: application/json");
}

/* The first alternative of the contract's security, with the one token that there is. */
static int add_auth(struct asking *a, struct err *e)
{
    const char *token = a->live->token;
    const struct auth_set *set = &a->route->auth.sets[0];
    if (!token || !a->route->auth.count)
        return 0;
    for (const char *c = token; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return err_set(e, ERR_USAGE, "--token", "holds a control character");
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
            return err_set(e, ERR_USAGE, "--live", "how %s is signed is not known here",
                           use->scheme->name);
        }
    }
    if (a->auth.n)
        add_header(a, a->auth.p);
    return 0;
}

static int build(struct asking *a, struct err *e)
{
    a->http.method = a->route->method;
    a->http.timeout_ms = a->live->timeout_ms;
    add_header(a, "Accept: application/json");
    int code = add_path(a, e);
    if (!code)
        code = add_params(a, e);
    if (!code)
        add_body(a);
    if (!code)
        code = add_auth(a, e);
    if (!code)
        code = buf_err(&a->url, "the URL", e);
    if (!code)
        code = buf_err(&a->body, "the body", e);
    if (!code)
        code = buf_err(&a->auth, "the token", e);
    a->http.url = a->url.p;
    a->http.body = buf_span(&a->body);
    return code;
}

/* -- The answer -------------------------------------------------------------------------------- */

static int hold(struct checking *k, const struct http_reply *answer, const struct check_live *live,
                struct err *e)
{
    struct reply reply = {
        .status = answer->status, .head = buf_span(&answer->head), .body = buf_span(&answer->body)};
    k->reply = &reply;
    if (reply.status == 401 || reply.status == 403) {
        char what[80];
        snprintf(what, sizeof what, "the service refuses %s: %d",
                 live->token || live->secret ? "the credentials" : "without credentials",
                 reply.status);
        checking_tell_at(k, CHECK_WARNING, 0, what);
    }
    int code = checking_body(k, e);
    checking_end(k);
    return code;
}

static int exchange(const struct http_request *http, struct checking *k,
                    const struct check_live *live, struct err *e)
{
    struct task_transport *transport = NULL;
    struct http_reply answer;
    int code = transport_curl_open(NULL, &transport, e);
    if (code)
        return code;
    http_reply_init(&answer);
    code = transport->exchange(transport, http, &answer, e);
    if (!code)
        code = hold(k, &answer, live, e);
    else
        err_wrap(e, (enum err_code)code, "%.200s", k->where);
    http_reply_fini(&answer);
    task_transport_close(transport);
    return code;
}

/* By the contract alone. */
static int ask_by_contract(struct checking *k, const struct check_live *live, struct err *e)
{
    struct asking a = {.u = k->u, .route = k->route, .live = live};
    buf_init(&a.url, URL_MAX);
    buf_init(&a.body, TEXT_MAX);
    buf_init(&a.auth, TEXT_MAX);
    int code = build(&a, e);
    if (!code)
        code = exchange(&a.http, k, live, e);
    buf_fini(&a.url);
    buf_fini(&a.body);
    buf_fini(&a.auth);
    return code;
}

/* Where requests are signed, as the client signs them. */
static int ask_by_dialect(struct checking *k, const struct dialect *d,
                          const struct check_live *live, struct err *e)
{
    struct request r;
    struct rng rng;
    const struct task_options o = {.upstream = d->name,
                                   .base_url = live->base_url,
                                   .task_id = live->task,
                                   .token = live->token,
                                   .app_id = live->app_id,
                                   .secret = live->secret};
    int code = request_open(&r, d, &o, e);
    if (code)
        return code;
    rng_init(&rng, 0);
    code = request_sign(&r, clock_now(clock_real()), &rng, e);
    r.http.timeout_ms = live->timeout_ms;
    if (!code)
        code = exchange(&r.http, k, live, e);
    request_close(&r);
    return code;
}

int check_live(const struct upstream *u, const struct check_live *live, check_report *report,
               void *arg, struct err *e)
{
    struct checking k = {.u = u, .report = report, .arg = arg};
    const struct contract *c = &u->contract;
    int code = check_url(live->base_url, e);
    if (code)
        return code;
    for (uint32_t i = 0; !k.route && i < c->route_count; i++)
        if (c->routes[i].role == ROLE_POLL)
            k.route = &c->routes[i];
    if (!k.route)
        return err_set(e, ERR_USAGE, "--live", "the contract of %s has no poll", u->name);
    snprintf(k.where, sizeof k.where, "%.200s", live->base_url);
    const struct dialect *d = contract_is_signed(c) ? dialect_find(u->name) : NULL;
    if (!d)
        return ask_by_contract(&k, live, e);
    k.route = NULL; /* which of its polls the client asks is not known here */
    return ask_by_dialect(&k, d, live, e);
}
