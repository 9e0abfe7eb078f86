/* The lab inside somebody else's test program: a client of theirs, judged in-process. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "base/text.h"
#include "client/http.h"
#include "harness/judge.h"

#include <arpa/inet.h>
#include <netinet/in.h>
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

static void open_lab(enum lab_transport transport, struct lab **lab)
{
    struct err e = {0};
    struct lab_options options = {.fixtures = fixtures, .transport = transport};
    if (lab_open(&options, lab, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
}

static void place_of(struct lab *lab, const char *scenario, struct lab_place *place)
{
    const struct upstream *u = fixtures_upstream(fixtures, "doubao");
    lab_place(lab, u, upstream_scenario(u, scenario), 1, place);
}

/* -- A client that takes a transport: waits interval_ms between polls, whatever it is told ------- */

static void poll_by_transport(struct lab *lab, const struct lab_place *place, int64_t interval_ms,
                              char *body, size_t body_size)
{
    struct task_transport *t = lab_transport(lab);
    char url[1024];
    struct http_reply reply;
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", place->base_url, place->task_id);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = {"Authorization: Bearer " LAB_TOKEN},
                                   .timeout_ms = 30000};
    http_reply_init(&reply);
    for (body[0] = '\0'; !is_done(body); lab_advance(lab, interval_ms)) {
        assert_int_equal(t->exchange(t, &request, &reply, NULL), 0);
        span_copy(buf_span(&reply.body), body, body_size);
    }
    http_reply_fini(&reply);
}

static void a_polite_client_passes_and_its_story_stays_untold(void **state)
{
    (void)state;
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    struct buf story;
    char body[ANSWER_MAX];
    buf_init(&story, 1 << 20);
    open_lab(LAB_DIRECT, &lab);
    place_of(lab, "success", &place);
    poll_by_transport(lab, &place, 5000, body, sizeof body);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(body), NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, &story, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(story.n, 0);
    buf_fini(&story);
    lab_close(lab);
}

static void a_client_that_ignores_retry_after_is_told_where(void **state)
{
    (void)state;
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    struct buf story;
    char body[ANSWER_MAX];
    buf_init(&story, 1 << 20);
    open_lab(LAB_DIRECT, &lab);
    place_of(lab, "overloaded", &place);
    poll_by_transport(lab, &place, 5000, body, sizeof body);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(body), NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, &story, NULL), 0);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "retry-after");
    assert_non_null(strstr(story.p, "<- here"));
    buf_fini(&story);
    lab_close(lab);
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

#define WITH_TOKEN "Authorization: Bearer " LAB_TOKEN "\r\n"

static void ask_by_socket(const struct lab_place *place, char *answer, size_t answer_size)
{
    char url[1024];
    snprintf(url, sizeof url, "%s/v1/video/generations/%s", place->base_url, place->task_id);
    get_by_socket(url, WITH_TOKEN, answer, answer_size);
}

static void time_on_the_wire_stands_still_until_the_test_moves_it(void **state)
{
    (void)state;
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    char answer[ANSWER_MAX];
    uint32_t polls = 0;
    open_lab(LAB_WIRE, &lab);
    place_of(lab, "success", &place);
    for (answer[0] = '\0'; !is_done(answer); lab_advance(lab, 5000), polls++)
        ask_by_socket(&place, answer, sizeof answer);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(polls, 5);
    lab_close(lab);
}

static void polls_without_time_between_them_are_found_on_the_wire_too(void **state)
{
    (void)state;
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    char answer[ANSWER_MAX] = "";
    open_lab(LAB_WIRE, &lab);
    place_of(lab, "success", &place);
    while (!is_done(answer))
        ask_by_socket(&place, answer, sizeof answer);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "interval");
    lab_close(lab);
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
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    struct err e = {0};
    char answer[ANSWER_MAX] = "";
    struct lab_options options = {
        .fixtures = fixtures, .transport = LAB_WIRE, .real_clients = true};
    if (lab_open(&options, &lab, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    lab_advance(lab, INT64_C(400) * 24 * 3600 * 1000); /* far from the machine's time */
    place_of(lab, "overloaded-date", &place);
    while (!is_done(answer)) {
        int64_t asked_at_ms = clock_now(clock_real()); /* the lab's clock stands still meanwhile */
        ask_by_socket(&place, answer, sizeof answer);
        lab_advance(lab, wait_by_date_ms(answer, asked_at_ms));
    }
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url_in(answer), NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_PASS);
    lab_close(lab);
}

/* Fetches the result with the headers; returns the rule that was broken, "" for none. */
static const char *rule_broken_by_fetching_with(const char *headers)
{
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    struct err e = {0};
    char answer[ANSWER_MAX] = "";
    char movie[ANSWER_MAX];
    struct lab_options options = {.fixtures = fixtures, .transport = LAB_WIRE, .assets = true};
    if (lab_open(&options, &lab, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    place_of(lab, "success", &place);
    for (; !is_done(answer); lab_advance(lab, 5000))
        ask_by_socket(&place, answer, sizeof answer);
    char *url = strstr(answer, place.asset_url);
    assert_non_null(url);
    *strchr(url, '"') = '\0';
    get_by_socket(url, headers, movie, sizeof movie);
    assert_non_null(strstr(movie, "200 OK"));
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, url, NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, NULL, NULL), 0);
    lab_close(lab);
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
    struct lab *lab = NULL;
    struct lab_place place;
    struct verdict v;
    open_lab(LAB_DIRECT, &lab);
    place_of(lab, "success", &place);
    struct report_of_client report = {TASK_OUTCOME_SUCCEEDED, NULL, NULL};
    assert_int_equal(judge_place(lab, &place, &report, &v, NULL, NULL), 0);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
    lab_close(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polite_client_passes_and_its_story_stays_untold),
        cmocka_unit_test(a_client_that_ignores_retry_after_is_told_where),
        cmocka_unit_test(a_download_is_seen_and_a_token_that_came_along),
        cmocka_unit_test(time_on_the_wire_stands_still_until_the_test_moves_it),
        cmocka_unit_test(a_client_whose_clock_is_real_reads_dates_by_it_in_a_lab_of_another_time),
        cmocka_unit_test(polls_without_time_between_them_are_found_on_the_wire_too),
        cmocka_unit_test(a_place_that_nobody_polled_is_no_pass),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
