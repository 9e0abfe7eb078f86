/* The admin's gate and its table of pages. */
#include "admin.h"

#include "admin_pages.h"
#include "mockserver/answer/answer.h"

#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

static const struct admin_row {
    const char *path, *method;
    admin_page *page;
    const char *params[4]; /* by PARAM_...; NULL: the page does not take it */
} rows[] = {
    {"/_mock/health", "GET", admin_health, {0}},
    {"/_mock/upstreams", "GET", admin_upstreams, {0}},
    {"/_mock/scenarios", "GET", admin_scenarios, {[PARAM_UPSTREAM] = "upstream"}},
    {"/_mock/tasks", "GET", admin_tasks, {"task", "upstream"}},
    {"/_mock/journal", "GET", admin_journal, {"task", "upstream", "since", "limit"}},
    {"/_mock/clock", "GET", admin_clock, {0}},
    {"/_mock/clock", "POST", admin_advance, {0}},
    {"/_mock/reset", "POST", admin_reset, {0}},
};
enum { ROWS = sizeof rows / sizeof rows[0], PARAMS = 4 };

/* -- The gate --------------------------------------------------------------------------------- */

static struct span header(const struct mock_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (span_is_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return (struct span){0};
}

/* "[::1]:80" is "[::1]", "localhost:80" is "localhost". */
static struct span without_port(struct span host)
{
    size_t bracket = span_find(host, ']');
    if (bracket < host.n)
        return span_cut(host, 0, bracket + 1);
    return span_cut(host, 0, span_find(host, ':'));
}

static bool is_own_host(const struct admin *a, struct span host)
{
    static const char *const loopback[] = {"127.0.0.1", "localhost", "[::1]"};
    struct span name = without_port(host);
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
        if (span_is_nocase(name, loopback[i]))
            return true;
    return a->listen && name.n > 0 && span_same(name, without_port(span_of(a->listen)));
}

static bool is_own_origin(const struct admin *a, struct span origin)
{
    return span_starts(origin, "http://") && is_own_host(a, span_cut(origin, 7, origin.n));
}

/* What is wrong with where a request comes from; NULL when nothing is. */
static const char *foreign(const struct admin *a, const struct mock_request *request)
{
    struct span host = header(request, "Host");
    struct span origin = header(request, "Origin");
    struct span site = header(request, "Sec-Fetch-Site");
    if (host.n > 0 && !is_own_host(a, host))
        return "Host is not this server's: use localhost, 127.0.0.1, [::1] or the address it "
               "listens on";
    if (origin.n > 0 && !is_own_origin(a, origin))
        return "Origin is a foreign page";
    if (site.n > 0 && !span_is(site, "same-origin") && !span_is(site, "none"))
        return "Sec-Fetch-Site says that a foreign page asks";
    return NULL;
}

static bool is_contract_host(const struct admin *a, struct span host)
{
    const struct fixtures *fixtures = mock_fixtures(a->mock);
    struct span name = without_port(host);
    for (uint32_t u = 0; u < fixtures->upstream_count; u++) {
        const struct contract *contract = &fixtures->upstreams[u].contract;
        for (uint32_t h = 0; h < contract->host_count; h++)
            if (span_is_nocase(name, contract->hosts[h]))
                return true;
    }
    return false;
}

static struct span path_of(struct span target)
{
    return span_cut(target, 0, span_find(target, '?'));
}

bool admin_owns(const struct admin *a, const struct mock_request *request)
{
    struct span path = path_of(request->target);
    return (span_is(path, "/_mock") || span_starts(path, "/_mock/"))
        && !is_contract_host(a, header(request, "Host"));
}

/* -- Pages ------------------------------------------------------------------------------------ */

static int read_param(const struct admin_row *row, struct span pair, struct admin_call *call,
                      struct err *e)
{
    char name[64];
    size_t equals = span_find(pair, '=');
    if (!text_percent_decode(span_cut(pair, 0, equals), name, sizeof name))
        return err_set(e, ERR_USAGE, NULL, "a query parameter that cannot be read");
    const char *known[PARAMS + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < PARAMS; i++) {
        if (!row->params[i])
            continue;
        known[count++] = row->params[i];
        if (strcmp(row->params[i], name) != 0)
            continue;
        if (!text_percent_decode(span_cut(pair, equals + 1, pair.n), call->params[i],
                                 ADMIN_PARAM_MAX))
            return err_set(e, ERR_USAGE, NULL, "the value of %s cannot be read", name);
        return 0;
    }
    const char *nearest = text_nearest(name, known);
    return err_set(e, ERR_USAGE, NULL, "%s takes no parameter %s%s%s", row->path, name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "");
}

static int read_params(const struct admin_row *row, struct admin_call *call, struct err *e)
{
    struct span target = call->request->target;
    struct span query = span_cut(target, span_find(target, '?') + 1, target.n);
    while (query.n > 0) {
        size_t end = span_find(query, '&');
        int code = read_param(row, span_cut(query, 0, end), call, e);
        if (code)
            return code;
        query = span_cut(query, end + 1, query.n);
    }
    return 0;
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

static void answer_page(const struct admin_row *row, struct admin_call *call, struct plan *plan)
{
    struct buf body;
    struct err e = {0};
    buf_init(&body, ADMIN_BODY_MAX);
    int code = read_params(row, call, &e);
    if (!code)
        code = row->page(call, &body, &e);
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
    const char *known[ROWS + 1] = {0};
    for (size_t i = 0; i < ROWS; i++)
        known[i] = rows[i].path;
    const char *nearest = span_copy(path, name, sizeof name) ? text_nearest(name, known) : NULL;
    answer_error(plan, 404, NULL, "no admin page of this name; the nearest is %s",
                 nearest ? nearest : "/_mock/health");
}

static bool is_json(struct span type)
{
    return span_is_nocase(span_trim(span_cut(type, 0, span_find(type, ';'))), "application/json");
}

void admin_answer(const struct admin *a, const struct mock_request *request, int64_t now_ms,
                  struct plan *plan)
{
    const char *why = foreign(a, request);
    if (why) {
        answer_error(plan, 403, NULL, "%s", why);
        return;
    }
    struct span path = path_of(request->target);
    bool is_read = span_is(request->method, "GET") || span_is(request->method, "HEAD");
    const struct admin_row *row = NULL;
    bool has_read = false, has_write = false;
    for (size_t i = 0; i < ROWS; i++) {
        if (!span_is(path, rows[i].path))
            continue;
        bool reads = strcmp(rows[i].method, "GET") == 0;
        has_read |= reads;
        has_write |= !reads;
        if (reads ? is_read : span_is(request->method, rows[i].method))
            row = &rows[i];
    }
    if (!has_read && !has_write) {
        answer_no_page(path, plan);
    } else if (!row) {
        const char *allow = !has_write ? "Allow: GET, HEAD\r\n"
            : has_read                 ? "Allow: GET, HEAD, POST\r\n"
                                       : "Allow: POST\r\n";
        answer_error(plan, 405, allow, "this page does not take that method");
    } else if (!is_read && !is_json(header(request, "Content-Type"))) {
        answer_error(plan, 415, NULL, "a change needs Content-Type: application/json");
    } else {
        struct admin_call call = {.admin = a, .request = request, .now_ms = now_ms};
        answer_page(row, &call, plan);
    }
}
