/* Many waits in one thread: connections, order, cancellation, errors. */
#include "client/client.h"

#include "raw_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define RUNNING "{\"code\":\"success\",\"data\":{\"status\":\"in_progress\"}}"
#define SUCCESS                                                                                    \
    "{\"code\":\"success\",\"data\":{\"status\":\"success\",\"fail_reason\":\"http://v/1.mp4\"}}"
#define HEAD_50 "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"
#define HEAD_77 "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n"
_Static_assert(sizeof(RUNNING) - 1 == 50, "HEAD_50");
_Static_assert(sizeof(SUCCESS) - 1 == 77, "HEAD_77");

static const struct raw_answer keep_success = {HEAD_77 SUCCESS, 0, RAW_KEEP};

struct world {
    struct raw_server server;
    struct task_multi *m;
    char url[64];
    int done;
    struct task_result last;
    char order[16]; /* a letter a task */
};

static struct world w;
static char name_a[] = "a";
static char name_b[] = "b";

static void open_world(const struct raw_answer *answers, size_t count,
                       struct task_multi_options options)
{
    memset(&w, 0, sizeof w);
    raw_server_start(&w.server, answers, count);
    snprintf(w.url, sizeof w.url, "http://127.0.0.1:%u", w.server.port);
    assert_int_equal(task_multi_open(&options, &w.m, NULL), 0);
}

static void close_world(void)
{
    task_multi_close(w.m);
    raw_server_stop(&w.server);
}

static struct task_options options_of(const char *id)
{
    return (struct task_options){.upstream = "doubao",
                                 .base_url = w.url,
                                 .task_id = id,
                                 .interval_ms = 20,
                                 .timeout_ms = 20000,
                                 .seed = 1};
}

static void done(const struct task_result *result, void *arg)
{
    w.order[w.done++] = *(const char *)arg;
    w.last = *result;
}

static void tasks_of_one_host_share_its_connection_and_take_turns(void **state)
{
    (void)state;
    static char ids[][2] = {"a", "b", "c", "d", "e"};
    open_world(&keep_success, 1, (struct task_multi_options){.connections = 1});
    for (size_t i = 0; i < 5; i++) {
        struct task_options o = options_of(ids[i]);
        assert_int_equal(task_multi_add(w.m, &o, done, ids[i], NULL), 0);
    }
    assert_int_equal(task_multi_run(w.m, NULL), 0);
    close_world();
    assert_string_equal(w.order, "abcde");
    assert_int_equal(w.last.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(w.server.requests, 5);
    assert_int_equal(w.server.connections, 1);
}

static void add_another(const struct task_result *result, void *arg)
{
    struct task_options o = options_of("b");
    done(result, arg);
    assert_int_equal(task_multi_add(w.m, &o, done, name_b, NULL), 0);
}

static void a_task_may_be_added_when_another_is_done(void **state)
{
    (void)state;
    open_world(&keep_success, 1, (struct task_multi_options){0});
    struct task_options o = options_of("a");
    assert_int_equal(task_multi_add(w.m, &o, add_another, name_a, NULL), 0);
    assert_int_equal(task_multi_run(w.m, NULL), 0);
    close_world();
    assert_string_equal(w.order, "ab");
}

static void troubles_of_the_network_are_ridden_out(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n{", 0, RAW_CLOSE},
        {HEAD_77, 0, RAW_RESET},
        {"", 0, RAW_CLOSE},
        {"SSH-2.0\r\n", 0, RAW_CLOSE},
        {HEAD_77 SUCCESS, 0, RAW_CLOSE}};
    open_world(answers, 5, (struct task_multi_options){0});
    struct task_options o = options_of("a");
    assert_int_equal(task_multi_add(w.m, &o, done, name_a, NULL), 0);
    assert_int_equal(task_multi_run(w.m, NULL), 0);
    close_world();
    assert_int_equal(w.last.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(w.last.polls, 5);
    assert_int_equal(w.last.replies, 1);
    assert_int_equal(w.server.requests, 5);
}

/* -- What nobody asked for ------------------------------------------------------------------------- */

/* Runs while the client is between two polls: the kept connection now holds a whole reply. */
static void speak_unasked(const struct task_view *view, void *arg)
{
    static const char unasked[] = HEAD_77 SUCCESS;
    (void)arg;
    if (view->state == TASK_RUNNING) {
        assert_int_equal(send(w.server.connection, unasked, sizeof unasked - 1, MSG_NOSIGNAL),
                         sizeof unasked - 1);
        atomic_exchange(&w.server.connection, -1); /* the server closes it after this */
    }
}

static void what_comes_between_two_polls_is_no_answer_to_the_second(void **state)
{
    (void)state;
    static const char failure[] =
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const struct raw_answer answers[] = {{HEAD_50 RUNNING, 0, RAW_KEEP},
                                                {failure, 0, RAW_CLOSE}};
    open_world(answers, 2, (struct task_multi_options){0});
    struct task_options o = options_of("a");
    o.progress = speak_unasked;
    assert_int_equal(task_multi_add(w.m, &o, done, name_a, NULL), 0);
    assert_int_equal(task_multi_run(w.m, NULL), 0);
    close_world();
    assert_int_equal(w.last.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(w.last.view.error, TASK_ERROR_NOT_FOUND);
}

/* -- Cancelling, leaving, and mistakes ---------------------------------------------------------------- */

static void *cancel(void *token)
{
    task_cancel_now(token);
    return NULL;
}

static void cancellation_ends_the_queued_and_the_busy(void **state)
{
    (void)state;
    static const struct raw_answer stall = {"HTTP/1.1 200 OK\r\n", 0, RAW_STALL};
    struct task_cancel *token;
    pthread_t canceller;
    assert_int_equal(task_cancel_open(&token, NULL), 0);
    open_world(&stall, 1, (struct task_multi_options){.connections = 1, .cancel = token});
    struct task_options o = options_of("a");
    assert_int_equal(task_multi_add(w.m, &o, done, name_a, NULL), 0);
    assert_int_equal(task_multi_add(w.m, &o, done, name_b, NULL), 0);
    assert_int_equal(pthread_create(&canceller, NULL, cancel, token), 0);
    assert_int_equal(task_multi_run(w.m, NULL), 0);
    pthread_join(canceller, NULL);
    close_world();
    assert_int_equal(w.done, 2);
    assert_int_equal(w.last.outcome, TASK_OUTCOME_CANCELLED);
    assert_int_equal(w.last.replies, 0);
    task_cancel_close(token);
}

static void tasks_that_are_left_are_forgotten_without_a_word(void **state)
{
    (void)state;
    open_world(&keep_success, 1, (struct task_multi_options){0});
    struct task_options o = options_of("a");
    for (int i = 0; i < 40; i++)
        assert_int_equal(task_multi_add(w.m, &o, done, name_a, NULL), 0);
    close_world();
    assert_int_equal(w.done, 0);
    task_multi_close(NULL);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    struct task_failure f;
    struct task_multi *m;
    struct task_multi_options none = {.ca_file = "/nowhere/ca.pem"};
    assert_int_equal(task_multi_open(&none, &m, &f), TASK_FAILURE_FILE);
    assert_string_equal(f.where, "/nowhere/ca.pem");
    assert_null(m);
    open_world(&keep_success, 1, (struct task_multi_options){0});
    struct task_options o = options_of("");
    assert_int_equal(task_multi_add(w.m, &o, done, name_a, &f), TASK_FAILURE_USAGE);
    assert_string_equal(f.where, "task_id");
    assert_int_equal(task_multi_run(w.m, &f), 0); /* nothing to do */
    close_world();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_of_one_host_share_its_connection_and_take_turns),
        cmocka_unit_test(a_task_may_be_added_when_another_is_done),
        cmocka_unit_test(troubles_of_the_network_are_ridden_out),
        cmocka_unit_test(what_comes_between_two_polls_is_no_answer_to_the_second),
        cmocka_unit_test(cancellation_ends_the_queued_and_the_busy),
        cmocka_unit_test(tasks_that_are_left_are_forgotten_without_a_word),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests_name("multi", tests, NULL, NULL);
}
