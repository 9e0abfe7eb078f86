/* The report for programs: everything, as docs/report.schema.json describes it. */
#include "report.h"

#include "harness/rules/pace.h"

/* More polls than this in one run are left out in the middle; every poll carries its number. */
enum { FORMAT = 2, POLLS_HEAD = 5000, POLLS_TAIL = 5000 };

static void command(struct json_writer *w, const struct external *client)
{
    json_write_key(w, "command");
    json_write_open(w, '[');
    for (size_t i = 0; client->command[i]; i++)
        json_write_text(w, client->command[i]);
    json_write_close(w, ']');
}

static void client(struct json_writer *w, const struct external *client)
{
    json_write_open(w, '{');
    json_member_text(w, "name", external_name(client));
    if (client) {
        command(w, client);
        json_member_text(w, "profile", client->profile ? client->profile->path : NULL);
        json_member_int(w, "speed", client->speed);
    } else {
        json_member_text(w, "command", NULL);
        json_member_text(w, "profile", NULL);
        json_member_text(w, "speed", NULL);
    }
    json_write_close(w, '}');
}

static void clients(struct json_writer *w, const struct report_options *o)
{
    json_write_key(w, "clients");
    json_write_open(w, '[');
    if (o->client_count == 0)
        client(w, NULL);
    for (uint32_t i = 0; i < o->client_count; i++)
        client(w, &o->clients[i]);
    json_write_close(w, ']');
}

static void rule_table(struct json_writer *w)
{
    json_write_key(w, "rules");
    json_write_open(w, '[');
    for (const struct rule *rule = rules(); rule->name; rule++) {
        json_write_open(w, '{');
        json_member_text(w, "name", rule->name);
        json_member_text(w, "level", report_level_name(rule->level));
        json_member_text(w, "demand", rule->demand);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void shard(struct json_writer *w, const struct shard *s)
{
    if (s->index == 0)
        return;
    json_write_key(w, "shard");
    json_write_open(w, '{');
    json_member_int(w, "index", s->index);
    json_member_int(w, "of", s->of);
    json_write_close(w, '}');
}

static void begin(struct report *r)
{
    struct json_writer *w = &r->json;
    json_write_init(w, &r->out, true);
    json_write_open(w, '{');
    json_member_int(w, "format", FORMAT);
    json_member_text(w, "program", "harness");
    json_member_text(w, "version", UNDERSTUDY_VERSION);
    json_member_int(w, "seed", (int64_t)r->options->seed);
    shard(w, &r->options->shard);
    clients(w, r->options);
    rule_table(w);
    json_write_key(w, "scenarios");
    json_write_open(w, '[');
}

static void findings(struct json_writer *w, const struct verdict *v)
{
    json_write_key(w, "findings");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        json_write_open(w, '{');
        json_member_text(w, "rule", f->rule->name);
        json_member_text(w, "cause", f->cause->id);
        json_member_text(w, "level", report_level_name(f->level));
        json_member_text(w, "source", provenance_name(f->source));
        json_member_int(w, "poll", f->poll);
        json_member_int(w, "count", f->count);
        if (f->under >= 0)
            json_member_int(w, "under", f->under);
        json_member_text(w, "text", f->text);
        json_member_text(w, "change", f->cause->change);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void poll(struct json_writer *w, const struct evidence *e, uint32_t i)
{
    const struct poll *p = &e->trace.polls[i];
    int64_t first_ms = e->trace.polls[0].began_ms;
    char faults[128];
    json_write_open(w, '{');
    json_member_int(w, "poll", i + 1);
    json_member_int(w, "began_ms", p->began_ms - first_ms);
    json_member_int(w, "ended_ms", p->ended_ms - first_ms);
    json_member_int(w, "step", p->over ? e->scenario->step_count : p->step);
    json_member_text(w, "reply", p->reply ? p->reply->name : NULL);
    json_member_text(w, "state", reply_state_name(p->state));
    json_member_int(w, "status", p->status);
    json_member_bool(w, "whole", poll_was_complete(p));
    json_member_bool(w, "terminal", (p->flags & JOURNAL_TERMINAL) != 0);
    if (p->retry_after_ms >= 0)
        json_member_int(w, "retry_after_ms", p->retry_after_ms);
    if (trace_faults(e->scenario, p, faults, sizeof faults)[0] != '\0')
        json_member_text(w, "faults", faults);
    if (i > 0 && pace_is_resent(&e->trace, i))
        json_member_bool(w, "resent", true);
    if ((p->flags & JOURNAL_RANGE) != 0)
        json_member_bool(w, "range", true);
    if (p->outside)
        json_member_bool(w, "outside", true);
    if (p->why)
        json_member_text(w, "why", p->why);
    json_write_close(w, '}');
}

static void polls(struct json_writer *w, const struct run_half *half)
{
    const struct trace *s = &half->evidence.trace;
    uint32_t here = half->verdict.finding_count > 0 ? half->verdict.findings[0].poll : 0;
    json_member_int(w, "poll_count", s->count);
    json_write_key(w, "polls");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < s->count; i++)
        if (report_poll_is_told(i, s->count, here, POLLS_HEAD, POLLS_TAIL))
            poll(w, &half->evidence, i);
    json_write_close(w, ']');
}

/* What it asked besides its polls; left out where there is nothing. */
static void calls(struct json_writer *w, const struct evidence *e)
{
    const struct trace *s = &e->trace;
    if (s->call_count == 0)
        return;
    int64_t first_ms = s->count > 0 ? s->polls[0].began_ms : s->calls[0].began_ms;
    json_write_key(w, "calls");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < s->call_count && i < POLLS_HEAD + POLLS_TAIL; i++) {
        const struct task_call *c = &s->calls[i];
        json_write_open(w, '{');
        json_member_text(w, "role", contract_role_name(c->role));
        json_member_int(w, "began_ms", c->began_ms - first_ms);
        json_member_text(w, "reply", c->reply ? c->reply->name : NULL);
        json_member_int(w, "status", c->status);
        json_member_text(w, "task", c->task);
        json_member_bool(w, "whole", call_was_complete(c));
        if (c->why)
            json_member_text(w, "why", c->why);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void downloads(struct json_writer *w, const struct evidence *e)
{
    int64_t first_ms = e->trace.count > 0 ? e->trace.polls[0].began_ms : 0;
    json_write_key(w, "downloads");
    json_write_open(w, '[');
    for (uint32_t i = 0; i < e->downloads.count; i++) {
        const struct download *d = &e->downloads.list[i];
        json_write_open(w, '{');
        json_member_int(w, "began_ms", d->began_ms - first_ms);
        json_member_text(w, "url", d->url);
        if (d->leak)
            json_member_text(w, "leak", d->leak);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void reported(struct json_writer *w, const struct evidence *e)
{
    json_write_key(w, "reported");
    json_write_open(w, '{');
    json_member_text(w, "outcome",
                     e->unspecific ? "not_succeeded" : task_outcome_name(e->result.outcome));
    json_member_text(w, "url", e->result.view.url);
    json_member_text(w, "reason", e->result.view.reason);
    json_member_text(w, "why", e->result.why);
    json_member_bool(w, "stopped", e->timed_out);
    json_member_int(w, "elapsed_ms", e->result.elapsed_ms);
    json_write_close(w, '}');
}

static const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[] = {[VERDICT_PASS] = "passed",
                                        [VERDICT_FAIL] = "failed",
                                        [VERDICT_INCONCLUSIVE] = "inconclusive"};
    return names[kind];
}

static void half(struct json_writer *w, const struct run_half *half)
{
    if (!half->ran)
        return;
    json_write_open(w, '{');
    json_member_text(w, "transport", testbed_transport_name(half->evidence.transport));
    json_member_int(w, "speed", half->evidence.speed);
    json_member_text(w, "verdict", verdict_name(half->verdict.kind));
    if (half->verdict.kind == VERDICT_INCONCLUSIVE)
        json_member_text(w, "inconclusive", half->verdict.inconclusive);
    reported(w, &half->evidence);
    findings(w, &half->verdict);
    polls(w, half);
    calls(w, &half->evidence);
    downloads(w, &half->evidence);
    if (half->output)
        json_member_text(w, "output", half->output);
    json_write_close(w, '}');
}

static void expect(struct json_writer *w, const struct scenario_expect *x)
{
    json_write_key(w, "expect");
    json_write_open(w, '{');
    json_member_text(w, "outcome", scenario_outcome_name(x->outcome));
    if (x->url)
        json_member_text(w, "url", x->url);
    if (x->reason)
        json_member_text(w, "reason", x->reason);
    json_member_int(w, "polls_min", x->polls_min);
    if (x->polls_max != UINT32_MAX)
        json_member_int(w, "polls_max", x->polls_max);
    json_member_int(w, "within_ms", x->within_ms);
    json_write_close(w, '}');
}

static void again(struct json_writer *w, const struct run_result *result,
                  const struct report_options *options)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    report_again(&b, result, options);
    json_write_key(w, "again");
    json_write_span(w, buf_span(&b));
    buf_break_with(w->out, &b);
    buf_reset(&b);
    if (report_curl(&b, result)) {
        json_write_key(w, "curl");
        json_write_span(w, buf_span(&b));
    }
    buf_break_with(w->out, &b);
    buf_fini(&b);
}

static void result(struct report *r, const struct run_result *result)
{
    static const char *const parity[] = {
        [PARITY_NOT_CHECKED] = "not_checked", [PARITY_HOLDS] = "holds", [PARITY_BROKEN] = "broken"};
    struct json_writer *w = &r->json;
    json_write_open(w, '{');
    json_member_text(w, "client", external_name(result->job.client));
    json_member_text(w, "upstream", result->job.upstream->name);
    json_member_text(w, "scenario", result->job.scenario->name);
    json_member_text(w, "file", result->job.scenario->path);
    json_member_text(w, "title", result->job.scenario->title);
    json_member_text(w, "verdict",
                     run_skipped(result) ? "skipped" : verdict_name(run_verdict(result)));
    if (result->known)
        json_member_bool(w, "known", true);
    if (result->failed.code != ERR_OK)
        json_member_text(w, "not_run", result->failed.what);
    json_member_text(w, "parity", parity[result->parity]);
    if (result->parity == PARITY_BROKEN)
        json_member_text(w, "parity_why", result->parity_why);
    again(w, result, r->options);
    expect(w, &result->job.scenario->expect);
    json_write_key(w, "runs");
    json_write_open(w, '[');
    half(w, &result->direct);
    half(w, &result->wire);
    json_write_close(w, ']');
    json_write_close(w, '}');
}

static void end(struct report *r)
{
    const struct report_totals *t = r->totals;
    struct json_writer *w = &r->json;
    json_write_close(w, ']');
    json_write_key(w, "summary");
    json_write_open(w, '{');
    json_member_int(w, "clients", r->options->client_count > 0 ? r->options->client_count : 1);
    json_member_int(w, "scenarios", report_scenarios(r->options));
    json_member_int(w, "upstreams", r->options->upstreams);
    json_member_int(w, "passed", t->passed);
    json_member_int(w, "failed", t->failed);
    json_member_int(w, "inconclusive", t->inconclusive);
    json_member_int(w, "skipped", t->skipped);
    if (t->known > 0)
        json_member_int(w, "known", t->known);
    json_member_int(w, "polls_direct", t->polls_direct);
    json_member_int(w, "polls_wire", t->polls_wire);
    json_write_close(w, '}');
    json_write_close(w, '}');
    buf_add_char(&r->out, '\n');
}

const struct report_type report_json = {
    .name = "json",
    .is_for = "programs: everything, in a form with a schema",
    .goes = "a file",
    .begin = begin,
    .result = result,
    .end = end,
};
