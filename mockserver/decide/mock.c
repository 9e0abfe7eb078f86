/* The mock: from a request to a plan, in this order; the first check that fails decides the error.
 *
 *   target, mount, route, credentials, request, scenario, task, step, reply, faults, journal
 *
 * No lock is held here: task.c, journal.c and the auth schemes lock their own state. */
#include "mock.h"
#include "check.h"
#include "route.h"
#include "route_why.h"

#include "mockserver/answer/render.h"
#include "mockserver/message/secret.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT_TEXT_MAX = 256, ASSET_BASE_MAX = 256 };

struct mock {
    const struct fixtures *fixtures;
    bool strict;
    bool paced;
    uint64_t seed;
    const char *assets;
    const char *token, *secret;
    struct hosts hosts;
    bool (*keeps)(void *arg, struct span session);
    void *keeps_arg;
    struct router *router;
    struct auth *auth;
    struct tasks *tasks;
    struct journal *journal;
};

int mock_open(const struct fixtures *fixtures, const struct mock_options *options,
              struct mock **out, struct err *e)
{
    *out = NULL;
    struct mock *m = calloc(1, sizeof *m);
    if (!m)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the mock");
    m->fixtures = fixtures;
    m->strict = options->strict;
    m->paced = options->paced;
    m->seed = options->seed;
    m->assets = options->assets;
    m->token = options->token;
    m->secret = options->secret;
    m->hosts = options->hosts;
    m->keeps = options->keeps;
    m->keeps_arg = options->keeps_arg;
    size_t journal_bytes = options->journal_bytes ? options->journal_bytes : JOURNAL_BYTES_DEFAULT;
    uint32_t tasks_max = options->tasks_max ? options->tasks_max : MOCK_TASKS_MAX;
    int code = router_open(fixtures, options->default_upstream, &m->router, e);
    if (!code)
        code = auth_open(&options->auth, &m->auth, e);
    if (!code)
        code = tasks_open(tasks_max, options->seed, &m->tasks, e);
    if (!code)
        code = journal_open(journal_bytes, &m->journal, e);
    if (code) {
        mock_close(m);
        return code;
    }
    *out = m;
    return ERR_OK;
}

void mock_close(struct mock *m)
{
    if (!m)
        return;
    router_close(m->router);
    auth_close(m->auth);
    tasks_close(m->tasks);
    journal_close(m->journal);
    free(m);
}

/* -- Deciding ---------------------------------------------------------------------------------- */

/* What was decided about one request, before any byte of the answer is written. */
struct decision {
    struct route route;
    const struct scenario *scenario; /* NULL when the request did not get that far */
    struct task_turn turn;           /* meaningful when scenario is set */
    const struct reply *reply;       /* NULL: nothing recorded fits */
    int status;                      /* of the answer when reply is NULL; 0: close without a byte */
    unsigned flags;                  /* enum journal_flag */
};

/* Refuses with one of the upstream's own error replies or, when no upstream is known, a plain
 * one of the given status. The caller has set route.why. */
static void refuse(struct decision *d, unsigned flag, const char *reply, int status)
{
    d->flags |= flag;
    d->reply = d->route.upstream ? upstream_reply(d->route.upstream, reply) : NULL;
    d->status = status;
}

static void refuse_bad(struct decision *d, const char *reply, const struct err *e)
{
    snprintf(d->route.why, sizeof d->route.why, "%.150s%s%.350s", e->where, e->where[0] ? ": " : "",
             e->what);
    refuse(d, JOURNAL_BAD_REQUEST, reply, 400);
}

/* Out of memory: a plain 503, since the upstream's error replies would tell a client not to ask
 * again. */
static void refuse_busy(struct decision *d, const char *why)
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
        refuse(d, JOURNAL_UNEXPECTED, "error.no_route", 421);
        return false;
    }
    switch (route_find(m->router, request, &d->route)) {
    case ROUTE_FOUND: return true;
    case ROUTE_OPERATION_MISSING: *operation = AUTH_OPERATION_MISSING; return true;
    case ROUTE_OPERATION_UNKNOWN: *operation = AUTH_OPERATION_UNKNOWN; return true;
    case ROUTE_BAD_ID: return true; /* check_request reports it, after the credentials */
    case ROUTE_NONE: break;
    }
    refuse(d, JOURNAL_UNEXPECTED, "error.no_route", 404);
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
        refuse(d, JOURNAL_BAD_REQUEST, answer.reply, 400);
    else
        refuse(d, JOURNAL_BAD_AUTH, answer.reply, 401);
    return false;
}

/* Only polls are answered so far. Operations that create, fetch or cancel have a route but no
 * replies. */
static bool check_role(struct decision *d)
{
    enum contract_role role = d->route.match->role;
    if (role == ROLE_POLL)
        return true;
    snprintf(d->route.why, sizeof d->route.why, "%s %s is to %s: only polls are answered",
             d->route.match->method, d->route.match->path, contract_role_name(role));
    refuse(d, JOURNAL_UNEXPECTED, "error.no_route", 404);
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
            refuse_busy(d, "no memory for the request's body");
        else
            refuse_bad(d, bad_request_reply(d, unreadable), &e);
        return false;
    }
    if (d->route.why[0]) { /* no usable id */
        refuse(d, JOURNAL_BAD_REQUEST, "error.bad_request", 400);
        return false;
    }
    return true;
}

static bool find_scenario(struct mock *m, struct decision *d)
{
    struct route *r = &d->route;
    if (!r->scenario)
        r->scenario = route_scenario(m->router, r->upstream, r->id, m->strict, r->why);
    if (!r->scenario)
        refuse(d, JOURNAL_UNEXPECTED, "error.not_found", 404);
    return r->scenario != NULL;
}

/* HEAD where the contract has no operation but GET's. */
static bool is_look(const struct message *request, const struct contract_route *match)
{
    return span_is(request->method, "HEAD") && strcmp(match->method, "GET") == 0;
}

static int64_t pace_of(const struct mock *m, const struct upstream *upstream)
{
    int64_t interval_ms = upstream->contract.polite.interval_ms;
    return !m->paced ? 0 : interval_ms > 0 ? interval_ms : MOCK_PACE_MS;
}

/* Counts the poll: only a request that has passed every check advances its task. A look is answered
 * like the next poll, and advances none. */
static void take_step(struct mock *m, const struct message *request, int64_t now_ms,
                      struct decision *d)
{
    const struct route *r = &d->route;
    struct task_key key = {r->upstream, r->scenario, r->session, r->id};
    int64_t pace_ms = pace_of(m, r->upstream);
    bool good = is_look(request, r->match) ? task_look(m->tasks, &key, now_ms, pace_ms, &d->turn)
                                           : task_take(m->tasks, &key, now_ms, pace_ms, &d->turn);
    if (!good) {
        refuse_busy(d, "no memory for another task");
        return;
    }
    d->scenario = r->scenario;
    if (d->turn.answer == TASK_STEP)
        d->reply = d->turn.step->reply;
    if (d->turn.answer == TASK_GONE)
        d->reply = upstream_reply(r->upstream, "error.not_found");
}

static void decide(struct mock *m, const struct message *request, int64_t now_ms,
                   struct decision *d)
{
    enum auth_operation operation;
    if (find_route(m, request, &operation, d) && check_auth(m, request, operation, now_ms, d)
        && check_role(d) && check_request(request, d) && find_scenario(m, d))
        take_step(m, request, now_ms, d);
}

/* -- Answering --------------------------------------------------------------------------------- */

/* The seed of stamps and faults. A refused request has no task: its seed comes from the target,
 * so that the same request gets the same answer in every run. */
static uint64_t seed_of(const struct mock *m, const struct message *request,
                        const struct decision *d)
{
    if (d->scenario)
        return d->turn.seed;
    uint64_t seed = m->seed;
    struct span asked = request->target.origin_form;
    for (size_t i = 0; i < asked.n; i++)
        seed = seed * 31 + (unsigned char)asked.p[i];
    return text_random(&seed);
}

static void write_answer(const struct mock *m, const struct message *request, int64_t now_ms,
                         uint64_t seed, const struct decision *d, struct plan *plan)
{
    char asset_base[ASSET_BASE_MAX];
    const struct task_turn *turn = d->scenario ? &d->turn : NULL;
    struct render_values values = {
        .id = d->route.id,
        .now_ms = now_ms,
        .client_ms = message_client_now(request, now_ms),
        .created_ms = turn ? turn->created_ms : now_ms,
        .started_ms = turn ? turn->started_ms : -1,
        .finished_ms = turn ? turn->finished_ms : -1,
        .seed = seed,
        .request_body = request->json ? request->body : span_of(NULL),
        .reason = d->route.why,
        .no_body = span_is(request->method, "HEAD"),
    };
    if (m->assets && d->route.session[0]) {
        snprintf(asset_base, sizeof asset_base, "%s/%s", m->assets, d->route.session);
        values.asset_base = asset_base;
    }
    if (d->reply)
        render_reply(plan, d->reply, &values);
    else if (d->status != 0)
        render_plain(plan, d->status, &values);
    else
        plan_end(plan, ACT_CLOSE);
}

/* Applies the step's faults; returns their text for the journal. */
static struct span apply_faults(const struct decision *d, uint64_t seed, struct plan *plan,
                                char text[FAULT_TEXT_MAX])
{
    size_t n = 0;
    if (!d->scenario || !d->turn.step)
        return (struct span){NULL, 0};
    for (uint32_t i = 0; i < d->turn.step->fault_count; i++) {
        const struct fault *f = &d->turn.step->faults[i];
        fault_apply(f, plan, seed + i);
        n += fault_text(f, text + n, FAULT_TEXT_MAX - n, i != 0);
    }
    return (struct span){text, n};
}

static bool sends_something(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->act_count; i++)
        if (plan->acts[i].kind == ACT_SEND)
            return true;
    return false;
}

/* What the request shows of the secrets that the mock was told, and whether it asks for a part. */
static unsigned exposed(const struct mock *m, const struct message *request)
{
    uint32_t with_token = 0;
    unsigned flags = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *h = &request->headers[i];
        with_token += secret_is_shown(h->value, m->token);
        if (secret_is_shown(h->value, m->secret))
            flags |= JOURNAL_SECRET_SENT;
        if (span_is_nocase(h->name, "Range"))
            flags |= JOURNAL_RANGE;
    }
    if (with_token > 1)
        flags |= JOURNAL_TOKEN_TWICE;
    if (secret_is_shown(request->target.origin_form, m->token))
        flags |= JOURNAL_TOKEN_IN_URL;
    if (secret_is_shown(request->target.origin_form, m->secret)
        || secret_is_shown(request->body, m->secret))
        flags |= JOURNAL_SECRET_SENT;
    return flags;
}

/* The entry's number in the journal; 0 when it is not in it. */
static uint64_t record(struct mock *m, const struct message *request, int64_t now_ms,
                       const struct decision *d, struct span faults, const struct plan *plan)
{
    const struct route *r = &d->route;
    const struct scenario_step *step = d->scenario ? d->turn.step : NULL;
    enum contract_role role = r->match ? r->match->role : ROLE_NONE;
    struct journal_entry entry = {
        .began_ms = now_ms,
        .retry_after_ms = d->reply ? render_asked_ms(d->reply, message_client_now(request, now_ms))
                                   : -1,
        .step = d->scenario ? d->turn.step_index : 0,
        .status = (uint16_t)(sends_something(plan) ? plan->status : 0),
        .flags = (uint16_t)(d->flags | exposed(m, request)),
        .state = step ? step->state : REPLY_STATE_NONE,
        .upstream = span_of(r->upstream ? r->upstream->name : NULL),
        .scenario = span_of(r->scenario ? r->scenario->name : NULL),
        .session = span_of(r->session),
        .task = span_of(r->id),
        .reply = span_of(d->reply ? d->reply->name : NULL),
        .over = d->scenario && d->turn.answer != TASK_STEP,
        .role = r->match && is_look(request, r->match) ? ROLE_LOOK : role,
        .method = request->method,
        .target = request->target.origin_form,
        .faults = faults,
        .why = span_of(r->why),
    };
    if (m->keeps && !m->keeps(m->keeps_arg, entry.session))
        return 0;
    if (reply_state_is_end(entry.state))
        entry.flags |= JOURNAL_TERMINAL;
    return journal_add(m->journal, &entry);
}

void mock_answer(struct mock *m, const struct message *request, int64_t now_ms, struct plan *plan)
{
    struct decision d;
    char text[FAULT_TEXT_MAX];
    plan_reset(plan);
    d.route.upstream = NULL;
    d.route.match = NULL;
    d.route.scenario = NULL;
    d.route.session[0] = d.route.id[0] = d.route.why[0] = '\0';
    d.scenario = NULL;
    d.reply = NULL;
    d.status = 0;
    d.flags = 0;
    decide(m, request, now_ms, &d);
    if (d.scenario)
        now_ms = d.turn.asked_ms;
    plan->asked_ms = now_ms;
    uint64_t seed = seed_of(m, request, &d);
    write_answer(m, request, now_ms, seed, &d, plan);
    struct span faults = apply_faults(&d, seed, plan, text);
    plan->seq = record(m, request, now_ms, &d, faults, plan);
}

void mock_played(struct mock *m, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                 bool complete)
{
    /* Where nothing was sent the time was read before the request was answered. */
    int64_t ended_ms = now_ms > plan->asked_ms ? now_ms : plan->asked_ms;
    journal_end(m->journal, plan->seq, ended_ms, sent_bytes, complete);
}

/* -- Looking ----------------------------------------------------------------------------------- */

void mock_tasks(struct mock *m, const struct task_filter *filter, mock_task_visit *visit, void *arg)
{
    tasks_each(m->tasks, filter, visit, arg);
}

bool mock_next_change(struct mock *m, const struct task_filter *filter, int64_t now_ms,
                      int64_t *at_ms)
{
    return tasks_next_change(m->tasks, filter, now_ms, at_ms);
}

size_t mock_task_count(struct mock *m)
{
    return tasks_count(m->tasks);
}

uint64_t mock_tasks_evicted(struct mock *m)
{
    return tasks_evicted(m->tasks);
}

void mock_reset(struct mock *m)
{
    tasks_reset(m->tasks);
    auth_reset(m->auth);
    journal_reset(m->journal);
}

size_t mock_forget(struct mock *m, const struct task_filter *filter)
{
    return tasks_forget(m->tasks, filter);
}

const struct hosts *mock_hosts(const struct mock *m)
{
    return &m->hosts;
}

const struct fixtures *mock_fixtures(const struct mock *m)
{
    return m->fixtures;
}

struct journal *mock_journal(struct mock *m)
{
    return m->journal;
}
