/* How the parts of a request fit a contract: host, path, fixed parameters, headers. */
#include "route_fit.h"
#include "route.h"

#include <string.h>

bool route_header(const struct mock_request *request, const char *name, struct span *out,
                  bool *twice)
{
    bool found = false;
    if (twice)
        *twice = false;
    for (size_t i = 0; i < request->header_count; i++) {
        if (!span_is_nocase(request->headers[i].name, name))
            continue;
        if (found && twice)
            *twice = true;
        if (!found)
            *out = span_trim(request->headers[i].value);
        found = true;
    }
    return found;
}

struct span route_without_port(struct span host)
{
    size_t from = host.n != 0 && host.p[0] == '[' ? span_find(host, ']') : 0;
    return span_cut(host, 0, from + span_find(span_cut(host, from, host.n), ':'));
}

bool route_has_host(const struct contract *c, struct span host)
{
    for (uint32_t i = 0; i < c->host_count; i++)
        if (span_is_nocase(host, c->hosts[i]))
            return true;
    return false;
}

static bool is_param(struct span segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

bool route_fits(const struct contract_route *route, const char *id_param, struct span path,
                struct span *id)
{
    struct span left = span_of(route->path);
    *id = (struct span){NULL, 0};
    for (;;) {
        size_t n = span_find(path, '/'), m = span_find(left, '/');
        struct span have = span_cut(path, 0, n), want = span_cut(left, 0, m);
        if (!is_param(want) ? !span_same(want, have) : have.n == 0)
            return false;
        if (is_param(want) && id_param && span_is(span_cut(want, 1, want.n - 2), id_param))
            *id = have;
        if ((n == path.n) != (m == left.n))
            return false;
        if (n == path.n)
            return true;
        path = span_cut(path, n + 1, path.n);
        left = span_cut(left, m + 1, left.n);
    }
}

const struct contract_param *route_missing(const struct contract_route *route,
                                           const struct target *target)
{
    for (uint32_t i = 0; i < route->param_count; i++) {
        const struct contract_param *param = &route->params[i];
        if (!param->only || !param->in_query)
            continue;
        const char *have = target_param(target, param->name);
        if (!have || strcmp(have, param->only) != 0)
            return param;
    }
    return NULL;
}

unsigned route_params(const struct contract_route *route)
{
    unsigned count = 0;
    for (const char *p = route->path; *p; p++)
        count += *p == '{';
    return count;
}
