/* Requests: parameters first, then the body, as the contract's schemas want them. */
#include "check.h"
#include "mockserver/auth/auth.h"
#include "route.h"

#include <string.h>

void request_body_open(struct span text, struct request_body *out)
{
    out->tree = NULL;
    out->failed = text.n != 0 ? json_open(text, &out->tree, &out->fault) : ERR_OK;
}

void request_body_close(struct request_body *body)
{
    json_close(body->tree);
    body->tree = NULL;
}

/* A parameter's text as the JSON value its schema means: the text "5" is a number only where a number is
 * wanted. */
static int open_value(const struct contract *c, const struct json *schema, struct span text,
                      struct json **out, struct err *e)
{
    const struct json *type = json_get(contract_resolve(c, schema), "type");
    const char *name = json_string(type);
    bool plain = name && strcmp(name, "string") != 0;
    int rc = plain ? json_open(text, out, e) : ERR_SYNTAX;
    if (rc == ERR_OK || rc == ERR_MEMORY)
        return rc;
    struct buf quoted;
    buf_init(&quoted, 8 * TARGET_BYTES_MAX);
    json_add_string(&quoted, text);
    rc = buf_err(&quoted, "a parameter", e);
    if (!rc)
        rc = json_open(buf_span(&quoted), out, e);
    buf_fini(&quoted);
    return rc;
}

static int check_param(const struct contract *c, const struct contract_param *param,
                       const struct mock_request *request, const struct target *target,
                       struct err *e)
{
    const char *kind = param->in_query ? "query parameter" : "header";
    struct span text = {NULL, 0};
    const char *value = param->in_query ? target_param(target, param->name) : NULL;
    bool present = value || (!param->in_query && route_header(request, param->name, &text, NULL));
    if (!present && param->required)
        return err_set(e, ERR_CONTRACT, param->name, "the %s is required", kind);
    if (!present || !param->schema)
        return ERR_OK;
    struct json *tree = NULL;
    int rc = open_value(c, param->schema, value ? span_of(value) : text, &tree, e);
    if (!rc)
        rc = contract_check(c, param->schema, tree, e);
    json_close(tree);
    return rc ? err_wrap(e, ERR_CONTRACT, "%s", param->name) : ERR_OK;
}

static bool is_json(struct span content_type)
{
    struct span media = span_trim(span_cut(content_type, 0, span_find(content_type, ';')));
    return span_is_nocase(media, "application/json");
}

static int check_body(const struct contract *c, const struct contract_route *route,
                      const struct mock_request *request, const struct request_body *body,
                      const char **reply, struct err *e)
{
    struct span type;
    if (request->body.n == 0)
        return route->body_required ? err_set(e, ERR_CONTRACT, "body", "a body is required")
                                    : ERR_OK;
    if (!route_header(request, "content-type", &type, NULL))
        return err_set(e, ERR_CONTRACT, "Content-Type", "the header is required with a body");
    if (!is_json(type))
        return err_set(e, ERR_CONTRACT, "Content-Type", "it is not application/json");
    if (body->failed) {
        if (route->auth == AUTH_ZEGO)
            *reply = "error.body_unreadable";
        *e = body->fault;
        return err_wrap(e, body->failed, "body");
    }
    int rc = contract_check(c, route->body_schema, body->tree, e);
    return rc ? err_wrap(e, rc, "body") : ERR_OK;
}

bool request_check(const struct contract *c, const struct contract_route *route,
                   const struct mock_request *request, const struct target *target,
                   const struct request_body *body, const char **reply, struct err *e)
{
    *reply = "error.bad_request";
    for (uint32_t i = 0; i < route->param_count; i++) {
        const struct contract_param *param = &route->params[i];
        if (route->auth == AUTH_ZEGO && param->common)
            continue;
        if (check_param(c, param, request, target, e))
            return false;
    }
    return !route->body_schema || check_body(c, route, request, body, reply, e) == ERR_OK;
}
