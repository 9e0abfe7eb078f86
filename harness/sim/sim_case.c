/* Draws a case from a seed, and writes one as a scenario file. Most steps are open tasks and
 * transient failures, so that a case lasts; endings and refusals are rare before the last step. */
#include "sim_case.h"

#include "base/json/json.h"
#include "base/text.h"
#include "harness/rules/rules.h"
#include "sim_faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    POLLS_USUAL = 4, /* of a step */
    STUBBORN = 80,   /* polls of a step that is longer than POLICY_UNKNOWN_MAX */
    HOUR_MS = 3600 * 1000,
    ATTEMPT_PLAIN_MS = 30 * 1000
};

/* Ids as services give them, and some that a path or a body must encode. */
static const char *const ids[] = {"sim-task-1", "sim task/2?x=y#z", "sim-%2F-\"3\"",
                                  "1881234567890123456"};

static uint64_t below(uint64_t *random, uint64_t n)
{
    return text_random(random) % n;
}

static bool one_in(uint64_t *random, uint64_t n)
{
    return below(random, n) == 0;
}

static enum sim_kind draw_kind(uint64_t *random, bool last)
{
    static const unsigned weights[2][SIM_KINDS] = {
        /* open unknown succeeded failed transient failure refused */
        {58, 12, 2, 1, 25, 2},
        {20, 10, 32, 12, 16, 10},
    };
    uint64_t n = below(random, 100);
    int k = 0;
    while (n >= weights[last][k])
        n -= weights[last][k++];
    return (enum sim_kind)k;
}

static void draw_faults(uint64_t *random, const struct sim_reading *r, struct scenario_step *step)
{
    uint32_t types = 0;
    while (fault_types()[types].name)
        types++;
    if (!one_in(random, 4))
        return;
    step->fault_count = 1 + (uint32_t)one_in(random, 4) + (uint32_t)one_in(random, 16);
    for (uint32_t i = 0; i < step->fault_count; i++) {
        const struct fault_type *type = &fault_types()[below(random, types)];
        if (sim_fault_stands_alone(type)) {
            step->faults[0] = sim_fault_draw(type, r, text_random(random));
            step->fault_count = 1;
            return;
        }
        step->faults[i] = sim_fault_draw(type, r, text_random(random));
    }
}

static void draw_length(uint64_t *random, int64_t interval_ms, struct scenario_step *step)
{
    if (one_in(random, 8)) /* ends exactly when a poll is due, if no reply is late */
        step->for_ms = interval_ms * (1 + (int64_t)below(random, 6));
    else if (one_in(random, 8))
        step->for_ms = 1 + (int64_t)below(random, (uint64_t)interval_ms * 6);
    else
        step->polls = 1 + (uint32_t)below(random, POLLS_USUAL);
}

static void draw_step(uint64_t *random, const struct sim_case *c, bool last,
                      struct scenario_step *step)
{
    const struct sim_upstream *u = c->upstream;
    enum sim_kind kind = draw_kind(random, last);
    const struct sim_reading *r = &u->readings[u->kinds[kind][below(random, u->kind_counts[kind])]];
    *step = (struct scenario_step){
        .reply = r->reply,
        .state = r->mock_states[c->goal],
    };
    draw_faults(random, r, step);
    if (last)
        step->polls = 1;
    else
        draw_length(random, c->policy.interval_ms, step);
}

struct sim_policy sim_policy_plain(const struct sim_upstream *u)
{
    return (struct sim_policy){.interval_ms = u->upstream->contract.polite.interval_ms,
                               .timeout_ms = HOUR_MS,
                               .attempt_ms = ATTEMPT_PLAIN_MS,
                               .seed = 1};
}

static void draw_policy(uint64_t *random, const struct sim_upstream *u, struct sim_policy *out)
{
    *out = sim_policy_plain(u);
    out->seed = text_random(random) | 1;
    if (one_in(random, 2))
        out->interval_ms += (int64_t)below(random, (uint64_t)out->interval_ms * 3);
    if (!one_in(random, 64))
        out->timeout_ms = 3 * out->interval_ms
            + (int64_t)below(random, 24 * (uint64_t)out->interval_ms);
    if (one_in(random, 2))
        out->attempt_ms = 1 + (int64_t)below(random, 20000);
    /* A client that is slower than it must be shows that by its second poll: give it time for
     * two, or the rule transient cannot tell its pace from stopping too early. */
    int64_t two_ms = out->attempt_ms + 2 * out->interval_ms;
    if (out->interval_ms > u->upstream->contract.polite.interval_ms && out->timeout_ms < two_ms)
        out->timeout_ms = two_ms;
}

/* Makes the first step an unknown status for so many polls that the client must give up on it. */
static void make_stubborn(uint64_t *random, struct sim_case *c)
{
    const struct sim_upstream *u = c->upstream;
    uint32_t at = u->kinds[SIM_UNKNOWN][below(random, u->kind_counts[SIM_UNKNOWN])];
    const struct sim_reading *r = &u->readings[at];
    c->policy.timeout_ms = HOUR_MS;
    c->steps[0] = (struct scenario_step){
        .reply = r->reply,
        .state = r->mock_states[c->goal],
        .polls = c->step_count > 1 ? STUBBORN : 1,
    };
}

void sim_case_make(const struct sim_upstream *upstreams, uint32_t upstream_count, uint64_t seed,
                   struct sim_case *out)
{
    uint64_t state = seed, random = text_random(&state);
    const struct sim_upstream *u = &upstreams[below(&random, upstream_count)];
    memset(out, 0, sizeof *out);
    out->seed = seed;
    out->upstream = u;
    out->goal = (uint32_t)below(&random, u->goal_count);
    out->id = ids[below(&random, sizeof ids / sizeof ids[0])];
    out->end = (enum scenario_end)below(&random, END_DROP + 1);
    out->fault_seed = 1 + below(&random, 1000);
    draw_policy(&random, u, &out->policy);
    out->step_count = 1 + (uint32_t)below(&random, SIM_STEPS_MAX);
    for (uint32_t i = 0; i < out->step_count; i++)
        draw_step(&random, out, i + 1 == out->step_count, &out->steps[i]);
    if (one_in(&random, 256))
        make_stubborn(&random, out);
    out->policy.resends = one_in(&random, 4);
}

void sim_case_rules_off(const struct sim_case *c, struct rules_off *out)
{
    out->count = 0;
    bool disputed = false;
    for (uint32_t i = 0; i < c->step_count; i++)
        disputed |= sim_reading_of(c->upstream, c->steps[i].reply)->disputed[c->goal];
    for (const struct rule *r = rules(); disputed && r->name && out->count < RULES_OFF_MAX; r++)
        if (rule_goes_by_reading(r))
            out->list[out->count++] = (struct rule_off){
                r->name, "contract and .want.json read a reply differently"};
}

/* -- As a scenario file ------------------------------------------------------------------------ */

static void write_ms(struct json_writer *w, int64_t ms)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64 "ms", ms);
    json_write_span(w, span_of(text));
}

static void member_ms(struct json_writer *w, const char *key, int64_t ms)
{
    json_write_key(w, key);
    write_ms(w, ms);
}

static void write_fault(struct json_writer *w, const struct fault *f)
{
    json_write_open(w, '{');
    json_write_key(w, f->type->name);
    switch (f->type->kind) {
    case FAULT_FLAG: json_write_bool(w, true); break;
    case FAULT_TIME: write_ms(w, f->value); break;
    case FAULT_RATE:
        json_write_open(w, '{');
        json_member_int(w, "bytes", f->value);
        json_write_key(w, "every");
        write_ms(w, f->every_ms);
        json_write_close(w, '}');
        break;
    case FAULT_BYTES:
    case FAULT_STATUS: json_write_int(w, f->value); break;
    }
    json_write_close(w, '}');
}

static void write_step(struct json_writer *w, const struct scenario_step *step, bool last)
{
    json_write_open(w, '{');
    json_member_text(w, "reply", step->reply->name);
    if (!last && step->polls == 0)
        member_ms(w, "for", step->for_ms);
    if (!last && step->polls > 1)
        json_member_int(w, "polls", step->polls);
    if (step->fault_count > 0) {
        json_write_key(w, "fault");
        json_write_open(w, '[');
        for (uint32_t i = 0; i < step->fault_count; i++)
            write_fault(w, &step->faults[i]);
        json_write_close(w, ']');
    }
    json_write_close(w, '}');
}

static void write_rules_off(struct json_writer *w, const struct sim_case *c)
{
    struct rules_off off;
    sim_case_rules_off(c, &off);
    if (off.count == 0)
        return;
    json_write_key(w, "rules");
    json_write_open(w, '{');
    json_write_key(w, "off");
    json_write_open(w, '{');
    for (uint32_t i = 0; i < off.count; i++)
        json_member_text(w, off.list[i].rule, off.list[i].why);
    json_write_close(w, '}');
    json_write_close(w, '}');
}

void sim_case_write(const struct sim_case *c, enum scenario_outcome outcome, const char *title,
                    struct buf *out)
{
    static const char *const ends[] = {
        [END_HOLD] = "hold", [END_LOOP] = "loop", [END_GONE] = "gone", [END_DROP] = "drop"};
    struct json_writer w;
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    json_member_text(&w, "title", title);
    json_write_key(&w, "steps");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < c->step_count; i++)
        write_step(&w, &c->steps[i], i + 1 == c->step_count);
    json_write_close(&w, ']');
    json_member_text(&w, "end", ends[c->end]);
    json_write_key(&w, "expect");
    json_write_open(&w, '{');
    json_member_text(&w, "outcome", scenario_outcome_name(outcome));
    member_ms(&w, "within", c->policy.timeout_ms);
    json_write_close(&w, '}');
    write_rules_off(&w, c);
    if (c->goal != 0)
        json_member_text(&w, "goal", c->upstream->goals[c->goal]);
    json_member_text(&w, "id", c->id);
    json_member_int(&w, "seed", (int64_t)c->fault_seed);
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
}
