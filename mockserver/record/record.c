/* The recorder: forwards the request, redacts and writes the exchange, then answers with the
 * unchanged response. */
#include "record.h"

#include "mockserver/answer/answer.h"
#include "mockserver/answer/head.h"
#include "record_curl.h"
#include "record_entry.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_TARGET_MAX = 32 << 10 };

int recorder_add(struct recorder *r, const char *word, struct err *e)
{
    struct span text = span_of(word);
    size_t equals = span_find(text, '=');
    struct span name = span_cut(text, 0, equals);
    struct span base = span_cut(text, equals + 1, text.n);
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (r->count == RECORD_UPSTREAMS_MAX)
        return err_set(e, ERR_USAGE, word, "more than %d upstreams", RECORD_UPSTREAMS_MAX);
    struct record_upstream *u = &r->upstreams[r->count];
    memset(u, 0, sizeof *u);
    bool is_url = (span_starts(base, "http://") && base.n > 7)
        || (span_starts(base, "https://") && base.n > 8);
    if (equals == text.n || !text_is_name(name) || !is_url || span_find(base, '?') < base.n
        || span_find(base, '#') < base.n)
        return err_set(e, ERR_USAGE, word,
                       "not of the form UPSTREAM=http://host or UPSTREAM=https://host/base");
    if (!span_copy(name, u->name, sizeof u->name) || !span_copy(base, u->base, sizeof u->base))
        return err_set(e, ERR_USAGE, word, "longer than %d bytes", RECORD_URL_MAX);
    for (uint32_t i = 0; i < r->count; i++)
        if (strcmp(r->upstreams[i].name, u->name) == 0)
            return err_set(e, ERR_USAGE, word, "upstream %s is given twice", u->name);
    r->count++;
    return 0;
}

/* -- Which upstream, which task --------------------------------------------------------------- */

/* The target without /<name> when it starts with /<name>/; an empty span when it does not. */
static struct span below(struct span target, const char *name)
{
    size_t n = strlen(name);
    if (!span_starts(target, "/") || !span_starts(span_cut(target, 1, target.n), name))
        return (struct span){0};
    struct span rest = span_cut(target, n + 1, target.n);
    return rest.n > 0 && rest.p[0] == '/' ? rest : (struct span){0};
}

static const struct record_upstream *choose(const struct recorder *r, struct span target,
                                            struct span *rest)
{
    for (uint32_t i = 0; i < r->count; i++) {
        *rest = below(target, r->upstreams[i].name);
        if (rest->n > 0)
            return &r->upstreams[i];
    }
    *rest = target;
    return r->count == 1 ? &r->upstreams[0] : NULL;
}

/* The task's id as the contract reads it; the path when there is no contract or the request has
 * no id. Exchanges of one task go to one file. */
static void name_task(const struct recorder *r, const struct record_upstream *u,
                      const struct message *request, struct span target, char out[MOCK_TASK_ID_MAX])
{
    struct route route = {0};
    struct span path = span_cut(target, 0, span_find(target, '?'));
    if (r->router && u->contract && request->fault.code == ERR_OK)
        route_find_in(r->router, u->contract, path, request, &route);
    path = span_cut(path, 1, path.n);
    if (!span_copy(route.id[0] ? span_of(route.id) : path, out, MOCK_TASK_ID_MAX))
        span_copy(span_cut(path, 0, MOCK_TASK_ID_MAX - 1), out, MOCK_TASK_ID_MAX);
}

/* -- What is kept ----------------------------------------------------------------------------- */

static void record(struct recorder *r, const struct record_upstream *u,
                   const struct message *request, struct span target, const struct fetched *f,
                   int64_t started_ms)
{
    char task[MOCK_TASK_ID_MAX];
    struct err e = {0};
    struct buf entry, name;
    name_task(r, u, request, target, task);
    buf_init(&entry, RECORD_ENTRY_MAX);
    buf_init(&name, RECORD_TARGET_MAX);
    struct record_exchange exchange = {
        .request = request,
        .base = u->base,
        .target = target,
        .task = span_of(task),
        .fetched = f,
        .started_ms = started_ms,
        .pointers = u->contract ? json_get(u->contract->contract.x_task, "redact") : NULL,
    };
    int code = record_entry_write(&exchange, &entry, &name, &e);
    if (!code)
        code = record_log_add(r->log, u->name, buf_span(&name), buf_span(&entry), &e);
    if (code)
        r->report(&e, r->report_arg);
    buf_fini(&name);
    buf_fini(&entry);
}

/* -- The answer ------------------------------------------------------------------------------- */

/* Headers about the connection are the wire's to set, and so is the length, since libcurl has
 * taken the body out of its chunks; only an answer to HEAD keeps the service's Content-Length. */
static void answer_as_it_came(struct plan *plan, const struct fetched *f, bool head_only)
{
    bool bodiless = head_only || f->status == 204 || f->status == 304;
    plan_reset(plan);
    head_begin(plan, f->status, &f->reason);
    for (size_t i = 0; i < f->header_count; i++) {
        const struct header *h = &f->headers[i];
        bool is_length = span_is_nocase(h->name, "Content-Length");
        if (header_is_hop(h->name) || (is_length && !head_only))
            continue;
        buf_add_span(&plan->answer, h->name);
        buf_add_text(&plan->answer, ": ");
        buf_add_span(&plan->answer, h->value);
        buf_add_text(&plan->answer, "\r\n");
    }
    head_end(plan, bodiless ? HEAD_NO_LENGTH : (int64_t)f->body.n);
    buf_add_span(&plan->answer, buf_span(&f->body));
    head_send(plan);
}

static void answer_no_upstream(const struct recorder *r, struct plan *plan)
{
    struct buf names;
    buf_init(&names, RECORD_UPSTREAMS_MAX * (REPLY_NAME_MAX + 8));
    for (uint32_t i = 0; i < r->count; i++)
        buf_addf(&names, "%s/%s/", i ? ", " : "", r->upstreams[i].name);
    answer_error(plan, 404, NULL, "the path names no upstream that is recorded: %s", names.p);
    buf_fini(&names);
}

/* wire_service.answer: called on the thread of the connection, which it holds until the real
 * service has answered. */
static void forward(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    struct recorder *r = arg;
    struct span target; /* without the mount */
    const struct record_upstream *u = choose(r, request->target.origin_form, &target);
    if (!u) {
        answer_no_upstream(r, plan);
        return;
    }
    struct buf url;
    struct fetched fetched;
    buf_init(&url, RECORD_TARGET_MAX);
    fetched_init(&fetched);
    buf_add_text(&url, u->base);
    buf_add_span(&url, target);
    fetch(url.p, request, r->use_proxy, &fetched);
    record(r, u, request, target, &fetched, now_ms);
    if (fetched.status)
        answer_as_it_came(plan, &fetched, span_is(request->method, "HEAD"));
    else
        answer_error(plan, 502, NULL, "no whole answer from %s: %s", u->base, fetched.why);
    fetched_fini(&fetched);
    buf_fini(&url);
}

struct wire_service recorder_service(struct recorder *r)
{
    return (struct wire_service){.arg = r, .answer = forward};
}
