/* Cancellation from another thread ends a wait, whatever it is doing. */
#include "client/client.h"

#include "raw_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_MS = 3600 * 1000 };

#define RUNNING "{\"code\":\"success\",\"data\":{\"status\":\"in_progress\"}}"
#define REPLY "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n" RUNNING
_Static_assert(sizeof(RUNNING) - 1 == 50, "the length that REPLY states");

static void *cancel(void *token)
{
    task_cancel_now(token);
    return NULL;
}

static pthread_t canceller;

/* The first poll told of the task: from now on the wait sleeps, for an hour if nobody wakes it. */
static void cancel_elsewhere(const struct task_view *view, void *token)
{
    (void)view;
    assert_int_equal(pthread_create(&canceller, NULL, cancel, token), 0);
}

static struct task_result wait_cancelled(struct raw_answer answer, struct task_cancel *token,
                                         void (*progress)(const struct task_view *, void *))
{
    struct raw_server server;
    char url[64];
    struct task_result r;
    struct task_failure f;
    raw_server_start(&server, &answer, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", server.port);
    struct task_options o = {.upstream = "doubao",
                             .base_url = url,
                             .task_id = "t",
                             .interval_ms = HOUR_MS,
                             .timeout_ms = 2 * HOUR_MS,
                             .attempt_ms = HOUR_MS,
                             .cancel = token,
                             .progress = progress,
                             .progress_arg = token};
    if (task_wait(&o, &r, &f) != 0)
        fail_msg("%s: %s", f.where, f.what);
    raw_server_stop(&server);
    return r;
}

static void a_wait_between_two_polls_ends_and_keeps_what_it_knew(void **state)
{
    (void)state;
    struct task_cancel *token;
    assert_int_equal(task_cancel_open(&token, NULL), 0);
    struct task_result r = wait_cancelled((struct raw_answer){REPLY, 0, RAW_CLOSE}, token,
                                          cancel_elsewhere);
    pthread_join(canceller, NULL);
    assert_int_equal(r.outcome, TASK_OUTCOME_CANCELLED);
    assert_int_equal(r.polls, 1);
    assert_int_equal(r.view.state, TASK_RUNNING);
    assert_string_equal(r.why, "cancelled");
    task_cancel_close(token);
}

/* The server reads the request, then says nothing for as long as the client stays. */
static void an_exchange_under_way_ends(void **state)
{
    (void)state;
    struct task_cancel *token;
    assert_int_equal(task_cancel_open(&token, NULL), 0);
    static const struct raw_answer stall = {"HTTP/1.1 200 OK\r\n", 0, RAW_STALL};
    assert_int_equal(pthread_create(&canceller, NULL, cancel, token), 0);
    struct task_result r = wait_cancelled(stall, token, NULL);
    pthread_join(canceller, NULL);
    assert_int_equal(r.outcome, TASK_OUTCOME_CANCELLED);
    assert_int_equal(r.replies, 0);
    task_cancel_close(token);
}

static void a_token_that_is_set_ends_later_waits_before_their_first_poll(void **state)
{
    (void)state;
    struct task_cancel *token;
    assert_int_equal(task_cancel_open(&token, NULL), 0);
    task_cancel_now(token);
    task_cancel_now(token);
    for (int i = 0; i < 2; i++) {
        struct task_options o = {.upstream = "doubao",
                                 .base_url = "http://127.0.0.1:1",
                                 .task_id = "t",
                                 .cancel = token};
        struct task_result r;
        assert_int_equal(task_wait(&o, &r, NULL), 0);
        assert_int_equal(r.outcome, TASK_OUTCOME_CANCELLED);
        assert_int_equal(r.polls, 0);
        assert_int_equal(r.view.progress, -1);
    }
    task_cancel_close(token);
    task_cancel_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_between_two_polls_ends_and_keeps_what_it_knew),
        cmocka_unit_test(an_exchange_under_way_ends),
        cmocka_unit_test(a_token_that_is_set_ends_later_waits_before_their_first_poll),
    };
    return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
