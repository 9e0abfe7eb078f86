/* Out of memory in the step-wise form and in many waits at once: a clean error or one more transient failure, nothing kept. */
#include "fail_alloc.h"

#include "client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 2000, TASKS = 20 };

static const int64_t NOON = 1700000000000;
static const char body[] =
    "{\"code\":\"success\",\"data\":{\"status\":\"success\",\"fail_reason\":\"http://v\"}}";

static const struct task_options options = {
    .upstream = "zego-stream",
    .base_url = "http://127.0.0.1:1", /* nobody listens there */
    .task_id = "t",
    .app_id = 1,
    .secret = "s",
    .interval_ms = 1,
    .timeout_ms = 20000,
    .seed = 1,
};

/* One poll by steps; a step that lacks memory is taken again. */
static int poll_by_steps(void)
{
    struct task_options o = options;
    struct task_poll *p;
    struct task_request request;
    struct task_reply reply = {.status = 200, .body = body, .length = sizeof body - 1};
    o.upstream = "doubao";
    int lacks = task_poll_open(&o, NOON, &p, NULL) == TASK_FAILURE_MEMORY;
    if (lacks) {
        assert_null(p);
        assert_int_equal(task_poll_open(&o, NOON, &p, NULL), 0);
    }
    assert_int_equal(task_poll_ask(p, NOON, &request, NULL), 0);
    if (task_poll_reply(p, NOON, &reply, NULL) == TASK_FAILURE_MEMORY) {
        lacks++;
        assert_int_equal(task_poll_due(p), NOON);
        assert_int_equal(task_poll_reply(p, NOON, &reply, NULL), 0);
    }
    assert_int_equal(task_poll_due(p), -1);
    task_poll_close(p);
    return lacks;
}

static void a_step_without_memory_may_be_taken_again(void **state)
{
    (void)state;
    for (unsigned nth = 1;; nth++) {
        long live = fail_alloc_live();
        assert_true(nth < ALLOCATIONS_MAX);
        fail_alloc_at(nth, FAIL_ONCE);
        int lacks = poll_by_steps();
        unsigned refused = fail_alloc_stop();
        assert_int_equal(fail_alloc_live(), live);
        assert_int_equal(lacks, refused);
        if (refused == 0) {
            assert_true(nth > 3);
            return;
        }
    }
}

static void a_cancel_token_without_memory_is_not_opened(void **state)
{
    (void)state;
    struct task_cancel *token = (struct task_cancel *)&token;
    fail_alloc_at(1, FAIL_ONCE);
    int code = task_cancel_open(&token, NULL);
    assert_int_equal(fail_alloc_stop(), 1);
    assert_int_equal(code, TASK_FAILURE_MEMORY);
    assert_null(token);
}

static unsigned ended;

static void done(const struct task_result *result, void *arg)
{
    (void)arg;
    ended += result->outcome == TASK_OUTCOME_GAVE_UP && result->gave_up == TASK_GAVE_UP_TRANSIENT;
}

/* Each task that was taken on ends once, whatever memory did meanwhile. */
static void wait_for_many(enum fail_how how, unsigned nth)
{
    struct task_multi *m;
    struct task_multi_options none = {.connections = 2};
    unsigned added = 0;
    ended = 0;
    fail_alloc_at(nth, how);
    int code = task_multi_open(&none, &m, NULL);
    if (code != 0) {
        fail_alloc_stop();
        assert_int_equal(code, TASK_FAILURE_MEMORY);
        assert_null(m);
        return;
    }
    for (int i = 0; i < TASKS; i++) {
        code = task_multi_add(m, &options, done, NULL, NULL);
        added += code == 0;
        assert_true(code == 0 || code == TASK_FAILURE_MEMORY);
    }
    code = task_multi_run(m, NULL);
    fail_alloc_stop();
    assert_int_equal(code, 0);
    assert_int_equal(ended, added);
    task_multi_close(m);
}

static void many_waits_ride_it_out(void **state)
{
    (void)state;
    wait_for_many(FAIL_ONCE, ALLOCATIONS_MAX); /* libcurl's own start is not counted */
    for (unsigned how = FAIL_ONCE; how <= FAIL_FOR_GOOD; how++) {
        for (unsigned nth = 1; nth < 260; nth += 13) {
            long live = fail_alloc_live();
            wait_for_many((enum fail_how)how, nth);
            assert_int_equal(fail_alloc_live(), live);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_without_memory_may_be_taken_again),
        cmocka_unit_test(a_cancel_token_without_memory_is_not_opened),
        cmocka_unit_test(many_waits_ride_it_out),
    };
    return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
