/* What to change first: a dialect that is not read is said once, then come the causes by how many they fail. */
#include "base/buf.h"
#include "harness/report/report.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct upstream upstreams[] = {{.name = "doubao"}, {.name = "video"}};
static struct external clients[] = {{.name = "a"}, {.name = "b"}};

/* A result: whose, of what, and by which causes it fails. */
struct failed_by {
    int client, upstream;
    const char *scenario;
    enum cause_id causes[2]; /* CAUSES: none */
};

static void count(const struct failed_by *rows, uint32_t n, struct report_totals *out)
{
    static struct scenario scenarios[16];
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        struct run_result r = {.job = {.upstream = &upstreams[rows[i].upstream],
                                       .scenario = &scenarios[i],
                                       .client = &clients[rows[i].client]},
                               .wire = {.ran = true}};
        snprintf(scenarios[i].name, sizeof scenarios[i].name, "%s", rows[i].scenario);
        for (int k = 0; k < 2 && rows[i].causes[k] != CAUSES; k++) {
            const struct cause *cause = cause_of(rows[i].causes[k]);
            r.wire.verdict.kind = VERDICT_FAIL;
            r.wire.verdict.findings[r.wire.verdict.finding_count++] = (struct finding){
                .rule = rule_find(cause->rule), .cause = cause, .under = -1};
        }
        report_count(out, &r);
    }
}

static void demand(const struct failed_by *rows, uint32_t n, uint32_t client_count,
                   const char *wanted)
{
    static struct report_totals totals;
    const struct report_options options = {.clients = clients, .client_count = client_count};
    struct report_fix fixes[REPORT_FIX_FIRST_MAX];
    struct buf out;
    buf_init(&out, 1 << 16);
    count(rows, n, &totals);
    uint32_t fix_count = report_fix_first(&totals, fixes);
    for (uint32_t i = 0; i < fix_count; i++) {
        buf_addf(&out, "%u ", fixes[i].results);
        report_fix_text(&out, &fixes[i], &options);
        buf_add_char(&out, '\n');
    }
    buf_add_char(&out, '\0');
    assert_string_equal(out.p, wanted);
    buf_fini(&out);
}

static void a_dialect_that_is_not_read_is_said_once(void **state)
{
    (void)state;
    static const struct failed_by rows[] = {
        {0, 0, "blip", {CAUSE_TROUBLE_FATAL, CAUSES}},
        {0, 0, "case", {CAUSE_POLLED_AFTER_END, CAUSES}},
        {0, 0, "failure", {CAUSE_WRONG_OUTCOME, CAUSES}},
        {0, 0, "hour", {CAUSE_POLLED_AFTER_END, CAUSE_SHORT_WAIT}}, /* has a fault of its own too */
        {0, 0, "success", {CAUSE_NEVER_ENDS, CAUSES}},
        {0, 1, "failure", {CAUSE_POLLED_AFTER_END, CAUSES}},
        {0, 1, "success", {CAUSES, CAUSES}},
    };
    demand(rows, 7, 1,
           "3 it cannot read this dialect: doubao/success, the plainest course of a task, fails "
           "already\n"
           "2 terminal: stop at the reply that says that the task has ended\n"
           "1 transient: wait, and ask again: what is temporary says nothing of the task\n"
           "1 interval: wait the whole interval, from the end of each reply\n");
}

static void who_fails_the_plainest_course_otherwise_can_read(void **state)
{
    (void)state;
    static const struct failed_by rows[] = {
        {0, 0, "case", {CAUSE_POLLED_AFTER_END, CAUSES}},
        {0, 0, "success", {CAUSE_SHORT_WAIT, CAUSES}},
    };
    demand(rows, 2, 1,
           "1 terminal: stop at the reply that says that the task has ended\n"
           "1 interval: wait the whole interval, from the end of each reply\n");
}

static void each_client_reads_for_itself(void **state)
{
    (void)state;
    static const struct failed_by rows[] = {
        {0, 0, "success", {CAUSES, CAUSES}},
        {1, 0, "success", {CAUSE_WRONG_OUTCOME, CAUSES}},
        {1, 1, "success", {CAUSE_NEVER_ENDS, CAUSES}},
    };
    demand(rows, 3, 2,
           "1 it cannot read this dialect: b: doubao/success, the plainest course of a task, fails "
           "already\n"
           "1 it cannot read this dialect: b: video/success, the plainest course of a task, fails "
           "already\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dialect_that_is_not_read_is_said_once),
        cmocka_unit_test(who_fails_the_plainest_course_otherwise_can_read),
        cmocka_unit_test(each_client_reads_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
