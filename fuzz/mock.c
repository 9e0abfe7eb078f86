/* Fuzzes mock_answer. An input is a sequence of requests (requests.h) to the shipped fixtures.
 *
 * Every sequence is asked twice: of a mock that has answered earlier inputs and was reset, and of one that was opened
 * a moment ago. */
#include "fuzz.h"
#include "requests.h"

#include "base/buf.h"
#include "mockserver/decide/mock.h"

#include <string.h>

enum { TASKS_MAX = 4, JOURNAL_BYTES = 128 << 10, REQUESTS_MAX = 64, SAID_MAX = 64 << 20 };

static const int64_t noon_ms = INT64_C(1800000000000);

/* What a mock said to a sequence, as bytes that can be compared. */
struct run {
    struct mock *mock;
    uint64_t before; /* entries that earlier inputs left behind */
    struct buf said;
};

static struct mock *open_mock(void)
{
    struct mock *m = NULL;
    struct mock_options options = {.seed = 7,
                                   .tasks_max = TASKS_MAX,
                                   .journal_bytes = JOURNAL_BYTES,
                                   .default_upstream = "doubao"};
    fuzz_demand(mock_open(fuzz_fixtures(), &options, &m, NULL) == 0, "a mock opens");
    return m;
}

static void note_text(struct buf *b, struct span text)
{
    buf_addf(b, " [%zu]", text.n);
    buf_add_span(b, text);
}

static void note_plan(struct run *r, const struct plan *p)
{
    buf_addf(&r->said, "plan %d %zu %llu", p->status, p->body_at,
             (unsigned long long)(p->seq - r->before));
    note_text(&r->said, buf_span(&p->answer));
    for (uint32_t i = 0; i < p->act_count; i++)
        buf_addf(&r->said, " %d/%u/%zu/%zu", (int)p->acts[i].kind, p->acts[i].ms, p->acts[i].at,
                 p->acts[i].len);
}

static bool note_entry(const struct journal_entry *x, void *arg)
{
    struct run *r = arg;
    const struct span texts[] = {x->upstream, x->scenario, x->session, x->task, x->reply,
                                 x->method,   x->target,   x->faults,  x->why};
    buf_addf(&r->said, "entry %llu %lld %lld %lld %llu %u %d %d %d %d %d",
             (unsigned long long)(x->seq - r->before), (long long)x->began_ms,
             (long long)x->ended_ms, (long long)x->retry_after_ms,
             (unsigned long long)x->sent_bytes, x->step, x->over, (int)x->role, x->status, x->flags,
             (int)x->state);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        note_text(&r->said, texts[i]);
    return true;
}

/* -- One answer -------------------------------------------------------------------------------- */

/* What stands between two stamps, in order; what the last one leaves is the end. */
static void demand_recorded(const struct reply *reply, struct span body)
{
    size_t from = 0;
    for (uint32_t i = 0; i < reply->stamp_count; i++) {
        const struct reply_stamp *stamp = &reply->stamps[i];
        struct span between = span_cut(reply->body, from, stamp->at - from);
        const char *at = between.n == 0 ? body.p
            : from == 0                 ? body.p
                                        : memmem(body.p, body.n, between.p, between.n);
        fuzz_demand(at && (size_t)(at - body.p) + between.n <= body.n
                        && memcmp(at, between.p, between.n) == 0,
                    "outside its stamps a body is the recorded one");
        body = span_cut(body, (size_t)(at - body.p) + between.n, body.n);
        from = (size_t)stamp->at + stamp->len;
    }
    struct span tail = span_cut(reply->body, from, reply->body.n);
    fuzz_demand(from == 0
                    ? span_same(body, tail)
                    : body.n >= tail.n && span_same(span_cut(body, body.n - tail.n, tail.n), tail),
                "behind its last stamp a body is the recorded one");
}

struct answered {
    const struct fuzz_request *request;
    const struct plan *plan;
    struct span body;
    int64_t now_ms;
    unsigned entries;
};

static void demand_step(const struct answered *a, const struct upstream *u,
                        const struct journal_entry *x, const struct reply *reply)
{
    char name[REPLY_NAME_MAX];
    const struct scenario *s = span_copy(x->scenario, name, sizeof name)
        ? upstream_scenario(u, name)
        : NULL;
    fuzz_demand(s && x->step < s->step_count, "a matched request is at a step of its scenario");
    if (!s)
        return;
    fuzz_demand(x->task.n > 0, "a matched request has a task");
    fuzz_demand(x->over || reply == s->steps[x->step].reply, "a step is answered by its reply");
    fuzz_demand(x->over || a->plan->answer.n > 0, "a step has an answer, whatever is sent of it");
}

/* Whether a fault wrote the body in another way, in chunks perhaps. */
static bool is_rewritten(const struct journal_entry *x)
{
    for (const struct fault_type *t = fault_types(); t->name; t++)
        if (t->of_bytes && x->faults.n > 0
            && memmem(x->faults.p, x->faults.n, t->name, strlen(t->name)))
            return true;
    return false;
}

static bool demand_entry(const struct journal_entry *x, void *arg)
{
    struct answered *a = arg;
    char name[REPLY_NAME_MAX];
    bool is_refused = x->flags & (JOURNAL_UNEXPECTED | JOURNAL_BAD_REQUEST | JOURNAL_BAD_AUTH);
    a->entries++;
    fuzz_demand(x->seq == a->plan->seq && x->began_ms == a->now_ms, "the entry is this request's");
    fuzz_demand(is_refused == (x->why.n > 0), "a refusal has a reason, and nothing else has");
    fuzz_demand(is_refused || x->scenario.n > 0, "what is not refused has a scenario");
    const struct upstream *u = span_copy(x->upstream, name, sizeof name)
        ? fixtures_upstream(fuzz_fixtures(), name)
        : NULL;
    fuzz_demand(x->upstream.n == 0 || u, "the journal names an upstream that is there");
    const struct reply *reply = u && span_copy(x->reply, name, sizeof name)
        ? upstream_reply(u, name)
        : NULL;
    fuzz_demand(x->reply.n == 0 || reply, "the journal names a reply that is there");
    if (!is_refused)
        demand_step(a, u, x, reply);
    if (!reply)
        return true;
    fuzz_demand(a->plan->status == reply->status, "a reply keeps its status");
    if (!span_is(a->request->message.method, "HEAD") && !is_rewritten(x))
        demand_recorded(reply, a->body);
    return true;
}

static uint64_t sent_bytes(const struct plan *p)
{
    uint64_t sent = 0;
    for (uint32_t i = 0; i < p->act_count; i++)
        sent += p->acts[i].kind == ACT_SEND ? p->acts[i].len : 0;
    return sent;
}

static void ask(struct run *r, struct fuzz_request *request, int64_t now_ms)
{
    static struct plan plan;
    struct journal *j = mock_journal(r->mock);
    uint64_t last = journal_last(j);
    if (!plan.answer.p)
        plan_init(&plan);
    message_open(&request->message);
    mock_answer(r->mock, &request->message, now_ms, &plan);
    message_close(&request->message);

    struct answered a = {.request = request, .plan = &plan, .now_ms = now_ms};
    a.body = fuzz_demand_plan(&plan, span_is(request->message.method, "HEAD"));
    fuzz_demand(plan.seq == last + 1 && journal_last(j) == last + 1, "a request is one entry");
    journal_each(j, &(struct journal_filter){.since = last}, demand_entry, &a);
    fuzz_demand(a.entries == 1, "the newest entry can be read");
    fuzz_demand(mock_task_count(r->mock) <= TASKS_MAX, "no task beyond the maximum");
    note_plan(r, &plan);
    mock_played(r->mock, &plan, now_ms, sent_bytes(&plan), !plan_ends(&plan));
}

/* -- One input --------------------------------------------------------------------------------- */

static void play(struct run *r, struct span text)
{
    static struct fuzz_request request;
    int64_t now_ms = noon_ms;
    r->before = journal_last(mock_journal(r->mock));
    buf_init(&r->said, SAID_MAX);
    for (unsigned i = 0; i < REQUESTS_MAX && fuzz_request_next(&text, &request); i++) {
        now_ms += request.wait_ms;
        ask(r, &request, now_ms);
    }
    journal_each(mock_journal(r->mock), &(struct journal_filter){.since = r->before}, note_entry,
                 r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mock *kept;
    struct span text = {(const char *)data, size};
    if (!kept)
        kept = open_mock();
    mock_reset(kept);
    fuzz_demand(mock_task_count(kept) == 0, "a reset mock has no task");
    struct run old = {.mock = kept};
    struct run new = {.mock = open_mock()};
    play(&old, text);
    play(&new, fuzz_elsewhere(text));
    fuzz_demand(span_same(buf_span(&old.said), buf_span(&new.said)),
                "the same requests get the same plans and the same journal");
    mock_close(new.mock);
    buf_fini(&old.said);
    buf_fini(&new.said);
    return 0;
}
