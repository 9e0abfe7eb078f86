/* The admin: refuses requests of foreign web pages, finds the page and reads its parameters. */
#include "admin.h"

#include "admin_pages.h"
#include "mockserver/answer/answer.h"

#include "base/json/json.h"
#include "base/text.h"
#include "mockserver/message/query.h"

#include <string.h>

enum { PAGES_MAX = 32 }; /* rows of the table, for the search of the nearest */

/* -- Where a request comes from --------------------------------------------------------------- */

static bool is_own_origin(const struct hosts *hosts, struct span origin)
{
    return span_starts(origin, "http://") && hosts_have(hosts, span_cut(origin, 7, origin.n));
}

/* Why a request is refused for where it comes from; NULL when it is not. A browser sets Origin
 * and Sec-Fetch-Site itself. Host is checked because a foreign name may resolve to 127.0.0.1
 * (DNS rebinding), and its pages would then count as this server's own. */
static const char *foreign(const struct admin *a, const struct message *request)
{
    const struct hosts *hosts = mock_hosts(a->mock);
    struct span host = message_authority(request);
    if (host.n > 0 && !hosts_have(hosts, host))
        return "Host is not this server's: use localhost, 127.0.0.1, [::1], the address it "
               "listens on or a name given with --admin-host";
    for (size_t i = 0; i < request->header_count;
         i++) { /* each line: the second may be the foreign one */
        struct span name = request->headers[i].name, value = request->headers[i].value;
        if (value.n > 0 && span_is_nocase(name, "Origin") && !is_own_origin(hosts, value))
            return "Origin is a foreign page";
        if (value.n > 0 && span_is_nocase(name, "Sec-Fetch-Site") && !span_is(value, "same-origin")
            && !span_is(value, "none"))
            return "Sec-Fetch-Site says that a foreign page asks";
    }
    return NULL;
}

bool admin_owns(const struct admin *a, const struct message *request)
{
    struct span path = request->target.path;
    return (span_is(path, "/_mock") || span_starts(path, "/_mock/"))
        && !fixtures_upstream_of_host(mock_fixtures(a->mock), message_host(request));
}

/* -- Pages ------------------------------------------------------------------------------------ */

static int read_param(const struct query_pair *pair, struct admin_call *call, struct err *e)
{
    const struct admin_page *page = call->page;
    char name[64];
    if (!text_percent_decode(pair->name, name, sizeof name))
        return err_set(e, ERR_USAGE, NULL, "a query parameter that cannot be read");
    const char *known[ADMIN_PARAMS_MAX + 1] = {0};
    for (size_t i = 0; i < ADMIN_PARAMS_MAX && page->params[i]; i++) {
        known[i] = page->params[i];
        if (strcmp(page->params[i], name) != 0)
            continue;
        if (!text_percent_decode(pair->value, call->values[i], ADMIN_PARAM_MAX))
            return err_set(e, ERR_USAGE, NULL, "the value of %s cannot be read", name);
        return 0;
    }
    const char *nearest = text_nearest(name, known);
    return err_set(e, ERR_USAGE, NULL, "%s takes no parameter %s%s%s", page->path, name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "");
}

static int read_params(struct admin_call *call, struct err *e)
{
    struct query query = query_of(call->request->target_text);
    struct query_pair pair;
    int code = 0;
    while (!code && query_next(&query, &pair))
        code = read_param(&pair, call, e);
    return code;
}

static int status_of(enum err_code code)
{
    switch (code) {
    case ERR_SYNTAX:
    case ERR_CONTRACT:
    case ERR_USAGE: return 400;
    case ERR_CANCELLED: return 409;
    default: return 500;
    }
}

static void answer_page(struct admin_call *call, struct plan *plan)
{
    struct buf body;
    struct err e = {0};
    buf_init(&body, ADMIN_BODY_MAX);
    int code = read_params(call, &e);
    if (!code)
        code = call->page->write(call, &body, &e);
    buf_add_char(&body, '\n');
    if (!code)
        code = buf_err(&body, "the page", &e);
    if (code)
        answer_error(plan, status_of(e.code), NULL, "%s%s%s", e.where, e.where[0] ? ": " : "",
                     e.what);
    else
        answer_json(plan, 200, NULL, buf_span(&body));
    buf_fini(&body);
}

static void answer_no_page(struct span path, struct plan *plan)
{
    char name[128] = "";
    const char *known[PAGES_MAX + 1] = {0};
    for (size_t i = 0; i < PAGES_MAX && admin_pages()[i].path; i++)
        known[i] = admin_pages()[i].path;
    const char *nearest = span_copy(path, name, sizeof name) ? text_nearest(name, known) : NULL;
    answer_error(plan, 404, NULL, "no admin page of this name; the nearest is %s",
                 nearest ? nearest : "/_mock/health");
}

static bool is_json(const struct message *request)
{
    struct span type;
    message_content_type(request, &type);
    return span_is_nocase(type, "application/json");
}

void admin_answer(const struct admin *a, const struct message *request, int64_t now_ms,
                  struct plan *plan)
{
    const char *why = foreign(a, request);
    if (why) {
        answer_error(plan, 403, NULL, "%s", why);
        return;
    }
    struct span path = request->target.path;
    bool is_read = span_is(request->method, "GET") || span_is(request->method, "HEAD");
    const struct admin_page *page = NULL;
    bool has_read = false, has_write = false;
    for (const struct admin_page *p = admin_pages(); p->path; p++) {
        if (!span_is(path, p->path))
            continue;
        bool reads = strcmp(p->method, "GET") == 0;
        has_read |= reads;
        has_write |= !reads;
        if (reads ? is_read : span_is(request->method, p->method))
            page = p;
    }
    if (!has_read && !has_write) {
        answer_no_page(path, plan);
    } else if (!page) {
        const char *allow = !has_write ? "Allow: GET, HEAD\r\n"
            : has_read                 ? "Allow: GET, HEAD, POST\r\n"
                                       : "Allow: POST\r\n";
        answer_error(plan, 405, allow, "this page does not take that method");
    } else if (!is_read && !is_json(request)) {
        answer_error(plan, 415, NULL, "a change needs Content-Type: application/json");
    } else {
        struct admin_call call = {.admin = a, .request = request, .now_ms = now_ms, .page = page};
        answer_page(&call, plan);
    }
}
