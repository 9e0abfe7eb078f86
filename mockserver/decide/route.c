/* Routes: the mount path, Host header or bare path select the upstreams to look in; method, path
 * and fixed query parameters select a route in each; the task's id selects one of several.
 * route_why.c words the errors. */
#include "route.h"
#include "route_fit.h"
#include "route_why.h"
#include "route_table.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 64 };

struct candidate {
    const struct router_entry *entry;
    const struct contract_route *route;
    struct span path_id; /* value of the id's path parameter, still encoded */
};

/* -- Candidates ------------------------------------------------------------------------------------- */

struct search {
    const struct router *router;
    const struct message *request;
    struct span path; /* below the mount */
    bool may_look;    /* HEAD may find the operation of GET */
    struct candidate found[CANDIDATES_MAX];
    uint32_t found_count;
    /* A route that fits but for the query parameter that names the operation, and whose auth
     * scheme has errors of its own for that; and its upstream. NULL: none. */
    const struct contract_route *unnamed;
    const struct upstream *unnamed_upstream;
};

/* True when missing is the parameter whose absence the route's auth scheme refuses itself
 * (auth_scheme.operation). */
static bool is_refused_by_scheme(const struct contract_route *route,
                                 const struct contract_param *missing)
{
    const char *operation = auth_rule_operation(&route->auth);
    return operation && strcmp(missing->name, operation) == 0;
}

static void look_for(struct search *s, const struct router_entry *p, struct span method)
{
    const struct contract *c = &p->upstream->contract;
    for (uint32_t i = 0; i < c->route_count; i++) {
        const struct contract_route *route = &c->routes[i];
        struct span id;
        if (!span_is(method, route->method) || !route_fits(route, p->id_param, s->path, &id))
            continue;
        const struct contract_param *missing = route_missing(route, &s->request->target);
        if (missing && !s->unnamed && is_refused_by_scheme(route, missing)) {
            s->unnamed = route;
            s->unnamed_upstream = p->upstream;
        }
        if (missing)
            continue;
        if (s->found_count == CANDIDATES_MAX)
            return;
        struct candidate found = {p, route, id};
        struct candidate *last = s->found_count ? &s->found[s->found_count - 1] : NULL;
        if (!last || last->entry != p)
            s->found[s->found_count++] = found;
        else if (route_params(route) < route_params(last->route))
            *last = found; /* OpenAPI: a path with fewer parameters goes first */
    }
}

/* HEAD asks what GET would: an upstream that has no operation of its own for it answers by that
 * of GET. */
static void look_in(struct search *s, const struct router_entry *p)
{
    uint32_t before = s->found_count;
    look_for(s, p, s->request->method);
    if (s->found_count == before && s->may_look)
        look_for(s, p, span_of("GET"));
}

static bool read_id(const struct search *s, const struct candidate *c, char id[MOCK_TASK_ID_MAX])
{
    return contract_task_id(&c->entry->upstream->contract, c->path_id, s->request->json, id,
                            MOCK_TASK_ID_MAX);
}

/* When several upstreams have this path: the one with the longest id pattern that matches, and
 * *scenario is its scenario; else the default upstream; else NULL. */
static const struct candidate *choose(const struct search *s, const struct scenario **scenario)
{
    const struct candidate *best = NULL, *preferred = NULL;
    size_t longest = 0;
    if (s->found_count == 1)
        return &s->found[0];
    for (uint32_t i = 0; i < s->found_count; i++) {
        const struct candidate *c = &s->found[i];
        char id[MOCK_TASK_ID_MAX];
        const struct id_pattern *id_pattern = read_id(s, c, id) ? router_id_pattern_of(c->entry, id)
                                                                : NULL;
        if (id_pattern && id_pattern->length > longest) {
            best = c;
            longest = id_pattern->length;
            *scenario = id_pattern->scenario;
        }
        if (c->entry->upstream == s->router->preferred && !preferred)
            preferred = c;
    }
    return best ? best : preferred;
}

static enum route_outcome settle(const struct search *s, struct route *out)
{
    if (s->found_count == 0)
        return ROUTE_NONE;
    const struct candidate *chosen = choose(s, &out->scenario);
    if (!chosen) {
        const struct upstream *several[CANDIDATES_MAX];
        for (uint32_t i = 0; i < s->found_count; i++)
            several[i] = s->found[i].entry->upstream;
        why_several(several, s->found_count, out->why);
        return ROUTE_NONE;
    }
    out->upstream = chosen->entry->upstream;
    out->match = chosen->route;
    if (chosen->route->role == ROLE_CREATE || read_id(s, chosen, out->id))
        return ROUTE_FOUND;
    why_no_id(out->upstream, out->why);
    return ROUTE_BAD_ID;
}

/* Called when no route was found. Unless out->why is set already, fills it with the nearest
 * routes, of out->upstream or, when that is NULL, of all upstreams. When s->unnamed is set the
 * outcome is ROUTE_OPERATION_..., and the auth scheme words the refusal. */
static enum route_outcome explain(const struct search *s, struct route *out)
{
    if (out->why[0])
        return ROUTE_NONE;
    why_no_route(s->router->fixtures, out->upstream, s->request->method, s->path,
                 &s->request->target, out->why);
    if (!out->upstream || !s->unnamed)
        return ROUTE_NONE;
    out->upstream = s->unnamed_upstream;
    out->match = s->unnamed;
    return target_param(&s->request->target, auth_rule_operation(&s->unnamed->auth))
        ? ROUTE_OPERATION_UNKNOWN
        : ROUTE_OPERATION_MISSING;
}

struct mount {
    const struct upstream *upstream;
    bool plain; /* the mount names no scenario */
    char text[3 * REPLY_NAME_MAX];
    const char *scenario, *session; /* NULL when absent; point into text */
    struct span path;
};

/* Splits "/doubao:success:s1/v1" into upstream, scenario, session and the path below, "/v1".
 * False when the path does not start with an upstream's name. */
static bool read_mount(const struct router *r, struct span path, struct mount *out)
{
    struct span rest = span_cut(path, 1, path.n);
    size_t slash = span_find(rest, '/');
    if (!text_percent_decode(span_cut(rest, 0, slash), out->text, sizeof out->text))
        return false;
    char *colon = strchr(out->text, ':');
    out->plain = !colon;
    out->scenario = out->session = NULL;
    if (colon) {
        *colon = '\0';
        out->scenario = colon + 1;
        char *second = strchr(colon + 1, ':');
        if (second) {
            *second = '\0';
            out->session = second + 1;
        }
    }
    out->upstream = fixtures_upstream(r->fixtures, out->text);
    out->path = slash == rest.n ? span_of("/") : span_cut(rest, slash, rest.n);
    return out->upstream != NULL;
}

static enum route_outcome find_mounted(struct search *s, const struct mount *m, struct route *out)
{
    s->path = m->path;
    out->upstream = m->upstream;
    if (m->scenario) {
        out->scenario = upstream_scenario(m->upstream, m->scenario);
        if (!out->scenario) {
            why_unknown_scenario(m->upstream, m->scenario, out->why);
            return ROUTE_NONE;
        }
    }
    if (m->session && !text_is_name(span_of(m->session))) {
        why_bad_session(m->session, out->why);
        return ROUTE_NONE;
    }
    if (m->session)
        span_copy(span_of(m->session), out->session, sizeof out->session);
    look_in(s, router_entry_of(s->router, m->upstream));
    return settle(s, out);
}

static enum route_outcome find_unmounted(struct search *s, struct route *out)
{
    const struct router *r = s->router;
    const struct upstream *home = NULL;
    struct span host = message_host(s->request);
    for (uint32_t i = 0; i < r->fixtures->upstream_count; i++) {
        const struct router_entry *p = &r->entries[i];
        if (!contract_has_host(&p->upstream->contract, host))
            continue;
        home = home ? home : p->upstream;
        look_in(s, p);
    }
    for (uint32_t i = 0; !home && i < r->fixtures->upstream_count; i++)
        look_in(s, &r->entries[i]);
    out->upstream = home;
    return settle(s, out);
}

static void clear(struct route *out)
{
    out->upstream = NULL;
    out->match = NULL;
    out->scenario = NULL;
    out->session[0] = out->id[0] = out->why[0] = '\0';
}

/* Sets only the fields that are read before they are written: the struct is large and made for
 * every request. */
static void search_init(struct search *s, const struct router *r, const struct message *request,
                        struct span path)
{
    s->router = r;
    s->request = request;
    s->path = path;
    s->may_look = false;
    s->found_count = 0;
    s->unnamed = NULL;
}

enum route_outcome route_find_in(const struct router *r, const struct upstream *u, struct span path,
                                 const struct message *request, struct route *out)
{
    struct search s;
    search_init(&s, r, request, path);
    clear(out);
    out->upstream = u;
    look_in(&s, router_entry_of(r, u));
    enum route_outcome outcome = settle(&s, out);
    return outcome == ROUTE_NONE ? explain(&s, out) : outcome;
}

enum route_outcome route_find(const struct router *r, const struct message *request,
                              struct route *out)
{
    struct search s;
    search_init(&s, r, request, request->target.path);
    s.may_look = span_is(request->method, "HEAD");
    clear(out);
    struct mount m;
    bool mounted = read_mount(r, s.path, &m);
    enum route_outcome outcome = mounted ? find_mounted(&s, &m, out) : find_unmounted(&s, out);
    if (outcome == ROUTE_NONE && mounted && m.plain && !s.unnamed) {
        /* Not a mount after all: the upstream "avatar" has a real path /avatar/task/{id}. Try
         * the whole path; if that fails too, the error is about the mount. */
        s.path = request->target.path;
        clear(out);
        outcome = find_unmounted(&s, out);
        if (outcome == ROUTE_NONE) {
            s.path = m.path;
            s.unnamed = NULL;
            clear(out);
            out->upstream = m.upstream;
        }
    }
    return outcome == ROUTE_NONE ? explain(&s, out) : outcome;
}

const struct upstream *route_upstream(const struct router *r, const struct message *request)
{
    struct mount m;
    if (read_mount(r, request->target.path, &m))
        return m.upstream;
    return fixtures_upstream_of_host(r->fixtures, message_host(request));
}
