/* Requests: checks parameters, then the body, against the contract's schemas. */
#include "check.h"

#include "base/buf.h"
#include "base/json/json_schema.h"

#include <string.h>

/* Turns a parameter's text into the JSON value that its schema can judge: "5" becomes a number
 * only where the schema wants no string, else a string. The caller closes *out. */
static int open_value(const struct json_schema *schema, struct span text, struct json **out,
                      struct err *e)
{
    bool is_text = json_schema_takes_string(schema);
    int code = is_text ? ERR_SYNTAX : json_open(text, out, e);
    if (code == ERR_OK || code == ERR_MEMORY)
        return code;
    struct buf quoted;
    buf_init(&quoted, 8 * TARGET_BYTES_MAX);
    json_add_string(&quoted, text);
    code = buf_err(&quoted, "a parameter", e);
    if (!code)
        code = json_open(buf_span(&quoted), out, e);
    buf_fini(&quoted);
    return code;
}

static int check_param(const struct contract_param *param, const struct message *request,
                       struct err *e)
{
    const char *kind = param->in_query ? "query parameter" : "header";
    const char *value = param->in_query ? target_param(&request->target, param->name) : NULL;
    struct span text = span_of(value);
    bool present = value || (!param->in_query && message_header(request, param->name, &text) > 0);
    if (!present && param->required)
        return err_set(e, ERR_CONTRACT, param->name, "the %s is required", kind);
    if (!present || !param->schema)
        return ERR_OK;
    struct json *tree = NULL;
    int code = open_value(param->schema, text, &tree, e);
    if (!code)
        code = json_schema_check(param->schema, tree, e);
    json_close(tree);
    return code ? err_wrap(e, ERR_CONTRACT, "%s", param->name) : ERR_OK;
}

static int check_body(const struct contract_route *route, const struct message *request,
                      bool *unreadable, struct err *e)
{
    if (request->body.n == 0)
        return route->body_required ? err_set(e, ERR_CONTRACT, "body", "a body is required")
                                    : ERR_OK;
    struct span type;
    if (!message_content_type(request, &type))
        return err_set(e, ERR_CONTRACT, "Content-Type", "the header is required with a body");
    if (!span_is_nocase(type, "application/json"))
        return err_set(e, ERR_CONTRACT, "Content-Type", "it is not application/json");
    if (request->json_fault.code != ERR_OK) {
        *unreadable = true;
        *e = request->json_fault;
        return err_wrap(e, request->json_fault.code, "body");
    }
    int code = json_schema_check(route->body_schema, request->json, e);
    return code ? err_wrap(e, (enum err_code)code, "body") : ERR_OK;
}

bool request_check(const struct contract_route *route, const struct message *request,
                   bool *unreadable, struct err *e)
{
    *unreadable = false;
    for (uint32_t i = 0; i < route->param_count; i++)
        if (!route->params[i].of_auth && check_param(&route->params[i], request, e))
            return false;
    return !route->body_schema || check_body(route, request, unreadable, e) == ERR_OK;
}
