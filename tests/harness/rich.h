/* A run in which much went wrong, for tests of reports. */
#ifndef UNDERSTUDY_TESTS_HARNESS_RICH_H
#define UNDERSTUDY_TESTS_HARNESS_RICH_H

#include "evidence.h"

#include "harness/report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char rich_path[] = "fixtures/doubao/scenarios/case.json";
static char rich_why[] = "the <id> is missing";

static inline const struct fault_type *fault_named(const char *name)
{
    const struct fault_type *t = fault_types();
    while (strcmp(t->name, name) != 0)
        t++;
    return t;
}

static inline struct finding *add_finding(struct verdict *v, const char *rule, uint32_t poll,
                                          const char *text)
{
    struct finding *f = &v->findings[v->finding_count++];
    *f = (struct finding){.rule = rule_find(rule), .poll = poll, .count = 1, .under = -1};
    f->polls[0] = poll;
    for (int i = CAUSES - 1; i >= 0; i--)
        if (strcmp(cause_of((enum cause_id)i)->rule, rule) == 0)
            f->cause = cause_of((enum cause_id)i);
    snprintf(f->text, sizeof f->text, "%s", text);
    v->kind = VERDICT_FAIL;
    return f;
}

static const struct row rich_rows[] = {
    {0, 300, REPLY_STATE_QUEUED, 0, false, 0},       /* late, and asks for a wait */
    {1000, 1000, REPLY_STATE_NONE, 0, true, 0},      /* lost: no reply at all */
    {9000, 9000, REPLY_STATE_NONE, 0, false, 0},     /* the mock's own refusal */
    {14000, 14000, REPLY_STATE_FAILED, 0, false, 1}, /* the end */
    {15000, 15000, REPLY_STATE_NONE, 0, false, 1},   /* over */
};

/* When all runs begin: reports tell times from there on. */
#define RICH_START_MS INT64_C(1800000000000)

static struct download rich_downloads[] = {
    {.began_ms = RICH_START_MS + 16000, .url = (char[]){"https://a/plain.mp4"}},
    {.began_ms = RICH_START_MS + 17000,
     .url = (char[]){"https://a/open.mp4"},
     .leak = (char[]){"its <header>"}},
};

static inline void start_late(struct world *w)
{
    for (uint32_t i = 0; i < w->evidence.trace.count; i++) {
        w->polls[i].began_ms += RICH_START_MS;
        w->polls[i].ended_ms += RICH_START_MS;
    }
}

/* On the wire it fails, direct it is unclear, and the two are not the same. */
static inline void rich_result(struct world *w, struct run_result *out)
{
    world_of(w, rich_rows, sizeof rich_rows / sizeof rich_rows[0]);
    start_late(w);
    snprintf(w->upstream.name, sizeof w->upstream.name, "doubao");
    snprintf(w->scenario.name, sizeof w->scenario.name, "rich");
    w->scenario.path = rich_path;
    w->scenario.expect.reason = "no <credit>";
    w->scenario.rules_off.list[w->scenario.rules_off.count++] = (struct rule_off){"interval",
                                                                                  "why"};
    w->steps[0].faults[0] = (struct fault){.type = fault_named("delay"), .value = 300};
    w->steps[0].faults[1] = (struct fault){.type = fault_named("truncate"), .value = 7};
    w->steps[0].fault_count = 2;
    w->polls[0].retry_after_ms = 7000;
    w->polls[1].reply = NULL;
    w->polls[1].status = 0;
    w->polls[2].reply = NULL;
    w->polls[2].status = 404;
    w->polls[2].why = rich_why;
    w->polls[4].over = true;
    w->evidence.transport = TESTBED_WIRE;
    w->evidence.speed = 60;
    w->evidence.trace.evicted = true;
    w->evidence.downloads = (struct downloads){.list = rich_downloads, .count = 2};
    w->evidence.timed_out = w->evidence.unspecific = true;
    w->evidence.result.elapsed_ms = 60000;
    *out = (struct run_result){.job = {.upstream = &w->upstream, .scenario = &w->scenario},
                               .direct = {.ran = true, .evidence = w->evidence},
                               .wire = {.ran = true, .evidence = w->evidence},
                               .parity = PARITY_BROKEN,
                               .parity_why = "step 1 answered 2 polls direct, 1 on the wire"};
    out->direct.evidence.transport = TESTBED_DIRECT;
    out->direct.evidence.speed = 0;
    out->direct.verdict.kind = VERDICT_INCONCLUSIVE;
    snprintf(out->direct.verdict.inconclusive, sizeof out->direct.verdict.inconclusive,
             "polls are <gone>");
    add_finding(&out->wire.verdict, "retry-after", 2, "poll 2 came 700 ms after <poll 1>");
    add_finding(&out->wire.verdict, "outcome", 0, "wanted failed");
}

static inline void print(const char *type, const struct run_result *result,
                         const struct report_options *options, struct buf *out)
{
    struct reports rs;
    assert_int_equal(reports_open(&(struct args_list){{type}, 1}, &rs, NULL), 0);
    reports_begin(&rs, options);
    for (uint32_t i = 0; i < options->total; i++)
        reports_result(&rs, &result[i]);
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_reset(out);
    buf_add_span(out, buf_span(reports_printed(&rs)));
    reports_fini(&rs);
}

#endif
