/* Fuzzes the loader of scenarios. An input is a whole file. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/json/json.h"
#include "mockserver/fixture/scenario_read.h"
#include "mockserver/fixture/contract_read.h"
#include "mockserver/fixture/fixtures.h"

#include <string.h>

/* The replies that the seeds name most, sorted as an upstream's are. A step that names another fails. */
static const char *const reply_names[] = {
    "completed",         "ended",
    "error.busy",        "error.not_found",
    "error.overloaded",  "error.rate_limited",
    "error.unavailable", "failure",
    "in_progress",       "odd.empty",
    "odd.generating",    "odd.html",
    "playing",           "queued",
    "stopped",           "streaming",
    "success",
};
enum { REPLIES = sizeof reply_names / sizeof reply_names[0] };

static const char contract[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"fuzz\",\"version\":\"1\"},"
    "\"servers\":[{\"url\":\"https://fuzz.example.com\"}],\"paths\":{\"/t/{id}\":{\"get\":{"
    "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
    "\"schema\":{\"type\":\"string\"}}],\"responses\":{\"200\":{\"description\":\"a task\"}}}}},"
    "\"x-task\":{\"id\":[{\"in\":\"path\",\"name\":\"id\"}],"
    "\"status\":[{\"pointer\":\"/s\",\"states\":{\"queued\":[\"q\"],\"running\":[\"r\"],"
    "\"succeeded\":[\"s\"],\"failed\":[\"f\"]}}],"
    "\"goals\":{\"ready\":{\"succeeded\":[\"r\"]},\"stopped\":{\"succeeded\":[\"s\"]}}}}";

static struct upstream *upstream(void)
{
    static struct reply replies[REPLIES];
    static struct upstream u = {.name = "fuzz", .replies = replies};
    struct err e;
    if (u.reply_count == REPLIES)
        return &u;
    fuzz_demand(contract_parse(span_of(contract), "fuzz", NULL, &u.contract, &e) == 0,
                "the contract at hand is one");
    for (; u.reply_count < REPLIES; u.reply_count++) {
        struct span file = span_of("HTTP/1.1 200 OK\n\n{\"s\":\"q\"}");
        fuzz_demand(
            reply_parse(file, reply_names[u.reply_count], "fuzz", &replies[u.reply_count], &e) == 0,
            "the replies at hand are some");
    }
    return &u;
}

static void demand_step(const struct upstream *u, const struct scenario *s, uint32_t at)
{
    const struct scenario_step *step = &s->steps[at];
    bool last = at + 1 == s->step_count;
    fuzz_demand(step->reply >= u->replies && step->reply < u->replies + u->reply_count,
                "a step names a reply of its upstream");
    fuzz_demand(step->polls <= SCENARIO_POLLS_MAX && step->for_ms >= 0, "a step has a length");
    fuzz_demand(last || step->polls > 0 || step->for_ms > 0, "a step that is not last ends");
    fuzz_demand(step->fault_count <= SCENARIO_FAULTS_MAX, "faults fit");
}

static void demand_lawful(const struct upstream *u, const struct scenario *s)
{
    fuzz_demand(s->step_count >= 1 && s->step_count <= SCENARIO_STEPS_MAX, "1 to 256 steps");
    for (uint32_t i = 0; i < s->step_count; i++)
        demand_step(u, s, i);
    fuzz_demand(s->title != NULL, "a scenario has a title");
    fuzz_demand(s->end >= END_HOLD && s->end <= END_DROP, "end is one of its values");
    fuzz_demand(s->direct || s->wire, "a scenario runs somewhere");
    fuzz_demand(s->goal == NULL || contract_has_goal(&u->contract, s->goal), "a goal is known");
    fuzz_demand(s->expect.polls_min <= s->expect.polls_max, "polls are a range");
    fuzz_demand(s->expect.within_ms > 0, "within is a time");
    fuzz_demand(s->rules_off.count <= RULES_OFF_MAX
                    && s->rules_required_count <= SCENARIO_RULES_MAX,
                "rules fit");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario s, zero;
    struct err e = {0};
    struct buf text;
    buf_init(&text, size + 1);
    buf_add(&text, data, size);
    json_blank_comments(text.p, text.n);
    memset(&s, 0xA5, sizeof s);
    memset(&zero, 0, sizeof zero);
    int code = scenario_parse(buf_span(&text), "fuzz.json", "fuzz", upstream(), &s, &e);
    if (code == 0) {
        demand_lawful(upstream(), &s);
    } else {
        fuzz_demand(memcmp(&s, &zero, sizeof s) == 0, "the scenario is zero on error");
        fuzz_demand((int)e.code == code && e.what[0] != '\0', "an error has a code and a sentence");
        fuzz_demand(span_starts(span_of(e.where), "fuzz.json:"), "an error names file and line");
    }
    scenario_fini(&s);
    buf_fini(&text);
    return 0;
}
