/* Every allocation fails in turn, once and for good: each time a clean end, and nothing is kept. */
#include "client/client.h"
#include "client/http.h"
#include "client/view.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALLOCATIONS_MAX = 2000 };

/* Allocations of our code and of cJSON come through here; those of the C library do not. */
static struct {
    bool armed;
    bool for_good;
    int countdown; /* the allocation that brings it to 0 fails */
    int failed;
} memory;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static bool fails(void)
{
    if (!memory.armed || (memory.countdown > 0 && --memory.countdown > 0)
        || (memory.failed > 0 && !memory.for_good)) {
        return false;
    }
    memory.failed++;
    return true;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return fails() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

static void arm(int nth, bool for_good)
{
    memory.for_good = for_good;
    memory.countdown = nth;
    memory.failed = 0;
    memory.armed = true;
}

struct body {
    const char *upstream;
    int status;
    const char *text;
};

static const struct body bodies[] = {
    {"doubao", 200,
     "{\"code\":\"success\",\"data\":{\"status\":\"success\",\"task_id\":\"t\","
     "\"fail_reason\":\"http://v/1.mp4\",\"submit_time\":1705334400}}"},
    {"newapi", 200,
     "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\",\"result_url\":\"http://v\"}}"},
    {"video", 200, "{\"status\":\"failed\",\"error\":{\"code\":17,\"message\":\"m\"}}"},
    {"avatar", 200, "{\"id\":\"i\",\"web_work_status\":200,\"work_video_path\":\"http://v\"}"},
    {"zego-stream", 200, "{\"Code\":0,\"Data\":{\"Status\":5,\"CreateTime\":1749541482}}"},
    {"zego-drive", 200, "{\"Code\":0,\"Data\":{\"DriveList\":[{\"DriveId\":\"d\",\"Status\":4}]}}"},
    {"video", 404, "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}"},
};

static void a_decoder_without_memory_says_so_and_leaves_the_view_clear(void **state)
{
    (void)state;
    static const struct task_view clear = {.progress = -1};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        for (int for_good = 0; for_good <= 1; for_good++) {
            int nth = 1;
            for (;; nth++) {
                struct task_view view;
                struct err e;
                assert_true(nth < ALLOCATIONS_MAX);
                arm(nth, for_good != 0);
                int code = view_read(bodies[i].upstream, bodies[i].status, span_of(bodies[i].text),
                                     &view, &e);
                memory.armed = false;
                if (memory.failed == 0) {
                    assert_int_equal(code, 0);
                    break;
                }
                assert_int_equal(code, ERR_MEMORY);
                assert_memory_equal(&view, &clear, sizeof(view));
            }
            assert_true(nth > 1); /* else nothing was tried */
        }
    }
}

/* Two polls: a running task, then one of the bodies. */
struct service {
    struct task_transport transport; /* first */
    const struct body *body;
    int polls;
};

static int play(struct task_transport *t, const struct http_request *request, struct http_reply *reply,
                struct err *e)
{
    struct service *s = (struct service *)t;
    (void)request;
    buf_reset(&reply->head);
    buf_reset(&reply->body);
    reply->status = s->polls++ == 0 ? 500 : s->body->status;
    buf_add_text(&reply->head, "Content-Type: application/json\r\n");
    buf_add_text(&reply->body, s->body->text);
    int code = buf_err(&reply->head, "head", e);
    return code == 0 ? buf_err(&reply->body, "body", e) : code;
}

static void a_wait_without_memory_ends_with_an_error_and_keeps_nothing(void **state)
{
    (void)state;
    static const struct task_result nothing = {.view.progress = -1};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        for (int nth = 1;; nth++) {
            struct clock_sim clock;
            struct service service = {.transport = {play, &clock.clock}, .body = &bodies[i]};
            struct task_result r;
            clock_sim_init(&clock, 1700000000000);
            struct task_options o = {.upstream = bodies[i].upstream,
                                     .base_url = "http://h",
                                     .task_id = "t",
                                     .token = "sk-1",
                                     .app_id = 1,
                                     .secret = "s",
                                     .seed = 1,
                                     .transport = &service.transport};
            assert_true(nth < ALLOCATIONS_MAX);
            arm(nth, true);
            int code = task_wait(&o, &r, NULL);
            memory.armed = false;
            if (memory.failed == 0) {
                assert_int_equal(code, 0);
                assert_int_equal(r.polls, 2);
                break;
            }
            assert_int_equal(code, ERR_MEMORY);
            assert_memory_equal(&r, &nothing, sizeof(r));
        }
    }
}

static void a_transport_without_memory_is_not_opened(void **state)
{
    (void)state;
    struct task_transport *t;
    struct err e;
    assert_int_equal(transport_curl_open(NULL, &t, &e), 0); /* libcurl's own start is not counted */
    task_transport_close(t);
    arm(1, true);
    int code = transport_curl_open(NULL, &t, &e);
    memory.armed = false;
    assert_int_equal(code, ERR_MEMORY);
    assert_null(t);
    task_transport_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decoder_without_memory_says_so_and_leaves_the_view_clear),
        cmocka_unit_test(a_wait_without_memory_ends_with_an_error_and_keeps_nothing),
        cmocka_unit_test(a_transport_without_memory_is_not_opened),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
