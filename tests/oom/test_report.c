/* Every allocation of every report fails in turn, once and for good: a report is whole, or reports_end says that there
 * was no memory; nothing is kept. */
#include "fail_alloc.h"

#include "evidence.h"
#include "harness/report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 2000, RESULTS = 3 };

static const struct row rows[] = {
    {0, 0, REPLY_STATE_QUEUED, 0, false, 0},
    {5000, 5000, REPLY_STATE_SUCCEEDED, 0, false, 1},
    {10000, 10000, REPLY_STATE_SUCCEEDED, 0, false, 1}, /* once more than the rules allow */
};

static char path[] = "fixtures/doubao/scenarios/case.json";
static struct world worlds[RESULTS];

/* Good, bad with what the client printed, and one that could not be run. */
static void result_of(int i, const struct external *client, struct run_result *out)
{
    struct world *w = world_of(&worlds[i], rows, i == 1 ? 3 : 2);
    snprintf(w->upstream.name, sizeof w->upstream.name, "doubao");
    snprintf(w->scenario.name, sizeof w->scenario.name, "case%d", i);
    w->scenario.path = path;
    w->evidence.transport = TESTBED_WIRE;
    w->evidence.speed = 1;
    *out = (struct run_result){
        .job = {.upstream = &w->upstream, .scenario = &w->scenario, .client = client}};
    if (i == 2) {
        err_set(&out->failed, ERR_NETWORK, NULL, "no port");
        return;
    }
    out->wire.ran = true;
    out->wire.evidence = w->evidence;
    verdict_of(&w->evidence, &out->wire.verdict);
}

/* Makes one report of clients times three results. 0, or what went wrong first. */
static int report(const char *type, uint32_t client_count, struct buf *out, struct err *e)
{
    char *const command[] = {(char[]){"./poll"}, NULL};
    static struct profile profile = {.path = "p.json", .command = {"./poll"}};
    const struct external clients[] = {
        {.name = "one", .command = command, .profile = &profile, .speed = 1},
        {.name = "two", .command = command, .profile = &profile, .speed = 60}};
    struct report_options options = {.seed = 7,
                                     .total = client_count * RESULTS,
                                     .upstreams = 1,
                                     .clients = clients,
                                     .client_count = client_count};
    struct reports rs;
    int code = reports_open(&(struct args_list){{type}, 1}, &rs, e);
    if (code == 0) {
        reports_begin(&rs, &options);
        for (uint32_t i = 0; i < client_count * RESULTS; i++) {
            struct run_result result;
            result_of((int)(i % RESULTS), &clients[i / RESULTS], &result);
            reports_result(&rs, &result);
        }
        code = reports_end(&rs, e);
        if (code == 0)
            buf_add_span(out, buf_span(reports_printed(&rs)));
    }
    reports_fini(&rs);
    return code;
}

/* True when the report needed fewer allocations than nth. */
static bool report_without(const char *type, uint32_t clients, struct span wanted, unsigned nth,
                           enum fail_how how)
{
    struct err e = {0};
    struct buf out;
    buf_init(&out, 1 << 20);
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    int code = report(type, clients, &out, &e);
    bool spared = fail_alloc_stop() == 0;
    bool copied = out.broken == ERR_OK;
    if (code != 0 ? code != ERR_MEMORY || (int)e.code != code || spared
                  : copied && !span_same(buf_span(&out), wanted))
        fail_msg("%s, allocation %u: code %d, %s\n%s", type, nth, code, e.what, out.p);
    buf_fini(&out);
    if (fail_alloc_live() != live)
        fail_msg("%s, allocation %u: %ld blocks kept", type, nth, fail_alloc_live() - live);
    return spared;
}

static void every_report_is_whole_or_an_error(void **state)
{
    (void)state;
    for (const struct report_type *const *type = report_types(); *type; type++) {
        for (uint32_t clients = 1; clients <= 2; clients++) {
            struct buf wanted;
            buf_init(&wanted, 1 << 20);
            assert_int_equal(report((*type)->name, clients, &wanted, NULL), 0);
            for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
                unsigned nth = 1;
                while (!report_without((*type)->name, clients, buf_span(&wanted), nth,
                                       (enum fail_how)how))
                    assert_true(++nth < ALLOCATIONS_MAX);
                assert_true(nth > 2);
            }
            buf_fini(&wanted);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_is_whole_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
