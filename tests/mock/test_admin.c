/* The admin: who may ask, which pages there are, what they answer. No sockets. */
#include "mockserver/admin/admin.h"

#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 4, START_MS = 1700000000 };

struct world {
    struct fixtures *fixtures;
    struct mock *mock;
    struct clock_manual clock;
    struct admin admin;
    struct plan plan;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    static const char *const names[] = {"mock"};
    struct mock_options options = {
        .seed = 1,
        .auth = {.no_auth = true},
        .hosts = {.listen = "192.0.2.7:8080", .names = names, .name_count = 1}};
    assert_non_null(w);
    assert_int_equal(fixtures_load(getenv("UNDERSTUDY_FIXTURES"), NULL, NULL, &w->fixtures, NULL),
                     0);
    assert_int_equal(mock_open(w->fixtures, &options, &w->mock, NULL), 0);
    clock_manual_init(&w->clock, START_MS);
    w->admin = (struct admin){
        .mock = w->mock, .clock_kind = "manual", .speed = 1, .manual = &w->clock};
    plan_init(&w->plan);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    plan_fini(&w->plan);
    clock_manual_fini(&w->clock);
    mock_close(w->mock);
    fixtures_free(w->fixtures);
    free(w);
    return 0;
}

/* headers: "Name: value" lines, parted by '\n'. */
static struct message request_of(const char *method, const char *target, const char *headers,
                                 const char *body, struct header room[HEADERS_MAX])
{
    struct message r = {.method = span_of(method),
                        .target_text = span_of(target),
                        .body = span_of(body),
                        .headers = room};
    struct span rest = span_of(headers);
    while (rest.n > 0) {
        size_t end = span_find(rest, '\n');
        struct span line = span_cut(rest, 0, end);
        size_t colon = span_find(line, ':');
        room[r.header_count].name = span_cut(line, 0, colon);
        room[r.header_count++].value = span_trim(span_cut(line, colon + 1, line.n));
        rest = span_cut(rest, end + 1, rest.n);
    }
    message_open(&r);
    return r;
}

static int ask(struct world *w, const char *method, const char *target, const char *headers,
               const char *body)
{
    struct header room[HEADERS_MAX];
    struct message r = request_of(method, target, headers, body, room);
    assert_true(admin_owns(&w->admin, &r));
    admin_answer(&w->admin, &r, clock_now(&w->clock.clock), &w->plan);
    message_close(&r);
    assert_false(w->plan.broken);
    assert_null(strstr(w->plan.answer.p, "Access-Control"));
    return w->plan.status;
}

static const char *body_of(const struct world *w)
{
    return w->plan.answer.p + w->plan.body_at;
}

/* The text or number that pointer names in the last body. */
static const char *value(const struct world *w, const char *pointer)
{
    static char out[512];
    struct json_range range;
    struct span body = span_of(body_of(w));
    if (!json_find(body, pointer, &range))
        return "absent";
    assert_true(span_copy(span_cut(body, range.at, range.len), out, sizeof out));
    return out;
}

static void poll(struct world *w, const char *target)
{
    struct message r = {.method = span_of("GET"), .target_text = span_of(target)};
    struct plan plan;
    plan_init(&plan);
    message_open(&r);
    mock_answer(w->mock, &r, clock_now(&w->clock.clock), &plan);
    message_close(&r);
    mock_played(w->mock, &plan, clock_now(&w->clock.clock), plan.answer.n, true);
    plan_fini(&plan);
}

/* 80 levels: more than any text of ours may have. */
#define DEEP_16 "[[[[[[[[[[[[[[[["
#define SHUT_16 "]]]]]]]]]]]]]]]]"
#define DEEP DEEP_16 DEEP_16 DEEP_16 DEEP_16 DEEP_16 SHUT_16 SHUT_16 SHUT_16 SHUT_16 SHUT_16

#define JSON_TYPE "Content-Type: application/json"

static void every_request_gets_its_status(void **state)
{
    static const struct {
        int status;
        const char *method, *target, *headers, *body;
    } cases[] = {
        {200, "GET", "/_mock/health", "", ""},
        {200, "HEAD", "/_mock/health", "", ""},
        {200, "GET", "/_mock/health", "Host: localhost:8080", ""},
        {200, "GET", "/_mock/health", "Host: 127.0.0.1", ""},
        {200, "GET", "/_mock/health", "Host: [::1]:1", ""},
        {200, "GET", "/_mock/health", "Host: 192.0.2.7:8080", ""},
        {200, "GET", "/_mock/health", "Origin: http://localhost:8080", ""},
        {200, "GET", "/_mock/health", "Sec-Fetch-Site: same-origin", ""},
        {200, "GET", "/_mock/health", "Sec-Fetch-Site: none", ""},
        {200, "GET", "/_mock/health", "Host: mock:8080", ""},
        {200, "GET", "/_mock/health", "Host: mock:8080\nOrigin: http://mock:8080", ""},
        {200, "GET", "http://mock:8080/_mock/health", "Host: evil.example", ""},
        {200, "GET", "http://localhost/_mock/health", "", ""},
        {403, "GET", "http://evil.example/_mock/health", "Host: localhost", ""},
        {403, "GET", "http://user@localhost/_mock/health", "Host: localhost", ""},
        {403, "GET", "/_mock/health", "Host: user@localhost", ""},
        {403, "GET", "/_mock/health", "Host: localhost:80@evil.example", ""},
        {403, "GET", "/_mock/health", "Host: localhost:x", ""},
        {403, "GET", "/_mock/health", "Origin: http://localhost:80@evil.example", ""},
        {403, "GET", "/_mock/health", "Host: mock.evil.example", ""},
        {403, "GET", "/_mock/health", "Host: evil.example", ""},
        {403, "GET", "/_mock/health", "Host: localhost.evil.example", ""},
        {403, "GET", "/_mock/health", "Host: 192.0.2.8:8080", ""},
        {403, "GET", "/_mock/health", "Origin: http://evil.example", ""},
        {403, "GET", "/_mock/health", "Origin: null", ""},
        {403, "GET", "/_mock/health", "Origin: https://evil.example/localhost", ""},
        {403, "GET", "/_mock/health", "Sec-Fetch-Site: cross-site", ""},
        {403, "GET", "/_mock/health", "Sec-Fetch-Site: same-site", ""},
        {403, "POST", "/_mock/reset", JSON_TYPE "\nOrigin: http://evil.example", ""},
        {404, "GET", "/_mock", "", ""},
        {404, "GET", "/_mock/", "", ""},
        {404, "GET", "/_mock/healthy", "", ""},
        {404, "GET", "/_mock/health/", "", ""},
        {405, "POST", "/_mock/health", JSON_TYPE, ""},
        {405, "GET", "/_mock/reset", "", ""},
        {405, "DELETE", "/_mock/clock", JSON_TYPE, ""},
        {415, "POST", "/_mock/reset", "", ""},
        {415, "POST", "/_mock/reset", "Content-Type: text/plain", "{}"},
        {415, "POST", "/_mock/reset", "Content-Type: application/x-www-form-urlencoded", "{}"},
        {200, "POST", "/_mock/reset", JSON_TYPE, ""},
        {200, "POST", "/_mock/reset", "Content-Type: application/json; charset=utf-8", "{}"},
        {200, "POST", "/_mock/reset", JSON_TYPE, "{\"task\":\"x\"}"},
        {200, "POST", "/_mock/reset", JSON_TYPE, "{\"upstream\":\"doubao\",\"session\":\"s\"}"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "{\"tsk\":\"x\"}"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "{\"task\":7}"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "{\"session\":null}"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "{\"upstream\":\"duobao\"}"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "{\"task\":"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "[]"},
        {400, "POST", "/_mock/reset", JSON_TYPE, "null"},
        {400, "POST", "/_mock/reset", JSON_TYPE, DEEP},
        {400, "POST", "/_mock/clock", JSON_TYPE, DEEP},
        {400, "GET", "/_mock/tasks?limit=100001", "", ""},
        {400, "GET", "/_mock/tasks?since=x", "", ""},
        {200, "GET", "/_mock/upstreams", "", ""},
        {200, "GET", "/_mock/scenarios", "", ""},
        {200, "GET", "/_mock/scenarios?upstream=doubao", "", ""},
        {400, "GET", "/_mock/scenarios?upstream=duobao", "", ""},
        {400, "GET", "/_mock/scenarios?task=x", "", ""},
        {200, "GET", "/_mock/tasks?task=x&upstream=doubao", "", ""},
        {200, "GET", "/_mock/journal?task=a%2Fb&since=0&limit=10", "", ""},
        {400, "GET", "/_mock/journal?since=-1", "", ""},
        {400, "GET", "/_mock/journal?since=x", "", ""},
        {400, "GET", "/_mock/journal?limit=100001", "", ""},
        {400, "GET", "/_mock/journal?sinse=1", "", ""},
        {400, "GET", "/_mock/journal?task=%zz", "", ""},
        {200, "GET", "/_mock/clock", "", ""},
        {400, "POST", "/_mock/clock", JSON_TYPE, ""},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "[]"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance\":30}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance\":\"30\"}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":-1}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":1.5}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":99999999999999}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advance\":\"1s\",\"advance_ms\":1}"},
        {400, "POST", "/_mock/clock", JSON_TYPE, "{\"advanse\":\"1s\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = ask(*state, cases[i].method, cases[i].target, cases[i].headers, cases[i].body);
        if (status != cases[i].status)
            fail_msg("%s %s [%s] %s: wanted %d, got %d", cases[i].method, cases[i].target,
                     cases[i].headers, cases[i].body, cases[i].status, status);
        assert_int_equal(json_scan(span_of(body_of(*state)), NULL, NULL), 0);
    }
    assert_int_equal(clock_now(&((struct world *)*state)->clock.clock), START_MS);
}

static void errors_name_the_nearest_right_thing(void **state)
{
    struct world *w = *state;
    ask(w, "GET", "/_mock/jurnal", "", "");
    assert_non_null(strstr(body_of(w), "/_mock/journal"));
    ask(w, "GET", "/_mock/journal?sinse=1", "", "");
    assert_non_null(strstr(body_of(w), "did you mean since"));
    ask(w, "GET", "/_mock/tasks?upstream=duobao", "", "");
    assert_non_null(strstr(body_of(w), "did you mean doubao"));
    ask(w, "POST", "/_mock/reset", JSON_TYPE, "{\"sesion\":\"s\"}");
    assert_non_null(strstr(body_of(w), "unknown key sesion; the nearest is session"));
    ask(w, "POST", "/_mock/reset", JSON_TYPE, "{\"upstream\":\"duobao\"}");
    assert_non_null(strstr(body_of(w), "did you mean doubao"));
    ask(w, "POST", "/_mock/reset", JSON_TYPE, DEEP);
    assert_non_null(strstr(body_of(w), "64"));
    ask(w, "POST", "/_mock/health", JSON_TYPE, "");
    assert_non_null(strstr(w->plan.answer.p, "Allow: GET, HEAD\r\n"));
    ask(w, "DELETE", "/_mock/clock", JSON_TYPE, "");
    assert_non_null(strstr(w->plan.answer.p, "Allow: GET, HEAD, POST\r\n"));
}

static void a_path_of_the_admin_under_a_contracts_host_is_the_mocks(void **state)
{
    struct world *w = *state;
    const struct upstream *u = fixtures_upstream(w->fixtures, "avatar");
    struct header host = {span_of("Host"), span_of(u->contract.hosts[0])};
    struct message r = {.method = span_of("GET"),
                        .target_text = span_of("/_mock/health"),
                        .headers = &host,
                        .header_count = 1};
    message_open(&r);
    assert_false(admin_owns(&w->admin, &r));
    host.value = span_of("localhost");
    message_open(&r);
    assert_true(admin_owns(&w->admin, &r));
    r.target_text = span_of("/_mocks");
    message_open(&r);
    assert_false(admin_owns(&w->admin, &r));
}

static void the_clock_moves_by_what_is_said(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance\":\"30s\"}"), 200);
    assert_int_equal(clock_now(&w->clock.clock), START_MS + 30000);
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":12}"), 200);
    assert_string_equal(value(w, "/now"), "1700030012");
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":31622400001}"),
                     400);
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":31622400000}"),
                     200);
    assert_int_equal(clock_now(&w->clock.clock),
                     START_MS + 30012 + INT64_C(31622400000)); /* a leap year */
    w->admin.manual = NULL;
    w->admin.clock_kind = "real";
    assert_int_equal(ask(w, "POST", "/_mock/clock", JSON_TYPE, "{\"advance_ms\":12}"), 409);
}

static void tasks_and_journal_show_what_happened_and_reset_forgets_it(void **state)
{
    struct world *w = *state;
    poll(w, "/doubao:slow/v1/video/generations/a%2Fb?Signature=0123456789abcdef&token=hush");
    poll(w, "/doubao/v1/video/generations/c");
    ask(w, "GET", "/_mock/tasks", "", "");
    assert_string_equal(value(w, "/tasks/0/id"), "\"a/b\"");
    assert_string_equal(value(w, "/tasks/0/scenario"), "\"slow\"");
    assert_string_equal(value(w, "/tasks/1/polls"), "1");
    assert_string_equal(value(w, "/complete"), "true");

    ask(w, "GET", "/_mock/journal?task=a%2Fb", "", "");
    assert_string_equal(value(w, "/entries/0/task"), "\"a/b\"");
    assert_string_equal(value(w, "/entries/0/status"), "200");
    assert_string_equal(value(w, "/entries/1"), "absent");
    assert_null(strstr(body_of(w), "0123456789abcdef"));
    assert_null(strstr(body_of(w), "hush"));
    assert_non_null(strstr(value(w, "/entries/0/target"), "Signature=REDACTED"));

    ask(w, "GET", "/_mock/journal?limit=1", "", "");
    assert_string_equal(value(w, "/complete"), "false");
    assert_string_equal(value(w, "/next"), "1");
    ask(w, "GET", "/_mock/journal?since=1", "", "");
    assert_string_equal(value(w, "/complete"), "true");
    assert_string_equal(value(w, "/entries/0/task"), "\"c\"");

    ask(w, "POST", "/_mock/reset", JSON_TYPE, "{}");
    ask(w, "GET", "/_mock/tasks", "", "");
    assert_string_equal(value(w, "/tasks"), "[]");
    ask(w, "GET", "/_mock/journal", "", "");
    assert_string_equal(value(w, "/entries"), "[]");
}

/* Appends the one-letter ids of the listed tasks to out; returns how many. */
static size_t add_ids(const struct world *w, char out[16])
{
    char pointer[16];
    size_t n = 0;
    for (;; n++) {
        snprintf(pointer, sizeof pointer, "/tasks/%zu/id", n);
        const char *id = value(w, pointer);
        if (strcmp(id, "absent") == 0)
            return n;
        size_t end = strlen(out);
        assert_true(end < 15);
        snprintf(out + end, 16 - end, "%c", id[1]);
    }
}

static void a_reset_with_a_body_forgets_the_tasks_that_have_all_it_says(void **state)
{
    static const struct {
        const char *body, *forgotten, *left; /* ids of the tasks that are left, in order */
    } rows[] = {
        {"{\"task\":\"a\"}", "3", "bc"},
        {"{\"task\":\"a\",\"upstream\":\"video\"}", "1", "aabc"},
        {"{\"session\":\"s\"}", "2", "aab"},
        {"{\"session\":\"\"}", "3", "ac"},
        {"{\"upstream\":\"doubao\",\"session\":\"s\",\"task\":\"a\"}", "1", "aabc"},
        {"{\"task\":\"nobody\"}", "0", "aaabc"},
        {"{\"task\":\"\"}", "0", "aaabc"},
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char left[16] = "";
        ask(w, "POST", "/_mock/reset", JSON_TYPE, "");
        poll(w, "/doubao/v1/video/generations/a");
        poll(w, "/video/v1/video/generations/a");
        poll(w, "/doubao:slow:s/v1/video/generations/a");
        poll(w, "/doubao/v1/video/generations/b");
        poll(w, "/doubao:slow:s/v1/video/generations/c");
        ask(w, "POST", "/_mock/reset", JSON_TYPE, rows[i].body);
        assert_string_equal(value(w, "/forgotten"), rows[i].forgotten);
        ask(w, "GET", "/_mock/tasks", "", "");
        add_ids(w, left);
        assert_string_equal(left, rows[i].left);
        ask(w, "GET", "/_mock/journal", "", "");
        assert_string_not_equal(value(w, "/entries/4"), "absent"); /* the journal keeps them all */
    }
}

static void a_forgotten_task_starts_anew(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3; i++)
        poll(w, "/doubao/v1/video/generations/a");
    ask(w, "POST", "/_mock/reset", JSON_TYPE, "{\"task\":\"a\"}");
    poll(w, "/doubao/v1/video/generations/a");
    ask(w, "GET", "/_mock/tasks?task=a", "", "");
    assert_string_equal(value(w, "/tasks/0/polls"), "1");
    assert_string_equal(value(w, "/tasks/0/state"), "\"queued\"");
}

static void a_body_that_is_refused_resets_nothing(void **state)
{
    static const char *const bodies[] = {"{\"tsk\":\"a\"}", "{\"task\":\"a\",\"upstream\":\"x\"}",
                                         "[]", "{", DEEP};
    struct world *w = *state;
    poll(w, "/doubao/v1/video/generations/a");
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(ask(w, "POST", "/_mock/reset", JSON_TYPE, bodies[i]), 400);
        ask(w, "GET", "/_mock/tasks", "", "");
        assert_string_equal(value(w, "/tasks/0/id"), "\"a\"");
    }
}

/* Page by page, with tasks that go and come between two pages. */
static void tasks_come_in_pages_that_show_each_task_once(void **state)
{
    struct world *w = *state;
    char target[64], seen[16] = "";
    for (char c = 'a'; c < 'h'; c++) {
        snprintf(target, sizeof target, "/doubao/v1/video/generations/%c", c);
        poll(w, target);
    }
    snprintf(target, sizeof target, "/_mock/tasks?limit=3");
    for (int page = 0; page < 9; page++) {
        ask(w, "GET", target, "", "");
        assert_in_range(add_ids(w, seen), 1, 3);
        const char *next = value(w, "/next");
        bool is_last = strcmp(next, "null") == 0;
        assert_string_equal(value(w, "/complete"), is_last ? "true" : "false");
        ask(w, "GET", target, "", "");
        snprintf(target, sizeof target, "/_mock/tasks?limit=3&since=%s", value(w, "/next"));
        if (is_last)
            break;
        if (page > 0)
            continue;
        ask(w, "POST", "/_mock/reset", JSON_TYPE, "{\"task\":\"e\"}");
        poll(w, "/doubao/v1/video/generations/x");
        poll(w, "/doubao/v1/video/generations/a"); /* not new, though asked again */
    }
    assert_string_equal(seen, "abcdfgx");
}

static void evicted_entries_are_named_and_the_journal_is_not_complete(void **state)
{
    struct world *w = *state;
    struct mock_options options = {.seed = 1, .auth = {.no_auth = true}, .journal_bytes = 64 << 10};
    struct mock *small = NULL;
    assert_int_equal(mock_open(w->fixtures, &options, &small, NULL), 0);
    mock_close(w->mock);
    w->mock = w->admin.mock = small;
    for (int i = 0; i < 2000; i++)
        poll(w, "/doubao/v1/video/generations/many");
    ask(w, "GET", "/_mock/journal", "", "");
    assert_string_equal(value(w, "/complete"), "false");
    assert_string_equal(value(w, "/evicted/from"), "1");
    long to = strtol(value(w, "/evicted/to"), NULL, 10);
    assert_in_range(to, 1, 1999);
    assert_int_equal(strtol(value(w, "/entries/0/seq"), NULL, 10), to + 1);
}

static void a_long_list_says_that_it_is_cut(void **state)
{
    struct world *w = *state;
    char target[64];
    for (int i = 0; i < 8000; i++) {
        snprintf(target, sizeof target, "/doubao/v1/video/generations/t%d", i);
        poll(w, target);
    }
    ask(w, "GET", "/_mock/tasks", "", "");
    assert_string_equal(value(w, "/complete"), "false");
    assert_int_not_equal(strtol(value(w, "/next"), NULL, 10), 0);
    ask(w, "GET", "/_mock/journal", "", "");
    assert_string_equal(value(w, "/complete"), "false");
    assert_int_not_equal(strtol(value(w, "/next"), NULL, 10), 0);
    ask(w, "GET", "/_mock/tasks?task=t7999", "", "");
    assert_string_equal(value(w, "/complete"), "true");
    assert_string_equal(value(w, "/tasks/0/id"), "\"t7999\"");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(every_request_gets_its_status),
        WITH_WORLD(errors_name_the_nearest_right_thing),
        WITH_WORLD(a_path_of_the_admin_under_a_contracts_host_is_the_mocks),
        WITH_WORLD(the_clock_moves_by_what_is_said),
        WITH_WORLD(tasks_and_journal_show_what_happened_and_reset_forgets_it),
        WITH_WORLD(a_reset_with_a_body_forgets_the_tasks_that_have_all_it_says),
        WITH_WORLD(a_forgotten_task_starts_anew),
        WITH_WORLD(a_body_that_is_refused_resets_nothing),
        WITH_WORLD(tasks_come_in_pages_that_show_each_task_once),
        WITH_WORLD(evicted_entries_are_named_and_the_journal_is_not_complete),
        WITH_WORLD(a_long_list_says_that_it_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
