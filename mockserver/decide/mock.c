/* The mock: opened, asked, told how it went. What a request gets, decide.c says; here the answer is written,
 * its faults are applied, and the journal gets its entry.
 *
 * No lock is held here: task.c, journal.c and the auth schemes lock their own state. */
#include "mock.h"
#include "decision.h"

#include "mockserver/answer/content.h"
#include "mockserver/answer/render.h"
#include "mockserver/message/secret.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT_TEXT_MAX = 256, ASSET_BASE_MAX = 256 };

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
    m->refused = options->refused;
    m->refused_arg = options->refused_arg;
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

/* -- Answering --------------------------------------------------------------------------------- */

/* The seed of stamps. A refused request has no task: its seed comes from the target,
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
    if (d->content)
        content_write(plan, d->reply, request, &values);
    else if (d->reply)
        render_reply(plan, d->reply, &values);
    else if (d->body.n > 0)
        render_body(plan, d->status, d->body, &values);
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
    if (!d->scenario || !d->turn.step || d->out_of_turn)
        return (struct span){NULL, 0};
    for (uint32_t i = 0; i < d->turn.step->fault_count; i++) {
        const struct fault *f = &d->turn.step->faults[i];
        n += fault_text(f, text + n, FAULT_TEXT_MAX - n, i != 0);
    }
    faults_apply(d->turn.step->faults, d->turn.step->fault_count, plan, seed);
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
        .state = step ? step->state : d->state,
        .upstream = span_of(r->upstream ? r->upstream->name : NULL),
        .scenario = span_of(r->scenario ? r->scenario->name : NULL),
        .session = span_of(r->session),
        .task = span_of(r->id),
        .reply = span_of(d->reply ? d->reply->name : NULL),
        .over = d->scenario && d->turn.answer != TASK_STEP,
        .role = r->match && decide_is_look(request, r->match) ? ROLE_LOOK : role,
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
    d.body = span_of(NULL);
    d.content = d.out_of_turn = false;
    d.state = REPLY_STATE_NONE;
    d.status = 0;
    d.flags = 0;
    decide(m, request, now_ms, &d);
    if (d.scenario)
        now_ms = d.turn.asked_ms;
    plan->asked_ms = now_ms;
    uint64_t seed = seed_of(m, request, &d);
    write_answer(m, request, now_ms, seed, &d, plan);
    struct span faults = apply_faults(&d, d.turn.fault_seed, plan, text);
    plan->seq = record(m, request, now_ms, &d, faults, plan);
    if (m->refused && (d.flags & (JOURNAL_UNEXPECTED | JOURNAL_BAD_REQUEST | JOURNAL_BAD_AUTH)))
        m->refused(m->refused_arg, request, plan->status, d.route.why);
}

void mock_played(struct mock *m, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                 bool complete)
{
    /* Where nothing was sent the time was read before the request was answered. */
    int64_t ended_ms = now_ms > plan->asked_ms ? now_ms : plan->asked_ms;
    journal_end(m->journal, plan->seq, ended_ms, sent_bytes, complete && !plan->spoilt);
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
