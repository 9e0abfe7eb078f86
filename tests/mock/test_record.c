/* The recorder between a client and a service of our own: what is passed on in both directions, and what is kept. */
#include "base/buf.h"
#include "base/file.h"
#include "mockserver/answer/answer.h"
#include "mockserver/record/record.h"
#include "mockserver/record/record_curl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t noon_ms = INT64_C(1800000000000);
enum { LARGE_BODY = 3 << 20 }; /* more than the mock itself ever answers */

/* -- A service that tells what it was asked, or answers with the bytes that the test wants ------------- */

static struct {
    struct wire *wire;
    struct buf raw; /* empty: it tells */
    size_t body_at; /* of raw */
    bool cut;       /* the connection ends before the last byte */
} service;

static void tell(const struct message *request, struct plan *plan)
{
    struct buf told;
    buf_init(&told, 1 << 16);
    buf_addf(&told, "%.*s %.*s\n", (int)request->method.n, request->method.p,
             (int)request->target_text.n, request->target_text.p);
    for (size_t i = 0; i < request->header_count; i++)
        buf_addf(&told, "%.*s: %.*s\n", (int)request->headers[i].name.n, request->headers[i].name.p,
                 (int)request->headers[i].value.n, request->headers[i].value.p);
    buf_add_span(&told, request->body);
    answer_json(plan, 200, NULL, buf_span(&told));
    buf_fini(&told);
}

static void serve(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    (void)arg;
    (void)now_ms;
    if (service.raw.n == 0) {
        tell(request, plan);
        return;
    }
    plan_reset(plan);
    plan->status = 200;
    plan->body_at = service.body_at;
    plan->answer.max = 2 * LARGE_BODY;
    buf_add_span(&plan->answer, buf_span(&service.raw));
    plan_send(plan, 0, plan->answer.n - service.cut);
    plan_end(plan, ACT_CLOSE);
}

/* What the service will send: a head, and a body of so many bytes. */
static void will_send(const char *head, size_t body_bytes)
{
    buf_reset(&service.raw);
    buf_add_text(&service.raw, head);
    service.body_at = service.raw.n;
    for (size_t i = 0; i < body_bytes; i++)
        buf_add_char(&service.raw, 'b');
}

/* -- The recorder --------------------------------------------------------------------------------------- */

static char dir[64];
static struct recorder recorder;
static char problem[ERR_WHERE_MAX + ERR_WHAT_MAX + 2]; /* the last one that it reported */
static struct plan plan;                               /* its last answer */

static void note_problem(const struct err *e, void *arg)
{
    (void)arg; /* read when the writer has been drained */
    snprintf(problem, sizeof problem, "%s: %s", e->where, e->what);
}

static void add_upstream(const char *name)
{
    char word[256];
    snprintf(word, sizeof word, "%s=%s/base/", name, wire_address(service.wire));
    assert_int_equal(recorder_add(&recorder, word, NULL), 0);
}

/* Asks through the recorder. headers: pairs of name and value, ended by NULL. */
static void ask(const char *method, const char *target, const char *const *headers,
                const char *body)
{
    struct header list[8];
    size_t count = 0;
    for (; headers && headers[2 * count]; count++)
        list[count] = (struct header){span_of(headers[2 * count]), span_of(headers[2 * count + 1])};
    struct message request = {.method = span_of(method),
                              .target_text = span_of(target),
                              .headers = list,
                              .header_count = count,
                              .body = span_of(body)};
    struct wire_service s = recorder_service(&recorder);
    problem[0] = '\0';
    message_open(&request);
    s.answer(s.arg, &request, noon_ms, &plan);
    message_close(&request);
    record_writer_drain(recorder.writer);
}

static struct span body_of_answer(void)
{
    return span_cut(buf_span(&plan.answer), plan.body_at, plan.answer.n);
}

/* parts must be in the answer, absent not in its body. */
static void demand_answer(const char *const *parts, const char *const *absent)
{
    for (; parts && *parts; parts++)
        if (!strstr(plan.answer.p, *parts))
            fail_msg("wanted \"%s\" in:\n%.2000s", *parts, plan.answer.p);
    for (; absent && *absent; absent++)
        if (strcasestr(plan.answer.p + plan.body_at, *absent))
            fail_msg("unwanted \"%s\" in:\n%.2000s", *absent, plan.answer.p);
}

/* The recording of a task of the first upstream; NULL when there is none. The caller closes it. */
static struct json *recording(const char *task)
{
    char path[FILE_PATH_MAX];
    struct json *root = NULL;
    snprintf(path, sizeof path, "%s/%s/%s.har", dir, recorder.upstreams[0].name, task);
    return json_open_file(path, 16 << 20, false, &root, NULL) == 0 ? root : NULL;
}

static int set_up(void **state)
{
    struct wire_service s = {.answer = serve};
    (void)state;
    memset(&recorder, 0, sizeof recorder);
    snprintf(dir, sizeof dir, "/tmp/understudy-record-XXXXXX");
    buf_init(&service.raw, 4 << 20);
    service.cut = false;
    plan_init(&plan);
    return !mkdtemp(dir)
        || wire_serve(&s, clock_real(), &(struct wire_options){.threads = 4}, &service.wire, NULL)
        || record_writer_open(&(struct record_writer_options){.dir = dir, .report = note_problem},
                              &recorder.writer, NULL);
}

static int remove_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, arg, name))
        return 0;
    if (!is_dir)
        return unlink(path);
    file_list(path, remove_entry, path, e);
    return rmdir(path);
}

static int tear_down(void **state)
{
    (void)state;
    wire_close(service.wire, 5000);
    record_writer_close(recorder.writer);
    plan_fini(&plan);
    buf_fini(&service.raw);
    file_list(dir, remove_entry, dir, NULL);
    return rmdir(dir);
}

/* -- The way out -------------------------------------------------------------------------------------------- */

static void a_request_goes_on_as_it_came_but_for_its_connection(void **state)
{
    (void)state;
    static const char *const headers[] = {"X-First",
                                          "1",
                                          "Host",
                                          "recorder",
                                          "X-Kept",
                                          "one two",
                                          "X-Empty",
                                          "",
                                          "Connection",
                                          "keep-alive",
                                          "Accept-Encoding",
                                          "br",
                                          "Authorization",
                                          "Bearer secret-123",
                                          NULL};
    add_upstream("doubao");
    ask("POST", "/doubao/v1/t?a=%20b", headers, "{\"k\":1}");
    demand_answer(
        (const char *const[]){"POST /base/v1/t?a=%20b\n", "X-First: 1\n", "X-Kept: one two\n",
                              "X-Empty: \n", "Authorization: Bearer secret-123\n",
                              "Content-Length: 7\n", "{\"k\":1}", NULL},
        (const char *const[]){"Host: recorder", "keep-alive", "Accept-Encoding", "\nContent-Type",
                              "User-Agent", "\nAccept:", "Expect", NULL});
    assert_string_equal(problem, "");
}

static void every_method_goes_on_as_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *method, *body, *first;
    } cases[] = {
        {"GET", "", "GET /base/t\n"},       {"DELETE", "", "DELETE /base/t\n"},
        {"POST", "", "POST /base/t\nHost"}, /* without a body too */
        {"PUT", "body", "PUT /base/t\n"},   {"GET", "body", "GET /base/t\n"},
    };
    add_upstream("doubao");
    recorder.fetch.use_proxy = true; /* none is named */
    unsetenv("http_proxy");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(cases[i].method, "/t", NULL, cases[i].body);
        assert_int_equal(plan.status, 200);
        struct span told = body_of_answer();
        assert_true(span_starts(told, cases[i].first));
        size_t n = strlen(cases[i].body);
        assert_memory_equal(told.p + told.n - n, cases[i].body, n);
    }
    ask("A-METHOD-OF-32-BYTES-IS-TOO-LONG", "/t", NULL, "");
    assert_int_equal(plan.status, 502);
    demand_answer((const char *const[]){"the method is longer than 31 bytes", NULL}, NULL);
}

static void a_path_names_the_upstream_or_there_is_only_one(void **state)
{
    (void)state;
    static const char *const elsewhere[] = {"/dou/t", "/doubao", "/doubaos/t", "/other/t", "*"};
    add_upstream("doubao");
    ask("GET", "/doubaos/t", NULL, "");
    demand_answer((const char *const[]){"GET /base/doubaos/t\n", NULL}, NULL);
    add_upstream("video");
    ask("GET", "/video/t", NULL, "");
    demand_answer((const char *const[]){"GET /base/t\n", NULL}, NULL);
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        ask("GET", elsewhere[i], NULL, "");
        assert_int_equal(plan.status, 404);
        demand_answer(
            (const char *const[]){"names no upstream that is recorded: /doubao/, /video/", NULL},
            NULL);
    }
}

/* -- The way back ------------------------------------------------------------------------------------------- */

static void an_answer_comes_back_as_it_is_but_for_its_connection(void **state)
{
    (void)state;
    add_upstream("doubao");
    will_send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
              "HTTP/1.1 418 I'm a  teapot\r\nX-Kept: a: b\r\nKeep-Alive: timeout=5\r\n"
              "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
              0);
    ask("GET", "/t", NULL, "");
    assert_string_equal(
        plan.answer.p,
        "HTTP/1.1 418 I'm a  teapot\r\nX-Kept: a: b\r\nContent-Length: 3\r\n\r\nabc");
    assert_int_equal(plan.status, 418);
}

static void an_answer_without_a_body_gets_no_length_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *method, *head, *wanted;
    } cases[] = {
        {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n"},
        {"GET", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"},
        {"GET", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
         "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
    };
    add_upstream("doubao");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        will_send(cases[i].head, 0);
        ask(cases[i].method, "/t", NULL, "");
        assert_string_equal(plan.answer.p, cases[i].wanted);
    }
}

/* What cannot be passed on is 502, and is recorded as status 0 with its reason. */
static void an_answer_that_is_not_whole_or_too_large_is_502_and_says_so_in_the_recording(
    void **state)
{
    (void)state;
    struct buf many, large;
    buf_init(&many, 1 << 20);
    buf_init(&large, 1 << 20);
    buf_add_text(&many, "HTTP/1.1 200 OK\r\n");
    buf_add_text(&large, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 65; i++)
        buf_addf(&many, "X-%d: 1\r\n", i);
    for (int i = 0; i < 60; i++)
        buf_addf(&large, "X-%d: %01200d\r\n", i, 0);
    buf_add_text(&many, "\r\n");
    buf_add_text(&large, "\r\n");
    const struct {
        const char *head;
        size_t body_bytes;
        bool cut;
        const char *why;
    } cases[] = {
        {many.p, 0, false, "more than 64 header lines"},
        {large.p, 0, false, "larger than 65536 bytes of head or 67108864 of body"},
        {"HTTP/1.1 200 OK\r\nX-Cut: 1\r\n", 0, false, "ended within the head"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", 4, true, "1 bytes remaining"},
        {"220 mail.example.com\r\n", 0, false, "HTTP/0.9"},
    };
    add_upstream("doubao");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char task[16], pointer[64];
        snprintf(task, sizeof task, "t%zu", i);
        will_send(cases[i].head, cases[i].body_bytes);
        service.cut = cases[i].cut;
        ask("GET", task, NULL, "");
        snprintf(pointer, sizeof pointer, "/%s", task);
        ask("GET", pointer, NULL, "");
        assert_int_equal(plan.status, 502);
        demand_answer((const char *const[]){"no whole answer from http", cases[i].why, NULL}, NULL);
        struct json *root = recording(task);
        int64_t status = -1;
        assert_true(json_int64(json_at(root, "/log/entries/0/response/status"), &status)
                    && status == 0);
        assert_non_null(
            strstr(json_string(json_at(root, "/log/entries/0/response/_error")), cases[i].why));
        json_close(root);
    }
    buf_fini(&many);
    buf_fini(&large);
}

static void as_much_as_fits_comes_back_whole(void **state)
{
    (void)state;
    struct buf head;
    add_upstream("doubao");
    buf_init(&head, 1 << 20);
    buf_add_text(&head, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 64; i++)
        buf_addf(&head, "X-%d: %0900d\r\n", i, 0);
    buf_add_text(&head, "\r\n");
    will_send(head.p, LARGE_BODY);
    ask("GET", "/t", NULL, "");
    assert_int_equal(plan.status, 200);
    assert_int_equal(body_of_answer().n, LARGE_BODY);
    assert_non_null(strstr(plan.answer.p, "\r\nX-63: 000"));
    buf_fini(&head);
}

/* -- What is kept ------------------------------------------------------------------------------------------- */

static void without_a_contract_the_path_names_the_task(void **state)
{
    (void)state;
    char path[MOCK_TASK_ID_MAX + 64];
    struct json *root;
    add_upstream("doubao");
    ask("GET", "/doubao/one?a=1", NULL, "");
    root = recording("one");
    assert_non_null(root);
    assert_non_null(
        strstr(json_string(json_at(root, "/log/entries/0/request/url")), "/base/one?a=1"));
    json_close(root);
    memset(path, 'p', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    ask("GET", path, NULL, ""); /* longer than an id may be */
    assert_string_equal(problem, "");
    assert_int_equal(plan.status, 200);
}

static void a_secret_of_the_answer_is_kept_nowhere(void **state)
{
    (void)state;
    static const char *const wanted[] = {"REDACTED-1", "REDACTED-2", "REDACTED-2", "REDACTED-1",
                                         "0"};
    struct json *root;
    add_upstream("doubao");
    will_send(
        "HTTP/1.1 200 OK\r\nSet-Cookie: cookie-secret-1\r\nX: cookie-secret-2\r\n"
        "Set-Cookie: cookie-secret-2\r\nX-Repeats: cookie-secret-1\r\nContent-Length: 0\r\n\r\n",
        0);
    ask("GET", "/t", NULL, "");
    root = recording("t");
    for (size_t i = 0; i < 5; i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/log/entries/0/response/headers/%zu/value", i);
        assert_string_equal(json_string(json_at(root, pointer)), wanted[i]);
    }
    assert_non_null(strstr(plan.answer.p, "cookie-secret-1")); /* the client gets it */
    json_close(root);
}

static void what_cannot_be_recorded_is_reported_and_answered_all_the_same(void **state)
{
    (void)state;
    struct buf target;
    buf_init(&target, 1 << 20);
    add_upstream("doubao");
    buf_add_text(&target, "/t?");
    for (int i = 0; i <= REDACT_SECRETS_MAX; i++)
        buf_addf(&target, "token=s-%d&", i);
    ask("GET", target.p, NULL, "");
    assert_int_equal(plan.status, 200);
    assert_int_equal(record_writer_lost(recorder.writer), 1);
    assert_string_equal(problem, "doubao: more than 4096 secrets in one exchange");
    buf_fini(&target);
}

/* -- One file a task ---------------------------------------------------------------------------------------- */

static void demand_entries(const char *task, size_t count)
{
    struct json *root = recording(task);
    if (json_count(json_at(root, "/log/entries")) != count)
        fail_msg("%s: %zu entries, not %zu", task, json_count(json_at(root, "/log/entries")),
                 count);
    json_close(root);
}

static void will_reply(const char *status, const char *body)
{
    char head[256];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
             strlen(body), body);
    will_send(head, 0);
}

/* Whatever the shape of the reply that tells the id. */
static void a_create_is_in_the_file_of_its_task(void **state)
{
    (void)state;
    static const char *const replies[][2] = {
        {"{\"task_id\":\"", "\"}"},
        {"{\"id\":\"", "\",\"object\":\"video\",\"status\":\"queued\"}"},
        {"{\"code\":0,\"data\":{\"task_id\":\"", "\"}}"},
        {"[{\"deep\":[{\"er\":\"", "\"}]}]"},
        {"{\"status_url\":\"https://h/v1/tasks/", "?x=1\"}"},
    };
    add_upstream("doubao");
    for (int i = 0; i < 5; i++) {
        char reply[256], id[16], target[64];
        snprintf(reply, sizeof reply, "%sid-%d7%s", replies[i][0], i, replies[i][1]);
        snprintf(id, sizeof id, "id-%d7", i);
        will_reply("429 Slow", "{\"error\":\"slow 1234\"}");
        ask("POST", "/v1/tasks", NULL, "{\"prompt\":\"a cat\"}");
        will_reply("200 OK", reply);
        ask("POST", "/v1/tasks", NULL, "{\"prompt\":\"a cat\"}");
        will_reply("200 OK", "{\"status\":\"running\"}");
        snprintf(target, sizeof target, "/v1/tasks/%s", id);
        ask("GET", target, NULL, "");
        snprintf(target, sizeof target, "/v1/query?task=%s", id);
        ask("GET", target, NULL, "");
        snprintf(target, sizeof target, "/v1/tasks/%s/content", id);
        ask("GET", target, NULL, "");
        demand_entries(id, 5);
    }
}

static void two_tasks_that_are_made_at_once_have_a_file_each(void **state)
{
    (void)state;
    add_upstream("doubao");
    will_reply("200 OK", "{\"id\":\"first-1\"}");
    ask("POST", "/v1/tasks", NULL, "{\"prompt\":\"a cat\"}");
    will_reply("200 OK", "{\"id\":\"second-2\"}");
    ask("POST", "/v1/tasks", NULL, "{\"prompt\":\"a cat\"}");
    will_reply("200 OK", "{\"status\":\"running\"}");
    ask("GET", "/v1/tasks/second-2", NULL, "");
    ask("GET", "/v1/tasks/first-1", NULL, "");
    demand_entries("first-1", 2);
    demand_entries("second-2", 2);
}

static void polls_by_post_without_a_contract_are_one_file(void **state)
{
    (void)state;
    add_upstream("doubao");
    for (int i = 0; i < 4; i++) {
        char reply[128];
        snprintf(reply, sizeof reply, "{\"task\":\"t-77\",\"request\":\"r-%d\"}", i);
        will_reply("200 OK", reply);
        ask("POST", "/query", NULL, "{\"task\":\"t-77\"}");
    }
    demand_entries("query", 4);
}

static void a_body_that_is_no_text_is_base64_both_ways(void **state)
{
    (void)state;
    static const char *const headers[] = {"Content-Type", "image/png", NULL};
    add_upstream("doubao");
    will_reply("200 OK", "\xff\xd8 picture");
    ask("POST", "/t", headers, "\x89PNG\xff");
    struct json *root = recording("t");
    assert_string_equal(json_string(json_at(root, "/log/entries/0/request/postData/encoding")),
                        "base64");
    assert_string_equal(json_string(json_at(root, "/log/entries/0/request/postData/text")),
                        "iVBOR/8=");
    assert_string_equal(json_string(json_at(root, "/log/entries/0/response/content/text")),
                        "/9ggcGljdHVyZQ==");
    json_close(root);
}

static void a_request_for_proxies_goes_to_the_upstream_at_its_host(void **state)
{
    (void)state;
    char target[256];
    add_upstream("doubao");
    assert_int_equal(recorder_add(&recorder, "other=http://127.0.0.1:1", NULL), 0);
    snprintf(target, sizeof target, "%s/base/v1/t", wire_address(service.wire));
    ask("GET", target, NULL, "");
    demand_answer((const char *const[]){"GET /base/v1/t\n", NULL}, NULL);
    snprintf(target, sizeof target, "%s/v1/t", wire_address(service.wire));
    ask("GET", target, NULL, "");
    demand_answer((const char *const[]){"GET /base/v1/t\n", NULL}, NULL);
    ask("GET", "http://127.0.0.1:1/t", NULL, "");
    assert_int_equal(plan.status, 502);
    ask("GET", "http://elsewhere/t", NULL, "");
    assert_int_equal(plan.status, 404);
    ask("GET", "http://recorder:8080/doubao/t", NULL, ""); /* our own name */
    demand_answer((const char *const[]){"GET /base/t\n", NULL}, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_goes_on_as_it_came_but_for_its_connection, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_method_goes_on_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_names_the_upstream_or_there_is_only_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_comes_back_as_it_is_but_for_its_connection,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_without_a_body_gets_no_length_of_ours, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            an_answer_that_is_not_whole_or_too_large_is_502_and_says_so_in_the_recording, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(as_much_as_fits_comes_back_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_secret_of_the_answer_is_kept_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_contract_the_path_names_the_task, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_cannot_be_recorded_is_reported_and_answered_all_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_create_is_in_the_file_of_its_task, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_tasks_that_are_made_at_once_have_a_file_each, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(polls_by_post_without_a_contract_are_one_file, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_body_that_is_no_text_is_base64_both_ways, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_request_for_proxies_goes_to_the_upstream_at_its_host,
                                        set_up, tear_down),
    };
    if (fetch_open(NULL) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fetch_close();
    return failed;
}
