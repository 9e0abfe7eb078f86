/* Whether a request fits a route: its path, and the query parameters with a fixed value. */
#include "route_fit.h"

#include <string.h>

static bool is_param(struct span segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

bool route_fits(const struct contract_route *route, const char *id_param, struct span path,
                struct span *id)
{
    struct span left = {route->path, strcspn(route->path, "#")};
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
