/* From a request to what it is answered, in this order; the first check that fails decides the error:
 *
 *   target, mount, route, credentials, request, scenario, task, step, reply */
#include "check.h"
#include "create.h"
#include "decision.h"
#include "mock.h"
#include "route_why.h"

#include <stdio.h>
#include <string.h>

void decide_refuse(struct decision *d, unsigned flag, const char *reply, int status)
{
    d->flags |= flag;
    d->reply = d->route.upstream ? upstream_reply(d->route.upstream, reply) : NULL;
    d->status = status;
}

static void refuse_bad(struct decision *d, const char *reply, const struct err *e)
{
    snprintf(d->route.why, sizeof d->route.why, "%.150s%s%.350s", e->where, e->where[0] ? ": " : "",
             e->what);
    decide_refuse(d, JOURNAL_BAD_REQUEST, reply, 400);
}

void decide_busy(struct decision *d, const char *why)
{
    snprintf(d->route.why, sizeof d->route.why, "%s", why);
    d->flags |= JOURNAL_UNEXPECTED;
    d->status = 503;
}

/* A request with an absolute target came through a proxy setting: it may be meant for any server
 * in the world. */
static bool is_misdirected(const struct mock *m, const struct message *request)
{
    struct span authority = request->target.authority;
    return authority.n > 0 && !hosts_have(&m->hosts, authority)
        && !fixtures_upstream_of_host(m->fixtures, message_host(request));
}

static bool find_route(struct mock *m, const struct message *request,
                       enum auth_operation *operation, struct decision *d)
{
    *operation = AUTH_OPERATION_KNOWN;
    if (request->fault.code != ERR_OK) {
        d->route.upstream = route_upstream(m->router, request);
        refuse_bad(d, "error.bad_request", &request->fault);
        return false;
    }
    if (is_misdirected(m, request)) {
        why_unknown_host(m->fixtures, message_host(request), d->route.why);
        decide_refuse(d, JOURNAL_UNEXPECTED, "error.no_route", 421);
        return false;
    }
    switch (route_find(m->router, request, &d->route)) {
    case ROUTE_FOUND: return true;
    case ROUTE_OPERATION_MISSING: *operation = AUTH_OPERATION_MISSING; return true;
    case ROUTE_OPERATION_UNKNOWN: *operation = AUTH_OPERATION_UNKNOWN; return true;
    case ROUTE_BAD_ID: return true; /* check_request reports it, after the credentials */
    case ROUTE_NONE: break;
    }
    decide_refuse(d, JOURNAL_UNEXPECTED, "error.no_route", 404);
    return false;
}

/* Credentials come before the request's own errors. A signed Timestamp is judged by the client's
 * clock, which it was made with. */
static bool check_auth(struct mock *m, const struct message *request, enum auth_operation operation,
                       int64_t now_ms, struct decision *d)
{
    struct auth_answer answer;
    struct auth_question question = {.request = request,
                                     .operation = operation,
                                     .now_ms = message_client_now(request, now_ms),
                                     .session = d->route.session};
    bool good = auth_check(m->auth, &d->route.match->auth, &question, &answer);
    if (answer.reused)
        d->flags |= JOURNAL_NONCE_REUSED;
    if (good)
        return true;
    snprintf(d->route.why, sizeof d->route.why, "%s", answer.why);
    if (answer.bad_request)
        decide_refuse(d, JOURNAL_BAD_REQUEST, answer.reply, 400);
    else
        decide_refuse(d, JOURNAL_BAD_AUTH, answer.reply, 401);
    return false;
}

/* An upstream may have another error reply for a body that is not JSON. */
static const char *bad_request_reply(const struct decision *d, bool unreadable)
{
    static const char own[] = "error.body_unreadable";
    return unreadable && upstream_reply(d->route.upstream, own) ? own : "error.bad_request";
}

static bool check_request(const struct message *request, struct decision *d)
{
    struct err e;
    bool unreadable;
    if (!request_check(d->route.match, request, &unreadable, &e)) {
        if (e.code == ERR_MEMORY)
            decide_busy(d, "no memory for the request's body");
        else
            refuse_bad(d, bad_request_reply(d, unreadable), &e);
        return false;
    }
    if (d->route.why[0]) { /* no usable id */
        decide_refuse(d, JOURNAL_BAD_REQUEST, "error.bad_request", 400);
        return false;
    }
    return true;
}

/* Of a task that was created, the one that it was created with; of one to create, what the request says. */
static bool find_scenario(struct mock *m, const struct message *request, struct decision *d)
{
    struct route *r = &d->route;
    if (!r->scenario && r->match->role == ROLE_CREATE)
        r->scenario = create_choice(r->match, r->upstream, request);
    struct task_key created = {r->upstream, NULL, r->session, r->id};
    if (!r->scenario && r->match->role != ROLE_CREATE)
        r->scenario = task_created(m->tasks, &created);
    if (!r->scenario)
        r->scenario = route_scenario(m->router, r->upstream, r->id,
                                     m->strict && r->match->role != ROLE_CREATE, r->why);
    if (!r->scenario)
        decide_refuse(d, JOURNAL_UNEXPECTED, "error.not_found", 404);
    return r->scenario != NULL;
}

bool decide_is_look(const struct message *request, const struct contract_route *match)
{
    return span_is(request->method, "HEAD") && strcmp(match->method, "GET") == 0;
}

static int64_t pace_of(const struct mock *m, const struct upstream *upstream)
{
    int64_t interval_ms = upstream->contract.polite.interval_ms;
    return !m->paced ? 0 : interval_ms > 0 ? interval_ms : MOCK_PACE_MS;
}

/* A look is answered like the next turn, and takes none. */
static bool take(struct mock *m, const struct message *request, const struct task_key *key,
                 int64_t now_ms, int64_t pace_ms, struct decision *d)
{
    if (decide_is_look(request, d->route.match)
            ? task_look(m->tasks, key, now_ms, pace_ms, &d->turn)
            : task_take(m->tasks, key, now_ms, pace_ms, &d->turn))
        return true;
    decide_busy(d, "no memory for another task");
    return false;
}

bool decide_script(struct mock *m, const struct message *request, const char *id, int64_t now_ms,
                   struct decision *d)
{
    const struct route *r = &d->route;
    const struct task_key key = {r->upstream, scenario_script(r->scenario, r->match->role),
                                 r->session, id};
    if (!take(m, request, &key, now_ms, 0, d))
        return false;
    d->scenario = r->scenario;
    d->reply = d->turn.step->reply;
    return true;
}

/* What polls of a cancelled task get. */
static void answer_cancelled(struct decision *d)
{
    const struct upstream *u = d->route.upstream;
    const struct contract_route *cancel = contract_operation(&u->contract, ROLE_CANCEL);
    d->reply = cancel ? upstream_reply(u, cancel->then) : NULL;
    if (d->reply)
        d->state = contract_state(&u->contract, d->scenario->goal, d->reply->body);
    else
        d->reply = upstream_reply(u, "error.not_found");
}

/* Counts the poll: only a request that has passed every check advances its task. */
static void decide_poll(struct mock *m, const struct message *request, int64_t now_ms,
                        struct decision *d)
{
    const struct route *r = &d->route;
    const struct task_key key = {r->upstream, r->scenario, r->session, r->id};
    if (!take(m, request, &key, now_ms, pace_of(m, r->upstream), d))
        return;
    d->scenario = r->scenario;
    switch (d->turn.answer) {
    case TASK_STEP: d->reply = d->turn.step->reply; break;
    case TASK_GONE: d->reply = upstream_reply(r->upstream, "error.not_found"); break;
    case TASK_CANCELLED: answer_cancelled(d); break;
    case TASK_DROP: break;
    }
}

void decide(struct mock *m, const struct message *request, int64_t now_ms, struct decision *d)
{
    enum auth_operation operation;
    if (!find_route(m, request, &operation, d) || !check_auth(m, request, operation, now_ms, d)
        || !check_request(request, d) || !find_scenario(m, request, d))
        return;
    switch (d->route.match->role) {
    case ROLE_CREATE: decide_create(m, request, now_ms, d); break;
    case ROLE_CONTENT: decide_content(m, request, now_ms, d); break;
    case ROLE_CANCEL: decide_cancel(m, request, now_ms, d); break;
    default: decide_poll(m, request, now_ms, d); break;
    }
}
