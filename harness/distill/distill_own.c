/* Picks the polls out of a recording. */
#include "distill_own.h"

#include "base/grow.h"
#include "mockserver/message/target.h"

#include <stdio.h>
#include <stdlib.h>

enum { ID_MAX = 256 };

/* -- Routes ----------------------------------------------------------------------------------- */

static bool is_param(struct span segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static const char *id_param_of(const struct contract *c)
{
    for (const struct json *v = json_first(json_get(c->x_task, "id")); v; v = json_next(v)) {
        const char *in = json_string(json_get(v, "in"));
        if (in && strcmp(in, "path") == 0)
            return json_string(json_get(v, "name"));
    }
    return NULL;
}

/* True when the path ends as the template says: *before is what stands before that, *id the segment of the parameter. */
static bool fits_path(const struct contract_route *route, const char *id_param, struct span path,
                      struct span *before, struct span *id)
{
    struct span want = span_of(route->path);
    bool fixed = false; /* a segment that is no parameter: only then may there be more before */
    *id = (struct span){0};
    if (span_is(want, "/")) { /* the query tells such routes apart */
        *before = span_cut(path, 0, path.n - (path.n > 0 && path.p[path.n - 1] == '/'));
        return true;
    }
    for (;;) {
        size_t w = want.n, h = path.n;
        while (w > 0 && want.p[w - 1] != '/')
            w--;
        while (h > 0 && path.p[h - 1] != '/')
            h--;
        struct span wanted = span_cut(want, w, want.n), have = span_cut(path, h, path.n);
        bool param = is_param(wanted);
        if (param ? have.n == 0 : !span_same(wanted, have))
            return false;
        if (param && id_param && span_is(span_cut(wanted, 1, wanted.n - 2), id_param))
            *id = have;
        fixed = fixed || (!param && wanted.n > 0);
        want = span_cut(want, 0, w > 0 ? w - 1 : 0);
        if (h == 0)
            return false;
        path = span_cut(path, 0, h - 1);
        if (want.n == 0)
            break;
    }
    *before = path;
    return fixed || path.n == 0;
}

/* True when the query has every parameter that is part of the route. */
static bool fits_query(const struct contract_route *route, const struct target *target)
{
    for (uint32_t i = 0; i < route->param_count; i++) {
        const struct contract_param *p = &route->params[i];
        const char *have = p->only && p->in_query ? target_param(target, p->name) : NULL;
        if (p->only && p->in_query && (!have || strcmp(have, p->only) != 0))
            return false;
    }
    return true;
}

/* The part of a URL between "://host" and the fragment. */
static struct span target_of(const char *url)
{
    const char *at = strstr(url, "://");
    at = at ? at + 3 + strcspn(at + 3, "/?#") : url;
    return (struct span){at, strcspn(at, "#")};
}

/* Whether an entry may be a poll. *id is empty when the route has it in the body. */
static bool fits(const struct contract *c, const struct recording_entry *entry, struct span *origin,
                 struct span *id)
{
    struct target target;
    char slashed[TARGET_BYTES_MAX + 2];
    const char *id_param = id_param_of(c);
    if (!entry->method || !entry->url)
        return false;
    struct span text = target_of(entry->url);
    bool has_path = text.n > 0 && text.p[0] == '/'; /* "https://host?x=1" has none */
    if (text.n > TARGET_BYTES_MAX)
        return false;
    snprintf(slashed, sizeof slashed, "%s%.*s", has_path ? "" : "/", (int)text.n, text.p);
    (void)target_parse(span_of(slashed), &target, NULL);
    struct span path = span_cut(text, 0, span_find(text, '?'));
    for (uint32_t i = 0; i < c->route_count; i++) {
        struct span before;
        const struct contract_route *route = &c->routes[i];
        if (route->role != ROLE_POLL || strcasecmp(route->method, entry->method) != 0
            || !fits_path(route, id_param, path, &before, id) || !fits_query(route, &target))
            continue;
        *origin = (struct span){entry->url, (size_t)(text.p - entry->url) + before.n};
        return true;
    }
    return false;
}

/* -- Polls ------------------------------------------------------------------------------------ */

static int add_poll(struct own_polls *p, const struct own_poll *poll, struct err *e)
{
    struct own_poll *list = grow(p->list, p->count, &p->room, sizeof *list, HAR_ENTRIES_MAX);
    if (!list || !poll->id) {
        p->list = list ? list : p->list;
        free(poll->id);
        return err_set(e, ERR_MEMORY, NULL, "no memory for the polls");
    }
    p->list = list;
    p->list[p->count++] = *poll;
    return 0;
}

/* Adds entry i if it is a poll after all: it names a task. */
static int look_at(const struct contract *c, const struct recording *r, uint32_t i,
                   struct own_polls *out, struct err *e)
{
    struct own_poll poll = {.entry = i};
    struct span path_id;
    struct exchange x;
    struct json *body = NULL;
    char id[ID_MAX];
    if (!fits(c, &r->entries[i], &poll.origin, &path_id))
        return 0;
    int code = exchange_open(r, i, &x, e);
    if (!code && x.request_body.n > 0
        && json_open(buf_span(&x.request_body), &body, NULL) == ERR_MEMORY)
        code = err_set(e, ERR_MEMORY, NULL, "no memory for a request's body");
    bool found = contract_task_id(c, path_id, body, id, sizeof id);
    json_close(body);
    poll.has_started = x.has_started;
    poll.started = x.started;
    poll.id = found ? strdup(id) : NULL;
    exchange_close(&x);
    if (code == ERR_MEMORY) {
        free(poll.id);
        return code;
    }
    if (found)
        return add_poll(out, &poll, e); /* who takes it opens it again, and hears of the error */
    return code;
}

void own_polls_fini(struct own_polls *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        free(p->list[i].id);
    free(p->list);
    *p = (struct own_polls){0};
}

/* Keeps those for which keep says so. */
typedef bool own_keep(const struct own_poll *poll, const void *arg);
static void filter(struct own_polls *p, own_keep *keep, const void *arg)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        if (keep(&p->list[i], arg))
            p->list[kept++] = p->list[i];
        else
            free(p->list[i].id);
    }
    p->count = kept;
}

static bool is_of_task(const struct own_poll *poll, const void *id)
{
    return strcmp(poll->id, id) == 0;
}

void own_polls_keep(struct own_polls *p, const char *id)
{
    filter(p, is_of_task, id);
}

/* -- Origins ---------------------------------------------------------------------------------- */

static bool tells(const struct contract *c, const struct recording *r, uint32_t entry)
{
    struct exchange x;
    struct buf body;
    bool was_text, told = false;
    buf_init(&body, REPLY_BODY_MAX);
    if (exchange_open(r, entry, &x, NULL) == 0 && x.status >= 200 && x.status < 300
        && exchange_body(r, &x, &body, &was_text, NULL) == 0) {
        enum reply_state state = contract_state(c, NULL, buf_span(&body));
        told = state != REPLY_STATE_NONE && state != REPLY_STATE_UNKNOWN;
    }
    buf_fini(&body);
    exchange_close(&x);
    return told;
}

bool own_polls_tell(const struct contract *c, const struct recording *r, const struct own_polls *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (tells(c, r, p->list[i].entry))
            return true;
    return false;
}

static bool is_at_host(const struct own_poll *poll, const void *contract)
{
    struct span host = poll->origin;
    size_t colon = span_find(host, ':');
    host = span_cut(host, colon + 3, host.n);
    host = span_cut(host, 0, span_find(host, '/'));
    return contract_has_host(contract, header_host(host));
}

static bool is_at_origin(const struct own_poll *poll, const void *origins)
{
    const struct own_polls *good = origins;
    for (uint32_t i = 0; i < good->count; i++)
        if (span_same(poll->origin, good->list[i].origin))
            return true;
    return false;
}

/* One poll for each origin of which an answer tells a state. */
static int find_telling(const struct contract *c, const struct recording *r,
                        const struct own_polls *p, struct own_polls *out, struct err *e)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < p->count; i++) {
        struct own_poll poll = p->list[i];
        if (is_at_origin(&poll, out) || !tells(c, r, poll.entry))
            continue;
        poll.id = strdup(poll.id);
        code = add_poll(out, &poll, e);
    }
    return code;
}

static int choose_origins(const struct contract *c, const struct recording *r, struct own_polls *p,
                          struct err *e)
{
    bool several = false, named = false;
    for (uint32_t i = 0; i < p->count; i++) {
        several = several || !span_same(p->list[i].origin, p->list[0].origin);
        named = named || is_at_host(&p->list[i], c);
    }
    if (several && named)
        filter(p, is_at_host, c);
    if (!several || named)
        return 0;
    struct own_polls telling = {0};
    int code = find_telling(c, r, p, &telling, e);
    if (!code && telling.count > 0)
        filter(p, is_at_origin, &telling);
    own_polls_fini(&telling);
    return code;
}

int own_polls_find(const struct contract *c, const struct recording *r, struct own_polls *out,
                   struct err *e)
{
    int code = 0;
    *out = (struct own_polls){0};
    for (uint32_t i = 0; !code && i < r->count; i++)
        code = look_at(c, r, i, out, e);
    return code ? code : choose_origins(c, r, out, e);
}

/* -- Order ------------------------------------------------------------------------------------ */

static int earlier_first(const void *a, const void *b)
{
    const struct own_poll *x = a, *y = b;
    if (x->started.s != y->started.s)
        return x->started.s < y->started.s ? -1 : 1;
    if (x->started.atto != y->started.atto)
        return x->started.atto < y->started.atto ? -1 : 1;
    return x->entry < y->entry ? -1 : 1;
}

void own_polls_sort(struct own_polls *p)
{
    uint32_t first = 0; /* that has a time: those before it stay before it */
    while (first < p->count && !p->list[first].has_started)
        first++;
    for (uint32_t i = 0; i < p->count && first < p->count; i++)
        if (!p->list[i].has_started)
            p->list[i].started = p->list[i < first ? first : i - 1].started;
    if (p->count > 1)
        qsort(p->list, p->count, sizeof *p->list, earlier_first);
}
