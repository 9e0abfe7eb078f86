/* Contracts: reads servers, routes, parameters, bodies and security of an openapi.json. */
#include "contract.h"
#include "auth.h"

#include "base/text.h"
#include "contract_task.h"
#include "place.h"

#include <string.h>

enum { REF_HOPS_MAX = 16 };

const struct json *contract_resolve(const struct contract *c, const struct json *v)
{
    for (unsigned hops = 0; hops < REF_HOPS_MAX; hops++) {
        const char *ref = json_string(json_get(v, "$ref"));
        if (!ref)
            return v;
        if (ref[0] != '#')
            return NULL;
        v = json_at(c->document, ref + 1);
    }
    return NULL;
}

/* The place that a {"$ref": "#/..."} leads to, or p itself. check_refs has seen that all lead on. */
static struct place resolved(const struct contract *c, const struct place *p)
{
    struct place at = *p;
    const char *ref = NULL;
    while ((ref = json_string(json_get(at.value, "$ref"))))
        at = place_root(p->file, json_at(c->document, ref + 1), ref + 1);
    return at;
}

/* Every $ref in the document leads somewhere, and not in a circle. */
static int check_refs(const struct contract *c, const struct place *p, struct err *e)
{
    struct place ref = place_get(p, "$ref");
    if (json_string(ref.value) && !contract_resolve(c, p->value))
        return place_error(&ref, ERR_CONTRACT, e, "\"%s\" leads nowhere in this file",
                           json_string(ref.value));
    for (struct place child = place_first(p); child.value; place_next(&child)) {
        int code = check_refs(c, &child, e);
        if (code)
            return code;
    }
    return 0;
}

static int read_head(struct contract *c, const struct place *root, struct err *e)
{
    const char *version = NULL;
    struct place openapi = place_get(root, "openapi");
    int code = place_kind(root, JSON_OBJECT, e);
    if (!code)
        code = place_text(&openapi, &version, e);
    if (code)
        return code;
    if (strncmp(version, "3.1.", 4) != 0)
        return place_error(&openapi, ERR_CONTRACT, e, "OpenAPI %s; 3.1 is what is read here",
                           version);
    struct place info = place_get(root, "info");
    struct place title = place_get(&info, "title");
    code = place_kind(&info, JSON_OBJECT, e);
    return code ? code : place_text(&title, &c->title, e);
}

/* -- Servers ---------------------------------------------------------------------------------- */

/* "https://host:port/" to "host". */
static bool host_of(const char *url, char *out)
{
    const char *start = strstr(url, "://");
    if (!start)
        return false;
    start += 3;
    size_t n = strcspn(start, ":/");
    size_t port = start[n] == ':' ? 1 + strspn(start + n + 1, "0123456789") : 0;
    const char *rest = start + n + port;
    if (*rest && strcmp(rest, "/") != 0)
        return false;
    if (strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") < n)
        return false;
    return n && span_copy((struct span){start, n}, out, CONTRACT_HOST_MAX);
}

static int read_servers(struct contract *c, const struct place *root, struct err *e)
{
    struct place servers = place_get(root, "servers");
    if (!servers.value)
        return 0;
    int code = place_kind(&servers, JSON_ARRAY, e);
    for (struct place p = place_first(&servers); !code && p.value; place_next(&p)) {
        struct place url = place_get(&p, "url");
        const char *text = NULL;
        if (c->host_count == CONTRACT_HOSTS_MAX)
            return place_error(&p, ERR_LIMIT, e, "more than %d servers", CONTRACT_HOSTS_MAX);
        code = place_text(&url, &text, e);
        if (!code && !host_of(text, c->hosts[c->host_count++]))
            code = place_error(&url, ERR_CONTRACT, e,
                               "\"%s\" is not scheme://host or scheme://host:port without a path",
                               text);
    }
    return code;
}

/* -- Security --------------------------------------------------------------------------------- */

static int read_scheme(const struct contract *c, const struct place *use, enum contract_auth *out,
                       struct err *e)
{
    const struct json *schemes = json_at(c->document, "/components/securitySchemes");
    const struct json *s = contract_resolve(c, json_get(schemes, use->key));
    if (!s)
        return place_key_error(use, e, "no security scheme \"%s\" under components", use->key);
    struct span type = span_of(json_string(json_get(s, "type")));
    struct span scheme = span_of(json_string(json_get(s, "scheme")));
    struct span in = span_of(json_string(json_get(s, "in")));
    struct span name = span_of(json_string(json_get(s, "name")));
    if (span_is(type, "http") && span_is_nocase(scheme, "bearer"))
        *out = AUTH_BEARER;
    else if (span_is(type, "apiKey") && span_is(in, "query") && span_is(name, "Signature"))
        *out = AUTH_ZEGO;
    else
        return place_key_error(use, e,
                               "security scheme \"%s\" is neither http bearer nor apiKey "
                               "\"Signature\" in query",
                               use->key);
    return 0;
}

/* A list of alternatives: the first that names a scheme counts, an empty one makes auth optional. */
static int read_security(const struct contract *c, const struct place *list,
                         enum contract_auth *out, struct err *e)
{
    *out = AUTH_NONE;
    if (!list->value)
        return 0;
    enum contract_auth first = AUTH_NONE;
    bool optional = false;
    int code = place_kind(list, JSON_ARRAY, e);
    for (struct place p = place_first(list); !code && p.value; place_next(&p)) {
        code = place_kind(&p, JSON_OBJECT, e);
        optional = optional || json_count(p.value) == 0;
        for (struct place use = place_first(&p); !code && use.value; place_next(&use)) {
            enum contract_auth auth = AUTH_NONE;
            code = read_scheme(c, &use, &auth, e);
            first = first == AUTH_NONE ? auth : first;
        }
    }
    *out = optional ? AUTH_NONE : first;
    return code;
}

/* -- Routes ----------------------------------------------------------------------------------- */

/* Each segment of a template is either plain or one parameter in braces. */
static int check_template(const struct place *item, struct err *e)
{
    const char *c = item->key;
    if (*c != '/' || strpbrk(c, "?#"))
        return place_key_error(item, e, "\"%s\" is not a path: it starts with / and has no query",
                               c);
    while (*c == '/') {
        size_t n = strcspn(++c, "/");
        struct span segment = {c, n};
        bool braced = n > 2 && c[0] == '{' && c[n - 1] == '}';
        struct span inner = braced ? span_cut(segment, 1, n - 2) : segment;
        if (span_find(inner, '{') < inner.n || span_find(inner, '}') < inner.n)
            return place_key_error(item, e, "\"%s\": a parameter must fill a whole segment, {name}",
                                   item->key);
        c += n;
    }
    return 0;
}

bool contract_has_path_param(const char *path, const char *name)
{
    size_t n = strlen(name);
    for (const char *c = strchr(path, '{'); c; c = strchr(c + 1, '{'))
        if (strncmp(c + 1, name, n) == 0 && c[1 + n] == '}')
            return true;
    return false;
}

/* The text of a const or of the one value of an enum. */
static const char *only_value(const struct json *schema)
{
    const struct json *values = json_get(schema, "enum");
    if (json_count(values) == 1)
        return json_string(json_first(values));
    return json_string(json_get(schema, "const"));
}

static bool has_param(const struct contract_route *r, const char *name, bool in_query)
{
    for (uint32_t i = 0; i < r->param_count; i++)
        if (r->params[i].in_query == in_query && strcmp(r->params[i].name, name) == 0)
            return true;
    return false;
}

static int read_param(const struct contract *c, const struct place *p, struct contract_route *r,
                      struct err *e)
{
    static const char *const places[] = {"query", "header", "path", "cookie", NULL};
    enum { IN_QUERY, IN_HEADER, IN_PATH };
    struct place name = place_get(p, "name"), in = place_get(p, "in");
    struct place required = place_get(p, "required"), schema = place_get(p, "schema");
    struct contract_param param = {0};
    size_t where = 0;
    int code = place_kind(p, JSON_OBJECT, e);
    if (!code)
        code = place_text(&name, &param.name, e);
    if (!code)
        code = place_word(&in, places, &where, e);
    if (!code && required.value)
        code = place_bool(&required, &param.required, e);
    if (code)
        return code;
    if (where == IN_PATH && !contract_has_path_param(r->path, param.name))
        return place_error(&name, ERR_CONTRACT, e, "no {%s} in the path %s", param.name, r->path);
    param.in_query = where == IN_QUERY;
    param.common = auth_is_common(param.name);
    if (where > IN_HEADER || has_param(r, param.name, param.in_query))
        return 0;
    if (r->param_count == CONTRACT_PARAMS_MAX)
        return place_error(p, ERR_LIMIT, e, "more than %d parameters", CONTRACT_PARAMS_MAX);
    param.schema = contract_resolve(c, schema.value);
    param.only = param.in_query ? only_value(param.schema) : NULL;
    r->params[r->param_count++] = param;
    return 0;
}

/* What an operation says comes first; what its path says of the same parameter is then skipped. */
static int read_params(const struct contract *c, const struct place *holder,
                       struct contract_route *r, struct err *e)
{
    struct place list = place_get(holder, "parameters");
    int code = list.value ? place_kind(&list, JSON_ARRAY, e) : 0;
    for (struct place p = place_first(&list); !code && p.value; place_next(&p)) {
        struct place param = resolved(c, &p);
        code = read_param(c, &param, r, e);
    }
    return code;
}

static int read_body(const struct contract *c, const struct place *operation,
                     struct contract_route *r, struct err *e)
{
    struct place body = place_get(operation, "requestBody");
    if (!body.value)
        return 0;
    body = resolved(c, &body);
    struct place required = place_get(&body, "required");
    int code = required.value ? place_bool(&required, &r->body_required, e) : 0;
    const struct json *json = json_get(json_get(body.value, "content"), "application/json");
    if (!code && !json)
        code = place_error(&body, ERR_CONTRACT, e, "a body without application/json content");
    r->body_schema = contract_resolve(c, json_get(json, "schema"));
    return code;
}

static const struct {
    const char *key, *method;
} methods[] = {{"get", "GET"},         {"post", "POST"}, {"put", "PUT"},     {"delete", "DELETE"},
               {"options", "OPTIONS"}, {"head", "HEAD"}, {"patch", "PATCH"}, {"trace", "TRACE"}};

static int read_path(struct contract *c, const struct place *root, const struct place *path,
                     struct err *e)
{
    struct place item = resolved(c, path);
    int code = check_template(path, e);
    if (!code)
        code = place_kind(&item, JSON_OBJECT, e);
    for (size_t i = 0; !code && i < sizeof methods / sizeof methods[0]; i++) {
        struct place operation = place_get(&item, methods[i].key);
        if (!operation.value)
            continue;
        if (c->route_count == CONTRACT_ROUTES_MAX)
            return place_error(&operation, ERR_LIMIT, e, "more than %d routes",
                               CONTRACT_ROUTES_MAX);
        struct contract_route *r = &c->routes[c->route_count++];
        r->method = methods[i].method;
        r->path = path->key;
        struct place own = place_get(&operation, "security"), all = place_get(root, "security");
        code = place_kind(&operation, JSON_OBJECT, e);
        if (!code)
            code = read_params(c, &operation, r, e);
        if (!code)
            code = read_params(c, &item, r, e);
        if (!code)
            code = read_body(c, &operation, r, e);
        if (!code)
            code = read_security(c, own.value ? &own : &all, &r->auth, e);
    }
    return code;
}

static int read_paths(struct contract *c, const struct place *root, struct err *e)
{
    struct place paths = place_get(root, "paths");
    int code = place_kind(&paths, JSON_OBJECT, e);
    for (struct place p = place_first(&paths); !code && p.value; place_next(&p))
        code = read_path(c, root, &p, e);
    if (!code && !c->route_count)
        code = place_error(&paths, ERR_CONTRACT, e, "no operation: there is nothing to answer");
    return code;
}

int contract_parse(struct span text, const char *where, struct contract *out, struct err *e)
{
    struct place_file file = {.path = where, .text = text};
    memset(out, 0, sizeof *out);
    int code = place_open(&file, &out->document, e);
    if (code)
        return code;
    struct place root = place_root(&file, out->document, "");
    code = read_head(out, &root, e);
    if (!code)
        code = check_refs(out, &root, e);
    if (!code)
        code = read_servers(out, &root, e);
    if (!code)
        code = read_paths(out, &root, e);
    if (!code)
        code = contract_read_task(out, &root, e);
    if (code)
        contract_fini(out);
    return code;
}

void contract_fini(struct contract *c)
{
    json_close(c->document);
    memset(c, 0, sizeof *c);
}
