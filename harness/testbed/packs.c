/* Opens packs beside the fixtures, and compares what client and contract read. */
#include "packs.h"

#include "base/buf.h"
#include "base/text.h"
#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "client/decode/view.h"

#include <stdlib.h>
#include <string.h>

struct packs {
    const struct fixtures *fixtures;
    struct task_pack **list; /* in the order of the upstreams; NULL: it has a decoder */
};

int packs_open(const struct fixtures *fixtures, struct packs **out, struct err *e)
{
    *out = NULL;
    struct packs *p = calloc(1, sizeof *p);
    if (p)
        p->list = calloc(fixtures->upstream_count + 1, sizeof(struct task_pack *));
    if (!p || !p->list) {
        free(p);
        return err_set(e, ERR_MEMORY, NULL, "no memory for the packs");
    }
    p->fixtures = fixtures;
    int code = 0;
    for (uint32_t i = 0; !code && i < fixtures->upstream_count; i++)
        if (!dialect_find(fixtures->upstreams[i].name))
            code = pack_open_folder(fixtures->upstreams[i].dir, &p->list[i], e);
    if (code)
        packs_close(p);
    else
        *out = p;
    return code;
}

void packs_close(struct packs *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->fixtures->upstream_count; i++)
        task_pack_close(p->list[i]);
    free(p->list);
    free(p);
}

const struct task_pack *packs_of(const struct packs *p, const struct upstream *u)
{
    for (uint32_t i = 0; i < p->fixtures->upstream_count; i++)
        if (strcmp(p->fixtures->upstreams[i].name, u->name) == 0)
            return p->list[i];
    return NULL;
}

enum stage { STAGE_NOT_KNOWN, STAGE_OPEN, STAGE_ENDED };

static enum stage stage_of_reply(enum reply_state state)
{
    if (state == REPLY_STATE_QUEUED || state == REPLY_STATE_RUNNING)
        return STAGE_OPEN;
    return reply_state_is_end(state) ? STAGE_ENDED : STAGE_NOT_KNOWN;
}

static enum stage stage_of_task(enum task_state state)
{
    if (state == TASK_QUEUED || state == TASK_RUNNING)
        return STAGE_OPEN;
    return state == TASK_UNKNOWN ? STAGE_NOT_KNOWN : STAGE_ENDED;
}

bool packs_agree(enum reply_state by_contract, enum task_state by_client)
{
    return stage_of_reply(by_contract) == stage_of_task(by_client);
}

int packs_dispute(const struct upstream *u, const struct task_pack *pack, const char *goal,
                  const struct reply *reply, bool *out, struct err *e)
{
    struct task_view view;
    const struct dialect *d = pack ? pack_dialect(pack) : dialect_find(u->name);
    *out = false;
    if (!d || reply->status >= 300)
        return 0;
    enum reply_state by_contract = contract_state(&u->contract, goal, reply->body);
    int code = dialect_read(d, reply->status, reply->body, &view, NULL);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, u->name, "no memory to read its replies");
    bool told = view.error == TASK_ERROR_NONE;
    enum task_state state = told ? dialect_goal_state(d, goal, &view, false) : TASK_UNKNOWN;
    *out = !packs_agree(by_contract, state);
    return 0;
}

static const struct contract_route *content_route(const struct upstream *u)
{
    for (uint32_t i = 0; i < u->contract.route_count; i++)
        if (u->contract.routes[i].role == ROLE_CONTENT
            && strcmp(u->contract.routes[i].method, "GET") == 0
            && strchr(u->contract.routes[i].path, '{'))
            return &u->contract.routes[i];
    return NULL;
}

void packs_content_url(const struct upstream *u, const char *base_url, const char *task_id,
                       char *out, size_t out_size)
{
    const struct contract_route *route = content_route(u);
    struct buf url;
    out[0] = '\0';
    if (!route)
        return;
    buf_init(&url, out_size);
    buf_add_text(&url, base_url);
    for (const char *c = route->path; *c != '\0';) {
        size_t n = *c == '{' ? strcspn(c, "}") + 1 : strcspn(c, "{");
        if (*c == '{')
            text_percent_encode(&url, span_of(task_id));
        else
            buf_add(&url, c, n);
        c += n;
    }
    if (url.broken || !span_copy(buf_span(&url), out, out_size))
        out[0] = '\0';
    buf_fini(&url);
}
