/* The step-wise form: the rules of task_wait without I/O and without a clock. */
#include "client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000 };
static const int64_t NOON = 1700000000000;

#define RUNNING "{\"code\":\"success\",\"data\":{\"status\":\"in_progress\"}}"
#define REVIEWING "{\"code\":\"success\",\"data\":{\"status\":\"reviewing\"}}"
#define SUCCESS                                                                                    \
    "{\"code\":\"success\",\"data\":{\"status\":\"success\",\"fail_reason\":\"http://v/1.mp4\"}}"

#define NOT_EXIST "{\"code\":\"task_not_exist\",\"message\":\"task_not_exist\",\"data\":null}"

static struct task_poll *open_poll(struct task_options o)
{
    struct task_poll *p;
    struct task_failure f = {0};
    o.upstream = o.upstream != NULL ? o.upstream : "doubao";
    o.base_url = "http://h/m";
    o.task_id = "t 1";
    o.token = "sk-1";
    o.app_id = 1;
    o.secret = "s";
    o.seed = 1;
    if (task_poll_open(&o, NOON, &p, &f) != 0)
        fail_msg("%s: %s", f.where, f.what);
    return p;
}

/* Asks at the due time and answers a second later. */
static void answer(struct task_poll *p, int status, const char *body, const char *retry_after)
{
    struct task_request request;
    struct task_reply reply = {
        .status = status, .retry_after = retry_after, .body = body, .length = strlen(body)};
    int64_t now_ms = task_poll_due(p);
    assert_true(now_ms >= NOON);
    assert_int_equal(task_poll_ask(p, now_ms, &request, NULL), 0);
    assert_int_equal(task_poll_reply(p, now_ms + SECOND, &reply, NULL), 0);
}

static struct task_result close_poll(struct task_poll *p)
{
    struct task_result r;
    task_poll_result(p, &r);
    task_poll_close(p);
    return r;
}

#define PART                                                                                       \
    "{\"code\":\"success\",\"data\":{\"status\":\"in_progress\",\"progress\":\"%d%%\",\"pad\":\"%" \
    "0*d\"}}"

static void note_progress(const struct task_view *view, void *arg)
{
    int *notes = arg;
    notes[0]++;
    notes[1] = view->progress;
}

/* The same bytes again are the same answer, also after others and when they lay elsewhere; a byte that
 * differs, another status or a body of any length is not taken for it. */
static void a_reply_that_repeats_the_last_one_counts_as_one_and_a_changed_one_is_seen(void **state)
{
    static const struct {
        int status, progress, pad;
        int notes, shown; /* wanted: calls of progress so far, and the last one's percent */
    } rows[] = {
        {200, 10, 1, 1, 10}, {200, 10, 1, 1, 10},    {200, 11, 1, 2, 11}, {200, 10, 1, 3, 10},
        {503, 10, 1, 4, -1}, {200, 10, 1, 5, 10},    {201, 10, 1, 5, 10}, {200, 12, 9000, 6, 12},
        {200, 10, 1, 7, 10}, {200, 10, 9000, 7, 10}, {200, 13, 1, 8, 13}, {404, 13, 1, 9, -1},
    };
    static char body[10000];
    int notes[2] = {0, 0};
    (void)state;
    struct task_poll *p = open_poll(
        (struct task_options){.progress = note_progress, .progress_arg = notes});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(body, sizeof body, PART, rows[i].progress, rows[i].pad, 0);
        answer(p, rows[i].status, body, NULL);
        memset(body, 'x', sizeof body); /* lent for the call only */
        if (notes[0] != rows[i].notes || notes[1] != rows[i].shown)
            fail_msg("row %zu: %d calls, %d%%", i, notes[0], notes[1]);
    }
    assert_int_equal(task_poll_due(p), -1); /* refused in the end */
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.replies, sizeof rows / sizeof rows[0]);
}

static void a_task_is_followed_step_by_step_to_its_end(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    struct task_request q;
    assert_int_equal(task_poll_due(p), NOON);
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_string_equal(q.method, "GET");
    assert_string_equal(q.url, "http://h/m/v1/video/generations/t%201");
    assert_string_equal(q.headers[0], "Authorization: Bearer sk-1");
    assert_string_equal(q.headers[1], "Accept: application/json");
    assert_null(q.headers[2]);
    assert_int_equal(q.length, 0);
    assert_int_equal(q.timeout_ms, 30 * SECOND);
    struct task_reply reply = {.status = 200, .body = RUNNING, .length = strlen(RUNNING)};
    assert_int_equal(task_poll_reply(p, NOON + SECOND, &reply, NULL), 0);
    assert_int_equal(task_poll_due(p), NOON + 6 * SECOND); /* from the end of the reply */
    answer(p, 429, "", "20");
    assert_int_equal(task_poll_due(p), NOON + 27 * SECOND);
    answer(p, 200, SUCCESS, NULL);
    assert_int_equal(task_poll_due(p), -1);
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.gave_up, TASK_GAVE_UP_NOT);
    assert_string_equal(r.view.url, "http://v/1.mp4");
    assert_int_equal(r.polls, 3);
    assert_int_equal(r.replies, 3);
    assert_int_equal(r.elapsed_ms, 28 * SECOND);
}

static void each_request_of_a_signed_upstream_is_signed_anew(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){.upstream = "zego-stream"});
    struct task_request q;
    char first[512];
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_string_equal(q.method, "POST");
    assert_int_equal(q.length, strlen("{\"TaskId\":\"t 1\"}"));
    assert_memory_equal(q.body, "{\"TaskId\":\"t 1\"}", q.length);
    assert_true(strlen(q.url) < sizeof first);
    memcpy(first, q.url, strlen(q.url) + 1);
    assert_int_equal(task_poll_lost(p, NOON, "no route", NULL), 0);
    assert_int_equal(task_poll_ask(p, task_poll_due(p), &q, NULL), 0);
    assert_string_not_equal(q.url, first);
    task_poll_close(p);
}

static void steps_out_of_order_are_refused_and_change_nothing(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    struct task_request q;
    struct task_failure f;
    struct task_reply reply = {.status = 200, .body = SUCCESS, .length = strlen(SUCCESS)};
    assert_int_equal(task_poll_reply(p, NOON, &reply, &f), TASK_FAILURE_USAGE);
    assert_string_equal(f.what, "nothing was asked");
    assert_int_equal(task_poll_lost(p, NOON, "w", &f), TASK_FAILURE_USAGE);
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_int_equal(task_poll_ask(p, NOON, &q, &f), TASK_FAILURE_USAGE); /* never two in flight */
    assert_string_equal(f.what, "the last request has not been answered");
    assert_null(q.method);
    assert_int_equal(task_poll_reply(p, NOON, &reply, NULL), 0);
    assert_int_equal(task_poll_ask(p, NOON, &q, &f), TASK_FAILURE_USAGE); /* nor after the end */
    assert_string_equal(f.what, "the wait is over");
    assert_int_equal(task_poll_reply(p, NOON, &reply, NULL), TASK_FAILURE_USAGE);
    task_poll_cancel(p, NOON); /* too late */
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.polls, 1);
}

static void a_lost_exchange_is_ridden_out(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    struct task_request q;
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_int_equal(task_poll_lost(p, NOON, "connection refused", NULL), 0);
    struct task_result r;
    task_poll_result(p, &r);
    assert_int_equal(r.view.error, TASK_ERROR_TRANSIENT);
    assert_string_equal(r.view.reason, "connection refused");
    assert_int_equal(r.replies, 0);
    answer(p, 200, SUCCESS, NULL);
    assert_int_equal(close_poll(p).outcome, TASK_OUTCOME_SUCCEEDED);
}

/* Each upstream has its own form of "not found"; only the very first answer is asked about again. */
static void a_task_that_is_not_found_at_first_is_followed_all_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *upstream;
        int status;
        const char *body;
    } rows[] = {
        {"video", 404, "{\"error\":{\"message\":\"no such task\"}}"},
        {"doubao", 400, NOT_EXIST},
        {"newapi", 400, NOT_EXIST},
        {"newapi", 200, NOT_EXIST},
        {"zego-stream", 200, "{\"Code\":400000005,\"Message\":\"m\"}"},
        {"zego-drive", 200, "{\"Code\":400000005,\"Message\":\"m\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_poll *p = open_poll((struct task_options){.upstream = rows[i].upstream});
        answer(p, rows[i].status, rows[i].body, NULL);
        assert_true(task_poll_due(p) > NOON + SECOND);
        answer(p, rows[i].status, rows[i].body, NULL);
        assert_int_equal(close_poll(p).outcome, TASK_OUTCOME_ERROR);
    }
    struct task_poll *p = open_poll((struct task_options){0});
    answer(p, 404, "", NULL);
    answer(p, 200, RUNNING, NULL);
    answer(p, 404, "", NULL); /* no longer the first */
    assert_int_equal(close_poll(p).outcome, TASK_OUTCOME_ERROR);
    p = open_poll((struct task_options){.seen = true}); /* an earlier wait had found it */
    answer(p, 404, "", NULL);
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.polls, 1);
}

static void an_exchange_that_is_lost_is_not_the_first_answer(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    struct task_request q;
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_int_equal(task_poll_lost(p, NOON, "connection refused", NULL), 0);
    answer(p, 404, "", NULL);
    answer(p, 200, SUCCESS, NULL);
    assert_int_equal(close_poll(p).outcome, TASK_OUTCOME_SUCCEEDED);
}

/* What one answer after another of this kind comes to, in words. */
static void check_why(int status, const char *location, const char *body, const char *why)
{
    struct task_poll *p = open_poll((struct task_options){.timeout_ms = SECOND});
    struct task_request q;
    struct task_reply reply = {
        .status = status, .location = location, .body = body, .length = strlen(body)};
    assert_int_equal(task_poll_ask(p, NOON, &q, NULL), 0);
    assert_int_equal(task_poll_reply(p, NOON, &reply, NULL), 0);
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    if (!strstr(r.why, why))
        fail_msg("HTTP %d: %s", status, r.why);
}

static void a_redirect_says_where_it_points(void **state)
{
    (void)state;
    check_why(301, "https://gw.example.com/v1/x", "",
              "HTTP 301 points to https://gw.example.com/v1/x; is the base URL wrong?");
    check_why(308, "/v1/x", "{}", "HTTP 308 points to /v1/x; is");
    /* what a signed request said in its query is not repeated, and no byte can end the line */
    check_why(302, "https://h/x?Signature=1234", "", "points to https://h/x; is");
    check_why(302, "https://h/\x1b[1m\n", "", "HTTP 302 points to https://h/");
    check_why(302, NULL, "{}", "HTTP 302 is no answer to a poll");
    check_why(302, "?a=b", "{}", "HTTP 302 is no answer to a poll");
    check_why(200, "https://h/x", "[", "the text ends too early"); /* no redirect */
    check_why(200, "https://h/x", "[]", "should be an object");
}

static void a_redirect_to_a_long_place_still_fits_its_sentence(void **state)
{
    (void)state;
    char location[1024];
    memset(location, 'a', sizeof location - 1);
    location[sizeof location - 1] = '\0';
    check_why(301, location, "", "aaa; is the base URL wrong?");
}

static void a_web_page_and_a_compressed_answer_are_called_so(void **state)
{
    (void)state;
    check_why(200, NULL, "<!doctype html><title>gateway</title>",
              "this is HTML (a wrong base URL?)");
    check_why(200, NULL, "\r\n <HTML lang=en>", "this is HTML (a wrong base URL?)");
    check_why(200, NULL, "\x1f\x8b\x08", "this is compressed with gzip");
    check_why(200, NULL, "<Error>", "a value is missing"); /* some XML: no guess */
    check_why(200, NULL, "", "; the last poll: ");
}

static void too_early_is_asked_again_and_a_conflict_is_not(void **state)
{
    (void)state;
    static const struct {
        int status;
        bool again;
    } rows[] = {{408, true},  {425, true},  {429, true},  {500, true},  {503, true}, {400, false},
                {401, false}, {403, false}, {409, false}, {410, false}, {423, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_poll *p = open_poll((struct task_options){0});
        answer(p, rows[i].status, "", NULL);
        if ((task_poll_due(p) >= 0) != rows[i].again)
            fail_msg("HTTP %d", rows[i].status);
        task_poll_close(p);
    }
}

/* One row a value, on both statuses: the wait is never shorter than the interval. */
static void an_odd_retry_after_leaves_the_interval_as_it_is(void **state)
{
    (void)state;
    static const char *const values[] = {
        "0", "Thu, 01 Jan 1970 00:00:00 GMT", "1.5", "in a while", "", "-3"};
    for (size_t i = 0; i < 2 * (sizeof values / sizeof values[0]); i++) {
        struct task_poll *p = open_poll((struct task_options){0});
        answer(p, i % 2 == 0 ? 429 : 503, "", values[i / 2]);
        assert_int_equal(task_poll_due(p), NOON + 6 * SECOND);
        task_poll_close(p);
    }
}

static void a_short_retry_after_on_an_answer_counts_for_nothing_later(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    answer(p, 200, RUNNING, "20");
    assert_int_equal(task_poll_due(p), NOON + 21 * SECOND);
    answer(p, 200, RUNNING, "1");
    assert_int_equal(task_poll_due(p), NOON + 27 * SECOND);
    answer(p, 200, RUNNING, NULL);
    assert_int_equal(task_poll_due(p), NOON + 33 * SECOND);
    task_poll_close(p);
}

static void a_wait_that_gave_up_says_why(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        const char *retry_after;
        enum task_gave_up why;
        uint32_t polls;
    } rows[] = {
        {200, RUNNING, NULL, TASK_GAVE_UP_TIME, 0},
        {200, RUNNING, "7200", TASK_GAVE_UP_RETRY_AFTER, 1},
        {500, "", NULL, TASK_GAVE_UP_TRANSIENT, 9},
        {200, REVIEWING, NULL, TASK_GAVE_UP_UNKNOWN, 61},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_poll *p = open_poll((struct task_options){0});
        while (task_poll_due(p) >= 0)
            answer(p, rows[i].status, rows[i].body, rows[i].retry_after);
        struct task_result r = close_poll(p);
        assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
        assert_int_equal(r.gave_up, rows[i].why);
        if (rows[i].polls != 0)
            assert_int_equal(r.polls, rows[i].polls);
    }
}

static void a_poll_cancelled_under_way_keeps_what_it_knew(void **state)
{
    (void)state;
    struct task_poll *p = open_poll((struct task_options){0});
    struct task_request q;
    answer(p, 200, RUNNING, NULL);
    assert_int_equal(task_poll_ask(p, task_poll_due(p), &q, NULL), 0);
    task_poll_cancel(p, NOON + 9 * SECOND);
    assert_int_equal(task_poll_due(p), -1);
    struct task_result r = close_poll(p);
    assert_int_equal(r.outcome, TASK_OUTCOME_CANCELLED);
    assert_int_equal(r.view.state, TASK_RUNNING);
    assert_int_equal(r.polls, 2);
    assert_int_equal(r.elapsed_ms, 9 * SECOND);
    assert_string_equal(r.why, "cancelled");
}

/* A stream that is gone has stopped, if anybody ever saw it: this wait or an earlier one. */
static void a_wait_goes_on_where_an_earlier_one_ended(void **state)
{
    (void)state;
    static const char gone[] = "{\"Code\":400000005,\"Message\":\"m\"}";
    for (int seen = 0; seen <= 1; seen++) {
        struct task_poll *p = open_poll(
            (struct task_options){.upstream = "zego-stream", .goal = "stopped", .seen = seen != 0});
        answer(p, 200, gone, NULL);
        if (seen == 0)
            answer(p, 200, gone, NULL); /* it might have been too new */
        assert_int_equal(close_poll(p).outcome,
                         seen != 0 ? TASK_OUTCOME_SUCCEEDED : TASK_OUTCOME_ERROR);
    }
}

static void a_poll_with_a_wrong_option_is_not_opened(void **state)
{
    (void)state;
    struct task_options o = {.upstream = "doubao", .base_url = "http://h", .task_id = ""};
    struct task_poll *p;
    struct task_failure f;
    assert_int_equal(task_poll_open(&o, NOON, &p, &f), TASK_FAILURE_USAGE);
    assert_null(p);
    assert_string_equal(f.where, "task_id");
    task_poll_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_followed_step_by_step_to_its_end),
        cmocka_unit_test(a_reply_that_repeats_the_last_one_counts_as_one_and_a_changed_one_is_seen),
        cmocka_unit_test(each_request_of_a_signed_upstream_is_signed_anew),
        cmocka_unit_test(steps_out_of_order_are_refused_and_change_nothing),
        cmocka_unit_test(a_lost_exchange_is_ridden_out),
        cmocka_unit_test(a_task_that_is_not_found_at_first_is_followed_all_the_same),
        cmocka_unit_test(an_exchange_that_is_lost_is_not_the_first_answer),
        cmocka_unit_test(a_redirect_says_where_it_points),
        cmocka_unit_test(a_redirect_to_a_long_place_still_fits_its_sentence),
        cmocka_unit_test(a_web_page_and_a_compressed_answer_are_called_so),
        cmocka_unit_test(too_early_is_asked_again_and_a_conflict_is_not),
        cmocka_unit_test(an_odd_retry_after_leaves_the_interval_as_it_is),
        cmocka_unit_test(a_short_retry_after_on_an_answer_counts_for_nothing_later),
        cmocka_unit_test(a_wait_that_gave_up_says_why),
        cmocka_unit_test(a_poll_cancelled_under_way_keeps_what_it_knew),
        cmocka_unit_test(a_wait_goes_on_where_an_earlier_one_ended),
        cmocka_unit_test(a_poll_with_a_wrong_option_is_not_opened),
    };
    return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
