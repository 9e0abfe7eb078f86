/* The testbed inside somebody else's test program: a client of theirs, judged in-process. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "base/text.h"
#include "client/http/http.h"
#include "harness/embed/judge.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

enum { ANSWER_MAX = 4096 };

/* What both little clients know of the dialect: enough for doubao:success and doubao:overloaded. */
static bool is_done(const char *body)
{
    return strstr(body, "\"success\",\n    \"progress\"") != NULL;
}

static const char *url_in(char *body)
{
    char *at = strstr(body, "https://storage");
    if (at == NULL)
        return "";
    *strchr(at, '"') = '\0';
    return at;
}

static void open_testbed(enum testbed_transport transport, struct testbed **testbed)
{
    struct err e = {0};
    struct testbed_options options = {.fixtures = fixtures, .transport = transport};
    if (testbed_open(&options, testbed, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void place_of(struct testbed *testbed, const char *scenario, struct endpoint *endpoint)
{
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    testbed_endpoint(testbed, u, upstream_scenario(u, scenario), 1, endpoint);
}

/* -- A client that takes a transport: waits interval_ms between polls, whatever it is told ------- */

static void poll_by_transport(struct testbed *testbed, const struct endpoint *endpoint,
                              int64_t interval_ms, char *body, size_t body_size)
{
    struct task_transport *t = testbed_transport(testbed);
    char url[1024];
    struct http_reply reply;
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", endpoint->base_url, endpoint->task_id);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = {"Authorization: Bearer " TESTBED_TOKEN},
                                   .timeout_ms = 30000};
    http_reply_init(&reply);
    for (body[0] = '\0'; !is_done(body); testbed_advance(testbed, interval_ms)) {
        assert_int_equal(t->exchange(t, &request, &reply, NULL), 0);
        span_copy(buf_span(&reply.body), body, body_size);
    }
    http_reply_fini(&reply);
}

static void a_polite_client_passes_and_its_story_stays_untold(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    struct buf trace;
    char body[ANSWER_MAX];
    buf_init(&trace, 1 << 20);
    open_testbed(TESTBED_DIRECT, &testbed);
    place_of(testbed, "success", &endpoint);
    poll_by_transport(testbed, &endpoint, 5000, body, sizeof body);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(body), NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, &trace, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(trace.n, 0);
    buf_fini(&trace);
    testbed_close(testbed);
}

static void a_client_that_ignores_retry_after_is_told_where(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    struct buf trace;
    char body[ANSWER_MAX];
    buf_init(&trace, 1 << 20);
    open_testbed(TESTBED_DIRECT, &testbed);
    place_of(testbed, "overloaded", &endpoint);
    poll_by_transport(testbed, &endpoint, 5000, body, sizeof body);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(body), NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, &trace, NULL), 0);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "retry-after");
    assert_non_null(strstr(trace.p, "<- here"));
    assert_non_null(strstr(trace.p, "story     direct\n"));
    assert_non_null(strstr(trace.p, " --transport direct\n"));
    buf_fini(&trace);
    testbed_close(testbed);
}

/* -- A client that knows sockets only -------------------------------------------------------------- */

static void get_by_socket(const char *url, const char *headers, char *answer, size_t answer_size)
{
    unsigned port = 0;
    int path_at = 0;
    char request[2048];
    assert_int_equal(sscanf(url, "http://127.0.0.1:%u%n", &port, &path_at), 1);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%sConnection: close\r\n\r\n",
                     url + path_at, port, headers);
    assert_int_equal(send(fd, request, (size_t)n, MSG_NOSIGNAL), n);
    size_t got = 0;
    ssize_t some;
    while ((some = recv(fd, answer + got, answer_size - 1 - got, 0)) > 0)
        got += (size_t)some;
    answer[got] = '\0';
    close(fd);
}

#define WITH_TOKEN "Authorization: Bearer " TESTBED_TOKEN "\r\n"

static void ask_by_socket(const struct endpoint *endpoint, char *answer, size_t answer_size)
{
    char url[1024];
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", endpoint->base_url, endpoint->task_id);
    get_by_socket(url, WITH_TOKEN, answer, answer_size);
}

/* The shape of most clients: a thread of its own, which waits between polls. */
struct client {
    struct testbed *testbed;
    const struct endpoint *endpoint;
    char answer[ANSWER_MAX];
    uint32_t polls;
};

static void *poll_every_5_s(void *arg)
{
    struct client *c = arg;
    testbed_join(c->testbed);
    for (;; clock_wait(testbed_clock(c->testbed), 5000)) {
        ask_by_socket(c->endpoint, c->answer, sizeof c->answer);
        c->polls++;
        if (is_done(c->answer))
            return NULL;
    }
}

static void a_client_of_ones_own_moves_through_an_hour_that_nobody_advances(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    struct buf trace;
    struct client client = {.endpoint = &endpoint};
    pthread_t thread;
    buf_init(&trace, 1 << 20);
    open_testbed(TESTBED_WIRE, &testbed);
    client.testbed = testbed;
    place_of(testbed, "hour", &endpoint);
    int64_t began_ms = clock_now(testbed_clock(testbed));
    assert_int_equal(pthread_create(&thread, NULL, poll_every_5_s, &client), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(client.polls, 721);
    assert_int_equal(clock_now(testbed_clock(testbed)) - began_ms, 3600000);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(client.answer), NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, &trace, NULL), 0);
    if (v.kind != VERDICT_PASS)
        fail_msg("%s", trace.p);
    buf_fini(&trace);
    testbed_close(testbed);
}

static void time_on_the_wire_passes_when_the_test_lets_it(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    char answer[ANSWER_MAX];
    uint32_t polls = 0;
    open_testbed(TESTBED_WIRE, &testbed);
    place_of(testbed, "success", &endpoint);
    for (answer[0] = '\0'; !is_done(answer); testbed_advance(testbed, 5000), polls++)
        ask_by_socket(&endpoint, answer, sizeof answer);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(polls, 5);
    testbed_close(testbed);
}

static void polls_without_time_between_them_are_found_on_the_wire_too(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    char answer[ANSWER_MAX] = "";
    open_testbed(TESTBED_WIRE, &testbed);
    place_of(testbed, "success", &endpoint);
    while (!is_done(answer))
        ask_by_socket(&endpoint, answer, sizeof answer);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    struct buf trace;
    buf_init(&trace, 1 << 20);
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, &trace, NULL), 0);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "hot-loop");
    assert_string_equal(v.findings[1].rule->name, "interval"); /* which follows from it */
    assert_int_equal(v.findings[1].under, 0);
    assert_non_null(strstr(trace.p, "story     wire\n"));
    assert_non_null(strstr(trace.p, " --transport wire\n"));
    buf_fini(&trace);
    testbed_close(testbed);
}

/* How long a Retry-After date asks to wait, read by the machine's clock; 5 s without one. */
static int64_t wait_by_date_ms(const char *answer, int64_t asked_at_ms)
{
    const char *at = strstr(answer, "\r\nRetry-After: ");
    int64_t until_s = 0;
    if (at == NULL)
        return 5000;
    at += strlen("\r\nRetry-After: ");
    assert_true(text_http_date((struct span){at, strcspn(at, "\r")}, &until_s));
    int64_t wait_ms = until_s * 1000 - asked_at_ms;
    assert_in_range(wait_ms, 15000, 21000); /* the fixture asks for 20 s */
    return wait_ms;
}

static void a_client_whose_clock_is_real_reads_dates_by_it_in_a_lab_of_another_time(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    struct err e = {0};
    char answer[ANSWER_MAX] = "";
    struct testbed_options options = {
        .fixtures = fixtures, .transport = TESTBED_WIRE, .real_clients = true};
    if (testbed_open(&options, &testbed, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    testbed_advance(testbed, INT64_C(400) * 24 * 3600 * 1000); /* far from the machine's time */
    place_of(testbed, "overloaded-date", &endpoint);
    while (!is_done(answer)) {
        int64_t asked_at_ms = clock_now(
            clock_real()); /* the testbed's clock stands still meanwhile */
        ask_by_socket(&endpoint, answer, sizeof answer);
        testbed_advance(testbed, wait_by_date_ms(answer, asked_at_ms));
    }
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    testbed_close(testbed);
}

/* Fetches the result with the headers; returns the rule that was broken, "" for none. */
static const char *rule_broken_by_fetching_with(const char *headers)
{
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    struct err e = {0};
    char answer[ANSWER_MAX] = "";
    char movie[ANSWER_MAX];
    struct testbed_options options = {
        .fixtures = fixtures, .transport = TESTBED_WIRE, .assets = true};
    if (testbed_open(&options, &testbed, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    place_of(testbed, "success", &endpoint);
    for (; !is_done(answer); testbed_advance(testbed, 5000))
        ask_by_socket(&endpoint, answer, sizeof answer);
    char *url = strstr(answer, endpoint.asset_url);
    assert_non_null(url);
    *strchr(url, '"') = '\0';
    get_by_socket(url, headers, movie, sizeof movie);
    assert_non_null(strstr(movie, "200 OK"));
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url, NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, NULL, NULL), 0);
    testbed_close(testbed);
    return v.finding_count > 0 ? v.findings[0].rule->name : "";
}

static void a_download_is_seen_and_a_token_that_came_along(void **state)
{
    (void)state;
    assert_string_equal(rule_broken_by_fetching_with(""), "");
    assert_string_equal(rule_broken_by_fetching_with(WITH_TOKEN), "auth");
}

static void a_place_that_nobody_polled_is_no_pass(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    struct verdict v;
    open_testbed(TESTBED_DIRECT, &testbed);
    place_of(testbed, "success", &endpoint);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, NULL, NULL};
    assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
    testbed_close(testbed);
}

/* -- What testbed.h and judge.h say besides ------------------------------------------------------------- */

static void open_as(struct testbed_options options, struct testbed **testbed)
{
    struct err e = {0};
    options.fixtures = fixtures;
    if (testbed_open(&options, testbed, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

/* One poll over the testbed's transport. */
static void ask(struct testbed *testbed, const struct endpoint *endpoint, const char *header)
{
    struct task_transport *t = testbed_transport(testbed);
    struct http_reply reply;
    char url[1024];
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", endpoint->base_url, endpoint->task_id);
    struct http_request request = {
        .method = "GET", .url = url, .headers = {header}, .timeout_ms = 30000};
    http_reply_init(&reply);
    assert_int_equal(t->exchange(t, &request, &reply, NULL), 0);
    http_reply_fini(&reply);
    testbed_advance(testbed, 5000);
}

static void what_a_client_reports_is_held_against_what_came(void **state)
{
    (void)state;
    static const struct {
        struct report_of_client report;
        enum verdict_kind kind;
    } rows[] = {{{TASK_OUTCOME_FAILED, NULL, "task failed"}, VERDICT_PASS},
                {{TASK_OUTCOME_FAILED, "", "another reason"}, VERDICT_PASS}, /* with a remark */
                {{TASK_OUTCOME_SUCCEEDED, "https://v", "task failed"}, VERDICT_FAIL},
                {{TASK_OUTCOME_GAVE_UP, NULL, "task failed"}, VERDICT_FAIL}};
    struct testbed *testbed = NULL;
    struct endpoint endpoint;
    open_testbed(TESTBED_DIRECT, &testbed);
    place_of(testbed, "failure", &endpoint);
    for (int i = 0; i < 4; i++)
        ask(testbed, &endpoint, "Authorization: Bearer " TESTBED_TOKEN);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict v;
        assert_int_equal(judge_endpoint(testbed, &endpoint, &rows[i].report, &v, NULL, NULL), 0);
        if (v.kind != rows[i].kind)
            fail_msg("row %zu: %s", i, v.finding_count > 0 ? v.findings[0].text : "passed");
        if (v.kind == VERDICT_FAIL)
            assert_string_equal(v.findings[0].rule->name, "outcome");
        if (rows[i].report.outcome == TASK_OUTCOME_GAVE_UP)
            assert_non_null(strstr(v.findings[0].text, "as the test says"));
    }
    testbed_close(testbed);
}

static void credentials_are_asked_for_unless_the_lab_says_otherwise(void **state)
{
    (void)state;
    static const struct report_of_client report = {TASK_OUTCOME_FAILED, NULL, "task failed"};
    for (int no_auth = 0; no_auth < 2; no_auth++) {
        struct testbed *testbed = NULL;
        struct endpoint endpoint;
        struct verdict v;
        open_as((struct testbed_options){.transport = TESTBED_DIRECT, .no_auth = no_auth == 1},
                &testbed);
        place_of(testbed, "failure", &endpoint);
        for (int i = 0; i < 4; i++)
            ask(testbed, &endpoint, NULL);
        assert_int_equal(judge_endpoint(testbed, &endpoint, &report, &v, NULL, NULL), 0);
        assert_int_equal(v.kind, no_auth == 1 ? VERDICT_PASS : VERDICT_FAIL);
        testbed_close(testbed);
    }
}

static void each_run_has_a_place_and_a_story_of_its_own(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint first, second;
    struct evidence seen;
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    const struct scenario *s = upstream_scenario(u, "success");
    open_testbed(TESTBED_DIRECT, &testbed);
    testbed_endpoint(testbed, u, s, 1, &first);
    testbed_endpoint(testbed, u, s, 2, &second);
    assert_string_not_equal(first.base_url, second.base_url);
    assert_string_not_equal(first.session, second.session);
    assert_string_not_equal(first.task_id, second.task_id);
    ask(testbed, &first, NULL);
    assert_int_equal(testbed_collect(testbed, &first, &seen, NULL), 0);
    assert_int_equal(seen.trace.count, 1);
    evidence_fini(&seen);
    assert_int_equal(testbed_collect(testbed, &second, &seen, NULL), 0);
    assert_int_equal(seen.trace.count, 0);
    evidence_fini(&seen);
    place_of(testbed, "encoded-id", &first);
    assert_string_equal(first.task_id, first.scenario->id);
    testbed_close(testbed);
}

static void evidence_says_how_it_was_taken(void **state)
{
    (void)state;
    static const struct {
        struct testbed_options options;
        uint32_t speed;
    } rows[] = {{{.transport = TESTBED_DIRECT, .speed = 7}, 0}, /* simulated time has no speed */
                {{.transport = TESTBED_WIRE, .speed = 7}, 7},
                {{.transport = TESTBED_WIRE, .no_auth = true}, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct testbed *testbed = NULL;
        struct endpoint endpoint;
        struct evidence seen;
        open_as(rows[i].options, &testbed);
        place_of(testbed, "success", &endpoint);
        assert_int_equal(testbed_collect(testbed, &endpoint, &seen, NULL), 0);
        assert_ptr_equal(seen.upstream, endpoint.upstream);
        assert_ptr_equal(seen.scenario, endpoint.scenario);
        assert_int_equal(seen.transport, rows[i].options.transport);
        assert_int_equal(seen.speed, rows[i].speed);
        assert_int_equal(seen.no_auth, rows[i].options.no_auth);
        assert_int_equal(testbed_transport(testbed) != NULL,
                         rows[i].options.transport == TESTBED_DIRECT);
        evidence_fini(&seen);
        testbed_close(testbed);
    }
}

/* A clock that runs by itself is nobody's to move. */
static void a_clock_moves_by_what_it_is_told_when_it_stands_still(void **state)
{
    (void)state;
    enum { DAY_MS = 86400000 };
    static const struct {
        struct testbed_options options;
        bool moves;
    } rows[] = {{{.transport = TESTBED_DIRECT}, true},
                {{.transport = TESTBED_WIRE}, true},
                {{.transport = TESTBED_WIRE, .speed = 1}, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct testbed *testbed = NULL;
        open_as(rows[i].options, &testbed);
        int64_t before_ms = clock_now(testbed_clock(testbed));
        testbed_advance(testbed, DAY_MS);
        int64_t moved_ms = clock_now(testbed_clock(testbed)) - before_ms;
        if (rows[i].moves)
            assert_int_equal(moved_ms, DAY_MS);
        else
            assert_true(moved_ms < DAY_MS);
        testbed_close(testbed);
    }
}

/* Polls without a pause, as fast as one connection carries them. */
static void flood(const struct endpoint *endpoint, uint32_t count)
{
    struct task_transport *t = NULL;
    struct http_reply reply;
    char url[1024];
    assert_int_equal(transport_curl_open(clock_real(), &t, NULL), 0);
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", endpoint->base_url, endpoint->task_id);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = {"Authorization: Bearer " TESTBED_TOKEN},
                                   .timeout_ms = 30000};
    http_reply_init(&reply);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(t->exchange(t, &request, &reply, NULL), 0);
    http_reply_fini(&reply);
    task_transport_close(t);
}

static void a_flood_voids_no_run_beside_it_or_after_it_and_is_judged(void **state)
{
    (void)state;
    struct testbed *testbed = NULL;
    struct endpoint runs[3];
    struct evidence seen;
    struct verdict v;
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    const struct scenario *s = upstream_scenario(u, "success");
    open_testbed(TESTBED_WIRE, &testbed);
    for (uint32_t i = 0; i < 2; i++)
        testbed_endpoint(testbed, u, s, i, &runs[i]);
    flood(&runs[0], 1);
    flood(&runs[1], TESTBED_POLLS_MAX + 1);
    testbed_endpoint(testbed, u, s, 2, &runs[2]);
    flood(&runs[2], 1);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(testbed_collect(testbed, &runs[i], &seen, NULL), 0);
        assert_int_equal(seen.trace.count, i == 1 ? TESTBED_POLLS_MAX : 1);
        assert_int_equal(seen.trace.evicted, i == 1);
        evidence_fini(&seen);
    }
    struct report_of_client report = {TASK_OUTCOME_GAVE_UP, NULL, NULL};
    assert_int_equal(judge_endpoint(testbed, &runs[1], &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "terminal");

    testbed_endpoint(testbed, u, s, 1, &runs[1]);
    assert_int_equal(testbed_collect(testbed, &runs[1], &seen, NULL), 0);
    assert_int_equal(seen.trace.count, 0);
    assert_false(seen.trace.evicted);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polite_client_passes_and_its_story_stays_untold),
        cmocka_unit_test(a_client_that_ignores_retry_after_is_told_where),
        cmocka_unit_test(a_download_is_seen_and_a_token_that_came_along),
        cmocka_unit_test(a_client_of_ones_own_moves_through_an_hour_that_nobody_advances),
        cmocka_unit_test(time_on_the_wire_passes_when_the_test_lets_it),
        cmocka_unit_test(a_client_whose_clock_is_real_reads_dates_by_it_in_a_lab_of_another_time),
        cmocka_unit_test(polls_without_time_between_them_are_found_on_the_wire_too),
        cmocka_unit_test(a_place_that_nobody_polled_is_no_pass),
        cmocka_unit_test(what_a_client_reports_is_held_against_what_came),
        cmocka_unit_test(credentials_are_asked_for_unless_the_lab_says_otherwise),
        cmocka_unit_test(each_run_has_a_place_and_a_story_of_its_own),
        cmocka_unit_test(evidence_says_how_it_was_taken),
        cmocka_unit_test(a_clock_moves_by_what_it_is_told_when_it_stands_still),
        cmocka_unit_test(a_flood_voids_no_run_beside_it_or_after_it_and_is_judged),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
