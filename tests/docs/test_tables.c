/* Tables that the documents repeat from the code: faults, rules, limits. A row that differs is printed as it should be. */
#include "base/buf.h"
#include "base/file.h"
#include "client/client.h"
#include "client/http/http.h"
#include "client/poll/policy.h"
#include "harness/external/clients.h"
#include "harness/distill/distill.h"
#include "harness/distill/har_read.h"
#include "harness/rules/rules.h"
#include "harness/run/run.h"
#include "mockserver/wire/assets.h"
#include "mockserver/auth/zego.h"
#include "mockserver/fixture/contract.h"
#include "mockserver/plan/fault.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/decide/journal.h"
#include "mockserver/decide/mock.h"
#include "mockserver/plan/plan.h"
#include "mockserver/message/target.h"
#include "mockserver/wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_MAX = 1 << 20 };

static void read_page(const char *path, struct buf *page)
{
    struct err e = {0};
    buf_init(page, PAGE_MAX);
    if (file_read(path, page, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

/* How often line stands in the page, as a whole line. */
static int count_line(const struct buf *page, const char *line)
{
    size_t n = strlen(line);
    int count = 0;
    for (const char *at = page->p; (at = strstr(at, line)) != NULL; at += n)
        count += (at == page->p || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0');
    return count;
}

static void want_line(const char *path, const struct buf *page, const char *line)
{
    if (count_line(page, line) != 1)
        fail_msg("%s should have this line once:\n%s", path, line);
}

/* How many lines of the page start so. */
static int count_starts(const struct buf *page, const char *start)
{
    int count = 0;
    for (const char *at = page->p; (at = strstr(at, start)) != NULL; at++)
        count += at == page->p || at[-1] == '\n';
    return count;
}

static void the_fault_table_is_the_codes(void **state)
{
    static const char path[] = "docs/faults.md";
    struct buf page;
    int rows = 0;
    (void)state;
    read_page(path, &page);
    for (const struct fault_type *t = fault_types(); t->name != NULL; t++, rows++) {
        char line[256];
        const char *unit = t->is_time ? "ms" : "";
        if (t->max == 0)
            snprintf(line, sizeof line, "| `%s` | `true` | %s |", t->name, t->sees);
        else
            snprintf(line, sizeof line, "| `%s` | `%u%s` to `%u%s`%s | %s |", t->name, t->min, unit,
                     t->max, unit, t->is_time ? "" : " bytes", t->sees);
        want_line(path, &page, line);
    }
    assert_int_equal(count_starts(&page, "| `"), rows);
    buf_fini(&page);
}

static const char *level_name(const struct rule *r)
{
    return r->level == RULE_REQUIRED ? "REQUIRED" : "RECOMMENDED";
}

static void every_rule_has_a_page_that_states_it(void **state)
{
    (void)state;
    for (const struct rule *r = rules(); r->name != NULL; r++) {
        char path[128], line[512];
        struct buf page;
        snprintf(path, sizeof path, "docs/rules/%s.md", r->name);
        read_page(path, &page);
        snprintf(line, sizeof line, "# %s", r->name);
        want_line(path, &page, line);
        snprintf(line, sizeof line, "%s: a client %s.", level_name(r), r->demand);
        want_line(path, &page, line);
        static const char *const chapters[] = {"## Why", "## What counts", "## How to fix it",
                                               "## How to switch it off"};
        for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++)
            want_line(path, &page, chapters[i]);
        buf_fini(&page);
    }
}

static void the_index_of_rules_is_the_codes(void **state)
{
    static const char path[] = "docs/rules/README.md";
    struct buf page;
    int rows = 0;
    (void)state;
    read_page(path, &page);
    for (const struct rule *r = rules(); r->name != NULL; r++, rows++) {
        char line[512];
        snprintf(line, sizeof line, "| [%s](%s.md) | %s | %s |", r->name, r->name, level_name(r),
                 r->demand);
        want_line(path, &page, line);
    }
    assert_int_equal(count_starts(&page, "| ["), rows);
    buf_fini(&page);
}

static int visit_rule_page(const char *file, bool is_dir, void *arg, struct err *e)
{
    char name[64];
    (void)arg, (void)e;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
    if (is_dir || (strcmp(file, "README.md") != 0 && rule_find(name) == NULL))
        fail_msg("docs/rules/%s is the page of no rule", file);
    return 0;
}

static void every_page_of_a_rule_has_its_rule(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(file_list("docs/rules", visit_rule_page, NULL, &e), 0);
}

#define LIMIT(name)                                                                                \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct {
    const char *name;
    long long value;
} limits[] = {
    LIMIT(MESSAGE_BODY_MAX),
    LIMIT(MESSAGE_HEADERS_MAX),
    LIMIT(MOCK_TASK_ID_MAX),
    LIMIT(MOCK_TASKS_MAX),
    LIMIT(JOURNAL_BYTES_DEFAULT),
    LIMIT(JOURNAL_TEXT_MAX),
    LIMIT(TARGET_BYTES_MAX),
    LIMIT(TARGET_PARAMS_MAX),
    LIMIT(ZEGO_SKEW_MAX_S),
    LIMIT(ZEGO_NONCES_MAX),
    LIMIT(PLAN_ACTS_MAX),
    LIMIT(PLAN_ANSWER_MAX),
    LIMIT(WIRE_THREADS_DEFAULT),
    LIMIT(WIRE_THREADS_MAX),
    LIMIT(JSON_DEPTH_MAX),
    LIMIT(JSON_TEXT_MAX),
    LIMIT(REPLY_BODY_MAX),
    LIMIT(REPLY_HEAD_MAX),
    LIMIT(REPLY_HEADERS_MAX),
    LIMIT(REPLY_STAMPS_MAX),
    LIMIT(SCENARIO_STEPS_MAX),
    LIMIT(SCENARIO_FAULTS_MAX),
    LIMIT(SCENARIO_POLLS_MAX),
    LIMIT(CONTRACT_ROUTES_MAX),
    LIMIT(FIXTURES_UPSTREAMS_MAX),
    LIMIT(FIXTURES_REPLIES_MAX),
    LIMIT(FIXTURES_SCENARIOS_MAX),
    LIMIT(HTTP_BODY_MAX),
    LIMIT(HTTP_HEAD_MAX),
    LIMIT(POLICY_TRANSIENT_MAX),
    LIMIT(POLICY_UNKNOWN_MAX),
    LIMIT(POLICY_BACKOFF_MAX_MS),
    LIMIT(ASSETS_NOTED_MAX),
    LIMIT(TRACE_POLLS_MAX),
    LIMIT(RUN_THREADS_MAX),
    LIMIT(RUN_SPEED_MAX),
    LIMIT(HAR_EXCHANGES_MAX),
    LIMIT(DISTILL_REPLIES_MAX),
    LIMIT(JOBS_MAX),
    LIMIT(CLIENTS_MAX),
    LIMIT(PROFILE_COMMAND_MAX),
};

static void the_limits_are_the_headers(void **state)
{
    static const char path[] = "docs/architecture.md";
    struct buf page;
    const int count = sizeof limits / sizeof limits[0];
    (void)state;
    read_page(path, &page);
    for (int i = 0; i < count; i++) {
        char start[128];
        snprintf(start, sizeof start, "| `%s` | %lld | ", limits[i].name, limits[i].value);
        if (count_starts(&page, start) != 1)
            fail_msg("%s should have one line that starts with:\n%s", path, start);
    }
    assert_int_equal(count_starts(&page, "| `"), count);
    buf_fini(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fault_table_is_the_codes),
        cmocka_unit_test(every_rule_has_a_page_that_states_it),
        cmocka_unit_test(the_index_of_rules_is_the_codes),
        cmocka_unit_test(every_page_of_a_rule_has_its_rule),
        cmocka_unit_test(the_limits_are_the_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
