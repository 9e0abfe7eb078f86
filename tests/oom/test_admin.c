/* Every allocation of the admin pages fails in turn, once and for good: each time a whole page, an error in words, or a
 * connection that closes without a byte; nothing is kept, and the next one who asks gets the page. */
#include "fail_alloc.h"

#include "base/json/json.h"
#include "mockserver/admin/admin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 500 };

static const int64_t noon_ms = INT64_C(1800000000000);

static struct fixtures *fixtures;
static struct mock *mock;
static struct clock_manual manual;

static const struct {
    const char *method, *target, *body;
    int status;
} pages[] = {
    {"GET", "/_mock/health", "", 200},
    {"GET", "/_mock/upstreams", "", 200},
    {"GET", "/_mock/scenarios", "", 200},
    {"GET", "/_mock/scenarios?upstream=doubao", "", 200},
    {"GET", "/_mock/scenarios?upstream=none", "", 400},
    {"GET", "/_mock/tasks", "", 200},
    {"GET", "/_mock/journal", "", 200},
    {"GET", "/_mock/journal?limit=x", "", 400},
    {"GET", "/_mock/clock", "", 200},
    {"GET", "/_mock/clocks", "", 404},
    {"DELETE", "/_mock/clock", "", 405},
    {"POST", "/_mock/clock", "{\"advance\":\"0s\"}", 200},
    {"POST", "/_mock/clock", "{\"advanced\":\"0s\"}", 400},
    {"POST", "/_mock/clock", "{\"to\":\"next\",\"task\":\"1\"}", 409},
    {"POST", "/_mock/clock", "{\"to\":\"next\",\"upstream\":\"duobao\"}", 400},
};

/* Fills the plan with the page. The message is opened under the same shortage. */
static void ask(size_t i, struct plan *plan)
{
    const struct header headers[] = {{span_of("Host"), span_of("localhost")},
                                     {span_of("Content-Type"), span_of("application/json")}};
    struct admin admin = {.mock = mock, .clock_kind = "manual", .speed = 1, .manual = &manual};
    struct message m = {.method = span_of(pages[i].method),
                        .target_text = span_of(pages[i].target),
                        .body = span_of(pages[i].body),
                        .headers = headers,
                        .header_count = 2};
    message_open(&m);
    admin_answer(&admin, &m, noon_ms, plan);
    message_close(&m);
}

/* An answer is whole: its length is its body's, and its body is JSON. */
static void demand_whole(const struct plan *plan)
{
    char wanted[64];
    struct span body = {plan->answer.p + plan->body_at, plan->answer.n - plan->body_at};
    snprintf(wanted, sizeof wanted, "\r\nContent-Length: %zu\r\n", body.n);
    assert_non_null(strstr(plan->answer.p, wanted));
    assert_int_equal(json_scan(body, NULL, NULL), 0);
    assert_int_equal(plan->act_count, 1);
    assert_int_equal(plan->acts[0].len, plan->answer.n);
}

/* True when the page needed fewer allocations than nth. */
static bool ask_without(size_t i, struct span wanted, unsigned nth, enum fail_how how)
{
    struct plan plan;
    plan_init(&plan);
    long live = fail_alloc_live();
    fail_alloc_at(nth, how);
    ask(i, &plan);
    bool spared = fail_alloc_stop() == 0;
    if (!plan.broken && plan.answer.n > 0) {
        demand_whole(&plan);
        if (plan.status != pages[i].status && plan.status != 500)
            fail_msg("%s, allocation %u: %d\n%s", pages[i].target, nth, plan.status, plan.answer.p);
    } else {
        assert_false(spared);
        assert_true(plan.broken || (plan_ends(&plan) && plan.status == 0));
    }
    if (!plan.broken && plan.status == 200 && !span_same(buf_span(&plan.answer), wanted))
        fail_msg("%s, allocation %u: another page\n%s", pages[i].target, nth, plan.answer.p);
    plan_fini(&plan);
    assert_int_equal(fail_alloc_live(), live);
    return spared;
}

static void every_page_is_whole_or_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct plan plan;
        plan_init(&plan);
        ask(i, &plan);
        assert_int_equal(plan.status, pages[i].status);
        for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
            unsigned nth = 1;
            while (!ask_without(i, buf_span(&plan.answer), nth, (enum fail_how)how))
                assert_true(++nth < ALLOCATIONS_MAX);
            assert_true(nth > 2);
        }
        plan_fini(&plan);
    }
}

static int set_up(void **state)
{
    static const char *const polls[] = {"/doubao/v1/video/generations/1?token=abc",
                                        "/nowhere?Signature=0123456789",
                                        "/video:success:s1/v1/video/generations/2"};
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    struct mock_options options = {.journal_bytes = 1 << 20, .auth = {.no_auth = true}};
    struct plan plan;
    (void)state;
    if (fixtures_load(dir ? dir : "fixtures", NULL, NULL, &fixtures, NULL)
        || mock_open(fixtures, &options, &mock, NULL))
        return -1;
    clock_manual_init(&manual, noon_ms);
    plan_init(&plan);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        struct message m = {.method = span_of("GET"), .target_text = span_of(polls[i])};
        message_open(&m);
        mock_answer(mock, &m, noon_ms, &plan);
        message_close(&m);
    }
    plan_fini(&plan);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_manual_fini(&manual);
    mock_close(mock);
    fixtures_free(fixtures);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_whole_or_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
