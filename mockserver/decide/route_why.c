/* Why a request found no route or scenario: what came, and what is nearest to it. */
#include "route_why.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NEAREST = 3, NEAREST_TEXT_MAX = 120, CONSIDERED_MAX = 512 };

/* Appends to why, cut to fit. */
static void say(char why[JOURNAL_TEXT_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(char why[JOURNAL_TEXT_MAX], const char *format, ...)
{
    size_t n = strlen(why);
    va_list args;
    va_start(args, format);
    vsnprintf(why + n, JOURNAL_TEXT_MAX - n, format, args);
    va_end(args);
}

/* -- Routes ------------------------------------------------------------------------------------ */

struct near_route {
    const struct upstream *upstream;
    const struct contract_route *route;
    unsigned differences;
    char what[NEAREST_TEXT_MAX]; /* the first difference */
};

static void differ(struct near_route *near, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void differ(struct near_route *near, const char *format, ...)
{
    if (near->differences++ != 0)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(near->what, sizeof near->what, format, args);
    va_end(args);
}

static bool fits(struct span want, struct span have)
{
    return want.n != 0 && want.p[0] == '{' ? have.n != 0 : span_same(want, have);
}

static bool method_fits(struct span have, const char *want)
{
    return span_is(have, want) || (span_is(have, "HEAD") && strcmp(want, "GET") == 0);
}

static void compare_path(struct near_route *near, struct span path)
{
    struct span have[TARGET_SEGMENTS_MAX], want[TARGET_SEGMENTS_MAX];
    uint32_t n = target_segments(path, have);
    uint32_t m = target_segments((struct span){near->route->path, strcspn(near->route->path, "#")},
                                 want);
    if (n > TARGET_SEGMENTS_MAX || m > TARGET_SEGMENTS_MAX) {
        differ(near, "the path has too many segments");
        return;
    }
    for (uint32_t i = 0; i < n && i < m; i++)
        if (!fits(want[i], have[i]))
            differ(near, "path segment %u differs", i + 1);
    if (n != m)
        differ(near, "the path has %u segments, not %u", n, m);
}

static void compare_params(struct near_route *near, const struct target *target)
{
    for (uint32_t i = 0; i < near->route->param_count; i++) {
        const struct contract_param *param = &near->route->params[i];
        if (!param->only || !param->in_query)
            continue;
        const char *have = target_param(target, param->name);
        if (!have)
            differ(near, "no query parameter %s", param->name);
        else if (strcmp(have, param->only) != 0)
            differ(near, "%s is \"%.40s\"", param->name, have);
    }
}

/* Keeps the three with the fewest differences, in the order they were met. */
static void keep(struct near_route best[NEAREST], uint32_t *count, const struct near_route *near)
{
    uint32_t at = *count;
    while (at > 0 && best[at - 1].differences > near->differences)
        at--;
    if (at == NEAREST)
        return;
    if (*count < NEAREST)
        (*count)++;
    memmove(best + at + 1, best + at, (*count - at - 1) * sizeof *best);
    best[at] = *near;
}

static const char *fixed_of(const struct contract_route *route)
{
    for (uint32_t i = 0; i < route->param_count; i++)
        if (route->params[i].only && route->params[i].in_query)
            return route->params[i].only;
    return "";
}

/* -- Hints for the usual causes ----------------------------------------------------------------- */

static bool path_fits(const struct contract_route *route, struct span path)
{
    struct near_route near = {.route = route};
    compare_path(&near, path);
    return near.differences == 0;
}

static bool any_path_fits(const struct fixtures *f, const struct upstream *home, struct span path)
{
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct contract *c = &f->upstreams[i].contract;
        for (uint32_t j = 0; (!home || home == &f->upstreams[i]) && j < c->route_count; j++)
            if (path_fits(&c->routes[j], path))
                return true;
    }
    return false;
}

/* The path without the first of two equal starts: "/v1/v1/x" is "/v1/x", "/api/v3/api/v3/x" is
 * "/api/v3/x". Empty when there are none. */
static struct span undoubled(struct span path)
{
    for (size_t n = 2; n <= path.n / 2; n++)
        if (path.p[0] == '/' && path.p[n] == '/' && (2 * n == path.n || path.p[2 * n] == '/')
            && memcmp(path.p, path.p + n, n) == 0)
            return span_cut(path, n, path.n);
    return span_of("");
}

/* What most likely went wrong, where leaving it out would have found a route. */
static void say_hint(const struct fixtures *f, const struct upstream *home, struct span path,
                     char why[JOURNAL_TEXT_MAX])
{
    struct span once = undoubled(path);
    if (path.n > 1 && path.p[path.n - 1] == '/'
        && any_path_fits(f, home, span_cut(path, 0, path.n - 1)))
        say(why, "without the slash at its end the path is right; ");
    else if (once.n > 0 && any_path_fits(f, home, once))
        say(why, "the path begins with %.*s twice: does the base URL hold it already? ",
            (int)(path.n - once.n), path.p);
}

/* The mount names nobody: most likely its name is mistyped. */
static void say_upstream(const struct fixtures *f, struct span path, char why[JOURNAL_TEXT_MAX])
{
    char word[NEAREST_TEXT_MAX];
    const char *known[CONSIDERED_MAX + 1] = {0};
    struct span rest = path.n > 0 ? span_cut(path, 1, path.n) : path;
    size_t slash = span_find(rest, '/');
    struct span name = span_cut(rest, 0, slash);
    name = span_cut(name, 0, span_find(name, ':'));
    if (slash == rest.n || !span_copy(name, word, sizeof word)
        || !any_path_fits(f, NULL, span_cut(rest, slash, rest.n)))
        return;
    for (uint32_t i = 0; i < f->upstream_count && i < CONSIDERED_MAX; i++)
        known[i] = f->upstreams[i].name;
    const char *nearest = text_nearest(word, known);
    say(why, "no upstream \"%s\"", word);
    if (nearest)
        say(why, "; did you mean %s?", nearest);
    say(why, " ");
}

void why_no_route(const struct fixtures *f, const struct upstream *home, struct span method,
                  struct span path, const struct target *target, char why[JOURNAL_TEXT_MAX])
{
    struct near_route best[NEAREST];
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct upstream *u = &f->upstreams[i];
        for (uint32_t j = 0; (!home || u == home) && j < u->contract.route_count; j++) {
            struct near_route near = {.upstream = u, .route = &u->contract.routes[j]};
            if (!method_fits(method, near.route->method))
                differ(&near, "the method is %.*s", (int)(method.n < 20 ? method.n : 20), method.p);
            compare_path(&near, path);
            compare_params(&near, target);
            keep(best, &count, &near);
        }
    }
    why[0] = '\0';
    if (!home)
        say_upstream(f, path, why);
    say_hint(f, home, path, why);
    say(why, "no route%s%s; nearest: ", home ? " of " : "", home ? home->name : "");
    if (count == 0)
        say(why, "none");
    for (uint32_t i = 0; i < count; i++) {
        const char *fixed = fixed_of(best[i].route);
        say(why, "%s%s %s %s%s%s (%s)", i ? ", " : "", best[i].upstream->name,
            best[i].route->method, best[i].route->path, fixed[0] ? " " : "", fixed, best[i].what);
    }
}

void why_unknown_host(const struct fixtures *f, struct span host, char why[JOURNAL_TEXT_MAX])
{
    const char *known[CONSIDERED_MAX + 1] = {0};
    uint32_t count = 0;
    char name[CONTRACT_HOST_MAX];
    for (uint32_t i = 0; i < f->upstream_count; i++)
        for (uint32_t j = 0; j < f->upstreams[i].contract.host_count && count < CONSIDERED_MAX; j++)
            known[count++] = f->upstreams[i].contract.hosts[j];
    const char *nearest = span_copy(host, name, sizeof name) ? text_nearest(name, known) : NULL;
    why[0] = '\0';
    say(why, "no contract names the host \"%.*s\", and this server has other names (--admin-host)",
        (int)(host.n < 100 ? host.n : 100), host.p);
    if (nearest)
        say(why, "; nearest: %s", nearest);
}

void why_several(const struct upstream *const *several, uint32_t count, char why[JOURNAL_TEXT_MAX])
{
    why[0] = '\0';
    say(why, "several upstreams answer this path: ");
    for (uint32_t i = 0; i < count && i < 8; i++)
        say(why, "%s%s", i ? ", " : "", several[i]->name);
    say(why, "; use a mount path, --default or an id that a scenario claims");
}

void why_no_id(const struct upstream *u, char why[JOURNAL_TEXT_MAX])
{
    why[0] = '\0';
    say(why, "the request holds no task id that %s can use: absent, badly encoded or too long",
        u->name);
}

/* -- Scenarios --------------------------------------------------------------------------------- */

static const char *glob_of(const struct scenario *s)
{
    return s->tasks ? s->tasks : "";
}

static const char *name_of(const struct scenario *s)
{
    return s->name;
}

/* Names up to three scenarios whose name (or glob) is nearest to word, nearest first. */
static void say_nearest(const struct upstream *u, const char *word,
                        const char *(*text)(const struct scenario *), char why[JOURNAL_TEXT_MAX])
{
    const char *left[CONSIDERED_MAX + 1];
    uint32_t count = 0;
    for (uint32_t i = 0; i < u->scenario_count && count < CONSIDERED_MAX; i++)
        if (text(&u->scenarios[i])[0] != '\0')
            left[count++] = text(&u->scenarios[i]);
    for (int i = 0; i < NEAREST; i++) {
        left[count] = NULL;
        const char *near = text_nearest(word, left);
        if (!near)
            break;
        say(why, "%s%s", i == 0 ? "; nearest: " : ", ", near);
        for (uint32_t j = 0; j < count; j++)
            if (left[j] == near)
                left[j--] = left[--count];
    }
}

void why_unknown_scenario(const struct upstream *u, const char *name, char why[JOURNAL_TEXT_MAX])
{
    why[0] = '\0';
    say(why, "%s has no scenario \"%.100s\"", u->name, name);
    say_nearest(u, name, name_of, why);
}

void why_bad_session(const char *session, char why[JOURNAL_TEXT_MAX])
{
    why[0] = '\0';
    say(why,
        "\"%.100s\" cannot name a session: up to 100 letters, digits, dots, dashes, underscores",
        session);
}

void why_no_scenario(const struct upstream *u, const char *id, char why[JOURNAL_TEXT_MAX])
{
    why[0] = '\0';
    say(why, "no scenario of %s claims the id \"%.100s\"", u->name, id);
    say_nearest(u, id, glob_of, why);
}
