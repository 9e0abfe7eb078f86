/* Prepares the routes of all upstreams, and finds scenarios by ids. */
#include "router.h"
#include "route_table.h"
#include "route_why.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* -- Made once --------------------------------------------------------------------------------- */

static const char *id_param_of(const struct contract *c)
{
    const struct json *entry = json_first(json_get(c->x_task, "id"));
    for (; entry; entry = json_next(entry)) {
        const char *in = json_string(json_get(entry, "in"));
        if (in && strcmp(in, "path") == 0)
            return json_string(json_get(entry, "name"));
    }
    return NULL;
}

static int longer_first(const void *a, const void *b)
{
    const struct id_pattern *x = a, *y = b;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    return strcmp(x->scenario->name, y->scenario->name);
}

static bool entry_init(struct router_entry *p, const struct upstream *u)
{
    p->upstream = u;
    p->id_param = id_param_of(&u->contract);
    p->fallback = upstream_scenario(u, "success");
    p->id_patterns = calloc(u->scenario_count + 1, sizeof *p->id_patterns);
    if (!p->id_patterns)
        return false;
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        const struct scenario *s = &u->scenarios[i];
        if (s->tasks)
            p->id_patterns[p->id_pattern_count++] = (struct id_pattern){s, strlen(s->tasks),
                                                                        strcspn(s->tasks, "*?[\\")};
    }
    qsort(p->id_patterns, p->id_pattern_count, sizeof *p->id_patterns, longer_first);
    return true;
}

int router_open(const struct fixtures *fixtures, const char *default_upstream, struct router **out,
                struct err *e)
{
    *out = NULL;
    const struct upstream *preferred = NULL;
    if (default_upstream) {
        preferred = fixtures_upstream(fixtures, default_upstream);
        const char *near = fixtures_nearest_upstream(fixtures, default_upstream);
        if (!preferred)
            return err_set(e, ERR_NOT_FOUND, default_upstream, "no such upstream%s%s",
                           near ? "; the nearest is " : "", near ? near : "");
    }
    struct router *r = calloc(1, sizeof *r);
    if (r)
        r->entries = calloc(fixtures->upstream_count + 1, sizeof *r->entries);
    bool made = r && r->entries;
    if (made)
        r->fixtures = fixtures;
    for (uint32_t i = 0; made && i < fixtures->upstream_count; i++)
        made = entry_init(&r->entries[i], &fixtures->upstreams[i]);
    if (!made) {
        router_close(r);
        return err_set(e, ERR_MEMORY, NULL, "no memory for the routes");
    }
    r->preferred = preferred;
    *out = r;
    return ERR_OK;
}

void router_close(struct router *r)
{
    if (!r)
        return;
    for (uint32_t i = 0; r->fixtures && i < r->fixtures->upstream_count; i++)
        free(r->entries[i].id_patterns);
    free(r->entries);
    free(r);
}

const struct router_entry *router_entry_of(const struct router *r, const struct upstream *u)
{
    return &r->entries[u - r->fixtures->upstreams];
}

/* -- Scenarios --------------------------------------------------------------------------------- */

/* True when the id begins with the pattern's fixed part: a cheap test before the glob, since
 * this runs for every scenario of an upstream. The last byte is compared first: by convention it
 * is a dash, and few ids have one in that place. */
static bool begins(const struct id_pattern *c, struct span id)
{
    const char *tasks = c->scenario->tasks;
    size_t n = c->fixed;
    return n == 0 || (n <= id.n && id.p[n - 1] == tasks[n - 1] && memcmp(id.p, tasks, n) == 0);
}

const struct id_pattern *router_id_pattern_of(const struct router_entry *p, const char *id)
{
    struct span text = span_of(id);
    for (uint32_t i = 0; i < p->id_pattern_count; i++) {
        const struct id_pattern *c = &p->id_patterns[i];
        if (begins(c, text) && text_glob(c->scenario->tasks, id))
            return c;
    }
    return NULL;
}

const struct scenario *route_scenario(const struct router *r, const struct upstream *u,
                                      const char *id, bool strict, char why[JOURNAL_TEXT_MAX])
{
    const struct router_entry *p = router_entry_of(r, u);
    const struct id_pattern *id_pattern = router_id_pattern_of(p, id);
    if (id_pattern)
        return id_pattern->scenario;
    if (!strict && p->fallback)
        return p->fallback;
    why_no_scenario(u, id, why);
    return NULL;
}
