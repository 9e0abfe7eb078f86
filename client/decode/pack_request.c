/* How a contract's service is asked: servers, the operation that polls, the one that gives bytes, and
 * the credentials. */
#include "pack_inner.h"

#include "base/json/json_ref.h"

#include <string.h>

/* -- Servers ---------------------------------------------------------------------------------- */

/* "https://host/api/v3/" to "/api/v3". Every server of a contract has its own; the first one counts. */
static int read_base_path(struct task_pack *p, const struct json_doc *root, struct err *e)
{
    struct json_doc servers = json_doc_get(root, "servers");
    struct json_doc first = json_doc_first(&servers), url = json_doc_get(&first, "url");
    const char *text = json_string(url.value), *host = text ? strstr(text, "://") : NULL;
    p->request.base_path = "";
    if (!host)
        return 0;
    struct span path = span_of(host + 3);
    path = span_cut(path, span_find(path, '/'), path.n);
    while (path.n > 0 && path.p[path.n - 1] == '/')
        path.n--;
    p->request.base_path = pack_keep(p, path);
    return p->request.base_path
        ? 0
        : json_doc_error(&url, ERR_LIMIT, e, "the pointers are longer than their file");
}

/* -- Credentials ------------------------------------------------------------------------------ */

static enum pack_auth auth_of(const struct json *scheme)
{
    static const struct {
        const char *type, *key, *value;
        enum pack_auth auth;
    } rows[] = {{"http", "scheme", "bearer", PACK_AUTH_BEARER},
                {"http", "scheme", "basic", PACK_AUTH_BASIC},
                {"apiKey", "in", "header", PACK_AUTH_KEY_HEADER},
                {"apiKey", "in", "query", PACK_AUTH_KEY_QUERY},
                {"apiKey", "in", "cookie", PACK_AUTH_KEY_COOKIE}};
    struct span type = span_of(json_string(json_get(scheme, "type")));
    if (json_get(scheme, "x-scheme"))
        return PACK_AUTH_OTHER;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (span_is(type, rows[i].type)
            && span_is_nocase(span_of(json_string(json_get(scheme, rows[i].key))), rows[i].value))
            return rows[i].auth;
    return PACK_AUTH_OTHER;
}

/* Of the alternatives the first that asks for one scheme which the client speaks, else one that asks for nothing. */
static void read_auth(struct task_pack *p, const struct json *document,
                      const struct json *alternatives)
{
    const struct json *schemes = json_at(document, "/components/securitySchemes");
    bool open = !json_first(alternatives);
    for (const struct json *one = json_first(alternatives); one; one = json_next(one)) {
        const struct json *use = json_first(one);
        if (json_kind(one) != JSON_OBJECT)
            continue;
        if (!use) {
            open = true;
            continue;
        }
        const struct json *scheme = json_ref_resolve(document, json_get(schemes, json_key(use)),
                                                     NULL);
        p->request.auth = json_next(use) ? PACK_AUTH_OTHER : auth_of(scheme);
        p->request.auth_name = json_string(json_get(scheme, "name"));
        if (p->request.auth != PACK_AUTH_OTHER)
            return;
        p->request.auth_name = json_key(use);
    }
    if (open)
        p->request.auth = PACK_AUTH_NONE;
}

/* -- Operations ------------------------------------------------------------------------------- */

static const char *const methods[][2] = {{"get", "GET"}, {"post", "POST"}};
enum { METHODS = sizeof methods / sizeof methods[0] };

static const char *role_of(const struct json *document, const struct json *operation)
{
    const struct json *own = json_at(operation, "/x-task/role");
    const char *role = json_string(own ? own : json_at(document, "/x-task/role"));
    return role ? role : "poll";
}

static bool has_param(const char *path, const char *name)
{
    size_t n = strlen(name);
    for (const char *c = strchr(path, '{'); c; c = strchr(c + 1, '{'))
        if (strncmp(c + 1, name, n) == 0 && c[1 + n] == '}')
            return true;
    return false;
}

/* Whether a request by this path and operation can carry the task's id; says where. */
static bool place_id(struct pack_request *r, const struct json *document, const char *path,
                     const struct json *operation)
{
    const struct json *entry = json_first(json_at(document, "/x-task/id"));
    for (; entry; entry = json_next(entry)) {
        const char *name = json_string(json_get(entry, "name"));
        const char *pointer = json_string(json_get(entry, "pointer"));
        r->id_param = name && has_param(path, name) ? name : NULL;
        r->id_pointer = pointer && json_get(operation, "requestBody") ? pointer : NULL;
        if (r->id_param || r->id_pointer)
            return true;
    }
    return false;
}

/* A query parameter with one possible value is part of what is asked. */
static void read_query(struct pack_request *r, const struct json *document,
                       const struct json *operation)
{
    size_t count = 0;
    const struct json *at = json_first(json_get(operation, "parameters"));
    for (; at && count < PACK_QUERY_MAX; at = json_next(at)) {
        const struct json *param = json_ref_resolve(document, at, NULL);
        const struct json *schema = json_ref_resolve(document, json_get(param, "schema"), NULL);
        const struct json *values = json_get(schema, "enum");
        const struct json *only = json_count(values) == 1 ? json_first(values)
                                                          : json_get(schema, "const");
        if (!span_is(span_of(json_string(json_get(param, "in"))), "query") || !json_string(only))
            continue;
        r->query[count][0] = json_string(json_get(param, "name"));
        r->query[count++][1] = json_string(only);
    }
}

static void read_operation(struct task_pack *p, const char *path, const char *method,
                           const struct json *operation)
{
    struct pack_request *r = &p->request;
    const char *role = role_of(p->document, operation);
    const struct json *own = json_get(operation, "security");
    struct pack_request found = {0};
    if (!place_id(&found, p->document, path, operation))
        return;
    if (strcmp(role, "content") == 0 && strcmp(method, "GET") == 0 && !r->content_path)
        r->content_path = path;
    if (strcmp(role, "poll") != 0 || r->method)
        return;
    r->method = method;
    r->path = path;
    r->id_param = found.id_param;
    r->id_pointer = found.id_pointer;
    read_query(r, p->document, operation);
    read_auth(p, p->document, own ? own : json_get(p->document, "security"));
}

int pack_read_request(struct task_pack *p, const struct json_doc *root, struct err *e)
{
    const struct json *path = json_first(json_get(root->value, "paths"));
    for (; path && json_key(path); path = json_next(path)) {
        const struct json *item = json_ref_resolve(p->document, path, NULL);
        for (size_t i = 0; i < METHODS; i++)
            if (json_get(item, methods[i][0]))
                read_operation(p, json_key(path), methods[i][1], json_get(item, methods[i][0]));
    }
    return read_base_path(p, root, e);
}
