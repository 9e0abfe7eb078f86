/* A failed poll as one line for a shell: it asks a mock by hand as often as the client had asked. */
#include "report.h"

#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

enum { URL_MAX = 1024 };

#define BASE_URL "http://127.0.0.1:8080/" /* where mockserver listens when nobody says otherwise */

static const struct contract_route *poll_route(const struct contract *c)
{
    for (uint32_t i = 0; i < c->route_count; i++)
        if (c->routes[i].role == ROLE_POLL)
            return &c->routes[i];
    return NULL;
}

/* The path with the id in the place of its parameter, and the parameters that are part of the route. */
static void add_target(struct buf *out, const struct contract_route *route, const char *id,
                       uint32_t polls)
{
    char mark = '?';
    for (const char *p = route->path; *p != '\0'; p++) {
        if (*p != '{') {
            buf_add_char(out, *p);
            continue;
        }
        text_percent_encode(out, span_of(id));
        p += strcspn(p, "}");
    }
    for (uint32_t i = 0; i < route->param_count; i++) {
        const struct contract_param *param = &route->params[i];
        if (!param->in_query || !param->only)
            continue;
        buf_addf(out, "%c%s=", mark, param->name);
        text_percent_encode(out, span_of(param->only));
        mark = '&';
    }
    if (polls > 1) /* curl asks once for each number */
        buf_addf(out, "%cpoll=[1-%u]", mark, polls);
}

/* The id in a JSON body, where the contract has it there: at the first pointer, which names one member. */
static void add_body(struct buf *out, const struct contract *c, const char *id)
{
    const struct json *place = json_first(json_get(c->x_task, "id"));
    for (; place; place = json_next(place)) {
        const char *pointer = json_string(json_get(place, "pointer"));
        if (!pointer || strchr(pointer + 1, '/'))
            continue;
        buf_addf(out, "-H 'Content-Type: application/json' -d '{\"%s\":\"%s\"}' ", pointer + 1, id);
        return;
    }
}

/* The first poll that a finding of the run shows at; its number in *number. NULL: none does. */
static const struct poll *failed_poll(const struct run_result *result, uint32_t *number)
{
    const struct run_half *halves[] = {&result->direct, &result->wire};
    for (int k = 0; k < 2; k++) {
        const struct verdict *v = &halves[k]->verdict;
        const struct trace *s = &halves[k]->evidence.trace;
        for (uint32_t i = 0; halves[k]->ran && i < v->finding_count; i++) {
            *number = v->findings[i].poll;
            if (v->findings[i].under < 0 && *number > 0 && *number <= s->count)
                return &s->polls[*number - 1];
        }
    }
    return NULL;
}

/* A request that the contract does not describe, as the client made it. */
static void add_asked(struct buf *out, const char *asked)
{
    struct buf url;
    size_t method = strcspn(asked, " ");
    buf_init(&url, URL_MAX);
    buf_add_text(&url, BASE_URL);
    buf_add_text(&url, asked + method + strspn(asked + method, " /"));
    buf_addf(out, "-gX %.*s ", (int)method, asked);
    report_shell_word(out, url.n > 0 ? url.p : "");
    buf_break_with(out, &url);
    buf_fini(&url);
}

static void add_poll(struct buf *out, const struct job *job, const struct contract_route *route,
                     uint32_t number)
{
    const char *id = job->scenario->id ? job->scenario->id : "again-1";
    if (route->body_schema)
        add_body(out, &job->upstream->contract, id);
    buf_addf(out, "'" BASE_URL "%s:%s", job->upstream->name, job->scenario->name);
    add_target(out, route, id, number);
    buf_add_char(out, '\'');
}

bool report_curl(struct buf *out, const struct run_result *result)
{
    uint32_t number = 0;
    const struct poll *poll = failed_poll(result, &number);
    const struct contract_route *route = poll_route(&result->job.upstream->contract);
    if (!poll || !route || (poll->flags & (JOURNAL_BAD_REQUEST | JOURNAL_BAD_AUTH)) != 0)
        return false; /* what was wrong with such a request is not known here */
    buf_add_text(out, "curl -si ");
    if (poll->asked)
        add_asked(out, poll->asked);
    else
        add_poll(out, &result->job, route, number);
    buf_add_text(out, " # mockserver --clock auto --no-auth runs beside it");
    return true;
}
