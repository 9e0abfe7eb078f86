/* The libcurl transport against a server of raw bytes: a whole reply, or one typed error. */
#include "client/http/http.h"

#include "base/clock.h"

#include "raw_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PLENTY_MS = 20000, LITTLE_MS = 50 };

#define OK "HTTP/1.1 200 OK\r\n"
#define WHOLE OK "Content-Length: 5\r\nRetry-After: 7\r\n\r\nhello"

/* One transport, one server, one reply. */
struct world {
    struct raw_server server;
    struct task_transport *transport;
    struct http_reply reply;
    struct err e;
    char url[128];
};

static void open_world(struct world *w, struct clock *clock, const struct raw_answer *answers,
                       size_t count)
{
    raw_server_start(&w->server, answers, count);
    assert_int_equal(transport_curl_open(clock, &w->transport, &w->e), 0);
    http_reply_init(&w->reply);
    snprintf(w->url, sizeof w->url, "http://127.0.0.1:%u/a/..", w->server.port);
}

static void close_world(struct world *w)
{
    task_transport_close(w->transport);
    http_reply_fini(&w->reply);
    raw_server_stop(&w->server);
}

static int get(struct world *w, int64_t timeout_ms)
{
    struct http_request request = {.method = "GET",
                                   .url = w->url,
                                   .headers = {"Authorization: Bearer t"},
                                   .timeout_ms = timeout_ms};
    return w->transport->exchange(w->transport, &request, &w->reply, &w->e);
}

static int post(struct world *w)
{
    struct http_request request = {.method = "POST",
                                   .url = w->url,
                                   .headers = {"Content-Type: application/json"},
                                   .body = span_of("{\"TaskId\":\"t\"}"),
                                   .timeout_ms = PLENTY_MS};
    return w->transport->exchange(w->transport, &request, &w->reply, &w->e);
}

static void expect_empty(const struct world *w)
{
    assert_int_equal(w->reply.status, 0);
    assert_int_equal(w->reply.head.n, 0);
    assert_int_equal(w->reply.body.n, 0);
}

/* The one exchange of a world in which the server answers so. */
static int get_once(struct world *w, struct raw_answer answer, int64_t timeout_ms)
{
    open_world(w, NULL, &answer, 1);
    int code = get(w, timeout_ms);
    if (code != 0)
        expect_empty(w);
    close_world(w);
    return code;
}

static struct world world;

static void a_whole_reply_has_its_status_headers_and_body(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_int_equal(world.reply.status, 200);
    assert_string_equal(world.reply.head.p, "Content-Length: 5\r\nRetry-After: 7\r\n");
    assert_true(span_is(http_header(&world.reply, "retry-after"), "7"));
    assert_string_equal(world.reply.body.p, "hello");
    close_world(&world);
    assert_true(span_starts((struct span){world.server.last, strlen(world.server.last)},
                            "GET /a/.. HTTP/1.1\r\n")); /* an id such as ".." stays */
    assert_non_null(strstr(world.server.last, "\r\nAuthorization: Bearer t\r\n"));
}

static void a_chunked_reply_is_put_together_and_its_trailers_dropped(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nRetry-After: "
            "99\r\n\r\n",
         0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_string_equal(world.reply.body.p, "hello");
    assert_int_equal(http_header(&world.reply, "Retry-After").n, 0);
    close_world(&world);
}

static void of_interim_answers_only_the_final_one_counts(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        {"HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\nHTTP/1.1 404 Not Found\r\n"
         "Retry-After: 7\r\nContent-Length: 0\r\n\r\n",
         0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_int_equal(world.reply.status, 404);
    assert_string_equal(world.reply.head.p, "Retry-After: 7\r\nContent-Length: 0\r\n");
    close_world(&world);
}

static void polls_share_a_connection(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_KEEP}};
    open_world(&world, NULL, answers, 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get(&world, PLENTY_MS), 0);
        assert_int_equal(post(&world), 0);
        assert_string_equal(world.reply.body.p, "hello");
    }
    close_world(&world);
    assert_int_equal(world.server.requests, 6);
    assert_int_equal(world.server.connections, 1);
}

static void a_post_carries_its_body_and_expects_nothing(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(post(&world), 0);
    close_world(&world);
    assert_true(strncmp(world.server.last, "POST ", 5) == 0);
    assert_non_null(strstr(world.server.last, "\r\n\r\n{\"TaskId\":\"t\"}"));
    assert_non_null(strstr(world.server.last, "\r\nContent-Type: application/json\r\n"));
    assert_null(strcasestr(world.server.last, "Expect"));
    assert_null(strcasestr(world.server.last, "x-www-form-urlencoded"));
    assert_null(strcasestr(world.server.last, "Accept-Encoding"));
}

/* libcurl alone would connect and send again, unasked. */
static void a_request_on_a_dead_connection_is_not_sent_twice(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_KEEP}, {"", 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 2);
    assert_int_equal(post(&world), 0);
    assert_int_equal(post(&world), ERR_NETWORK);
    expect_empty(&world);
    close_world(&world);
    assert_int_equal(world.server.requests, 2);

    open_world(&world, NULL, answers, 2);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_int_equal(get(&world, PLENTY_MS), ERR_NETWORK);
    close_world(&world);
    assert_int_equal(world.server.requests, 2);
}

static void after_an_error_the_next_exchange_works(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{OK "Content-Length: 9\r\n\r\ncut", 0, RAW_CLOSE},
                                                {WHOLE, 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 2);
    assert_int_equal(get(&world, PLENTY_MS), ERR_NETWORK);
    expect_empty(&world);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_string_equal(world.reply.body.p, "hello");
    close_world(&world);
}

/* FIN and RST after every byte of a reply but the last. The LF that would end the chunked one is not
 * there: libcurl does not insist on it once the last chunk has said that the body is whole. */
static void a_reply_cut_anywhere_is_an_error(void **state)
{
    (void)state;
    static const char *const replies[] = {
        WHOLE, OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r"};
    for (size_t i = 0; i < 2; i++) {
        for (size_t n = 1; n < strlen(replies[i]); n++) {
            for (int end = RAW_CLOSE; end <= RAW_RESET; end++) {
                struct raw_answer answer = {replies[i], n, (enum raw_end)end};
                int code = get_once(&world, answer, PLENTY_MS);
                if (code != ERR_NETWORK) {
                    fail_msg("reply %zu, cut after %zu bytes, end %d: %s", i, n, end,
                             err_name((enum err_code)code));
                }
            }
        }
    }
}

static void an_answer_without_a_byte_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(get_once(&world, (struct raw_answer){"", 0, RAW_CLOSE}, PLENTY_MS),
                     ERR_NETWORK);
    assert_int_equal(get_once(&world, (struct raw_answer){"", 0, RAW_RESET}, PLENTY_MS),
                     ERR_NETWORK);
}

static void what_is_not_http_is_an_error(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "\x15\x03\x03\x00\x02\x02\x28",
        "{\"code\":\"success\",\"data\":{\"status\":\"success\"}}",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "\r\n\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        OK "Content-Length: five\r\n\r\nhello",
        OK "Content-Length: -1\r\n\r\nhello",
        OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n"};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        int code = get_once(&world, (struct raw_answer){answers[i], 0, RAW_CLOSE}, PLENTY_MS);
        if (code != ERR_NETWORK)
            fail_msg("answer %zu: %s", i, err_name((enum err_code)code));
    }
}

/* Repeats a text until at least n bytes stand there. */
static void repeat(struct buf *b, const char *text, size_t n)
{
    while (b->broken == 0 && b->n < n)
        buf_add_text(b, text);
}

static void bodies_and_heads_beyond_the_maximum_are_a_limit(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        const char *unit;
        size_t bytes;
        const char *where;
    } rows[] = {
        {OK "\r\n", "xxxxxxxxxxxxxxxx", HTTP_BODY_MAX + 64, "body"},
        {OK "Content-Length: 99999999\r\n\r\n", "xxxxxxxxxxxxxxxx", HTTP_BODY_MAX + 64, "body"},
        {OK "Transfer-Encoding: chunked\r\n\r\n", "8\r\nxxxxxxxx\r\n", 2 * HTTP_BODY_MAX, "body"},
        {OK, "X-Header: flood\r\n", HTTP_HEAD_MAX + 64, "head"},
        {"", "HTTP/1.1 100 Continue\r\n\r\n", HTTP_HEAD_MAX + 64, "head"},
        {OK "X: ", "one long line ", HTTP_HEAD_MAX + 64,
         NULL}, /* libcurl's own limits may strike */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf bytes;
        buf_init(&bytes, 8 << 20);
        buf_add_text(&bytes, rows[i].start);
        repeat(&bytes, rows[i].unit, rows[i].bytes);
        int code = get_once(&world, (struct raw_answer){bytes.p, bytes.n, RAW_CLOSE}, PLENTY_MS);
        buf_fini(&bytes);
        if (rows[i].where == NULL) {
            assert_int_not_equal(code, 0);
            continue;
        }
        assert_int_equal(code, ERR_LIMIT);
        assert_string_equal(world.e.where, rows[i].where);
    }
}

static void a_body_of_exactly_the_maximum_is_read(void **state)
{
    (void)state;
    struct buf bytes;
    buf_init(&bytes, 2 * HTTP_BODY_MAX);
    buf_addf(&bytes, OK "Content-Length: %d\r\n\r\n", HTTP_BODY_MAX);
    repeat(&bytes, "x", bytes.n + HTTP_BODY_MAX);
    struct raw_answer answer = {bytes.p, bytes.n, RAW_CLOSE};
    assert_int_equal(get_once(&world, answer, PLENTY_MS), 0);
    buf_fini(&bytes);
}

static void a_server_that_stalls_anywhere_is_a_time_out(void **state)
{
    (void)state;
    static const char *const starts[] = {"", "HTTP/1.1", OK, OK "Content-Length: 5\r\n\r\nhel",
                                         OK "\r\nendless"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct raw_answer answer = {starts[i], 0, RAW_STALL};
        assert_int_equal(get_once(&world, answer, LITTLE_MS), ERR_TIMEOUT);
    }
}

static void time_outs_run_as_fast_as_the_clock(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{"", 0, RAW_STALL}};
    struct clock_scaled fast;
    clock_scaled_init(&fast, 100000);
    open_world(&world, &fast.clock, answers, 1);
    /* over an hour and a half of the clock: the test's own time limit would strike first */
    assert_int_equal(get(&world, 6000000), ERR_TIMEOUT);
    close_world(&world);
}

static void a_redirect_is_told_and_not_followed(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        {"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 0, RAW_KEEP}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_int_equal(world.reply.status, 302);
    close_world(&world);
    assert_int_equal(world.server.requests, 1);
}

static void proxies_of_the_environment_are_not_used(void **state)
{
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    assert_int_equal(get_once(&world, (struct raw_answer){WHOLE, 0, RAW_CLOSE}, PLENTY_MS), 0);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

static void an_encoded_body_stays_encoded(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {
        {OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1F\x8B\x08zz", 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    assert_int_equal(get(&world, PLENTY_MS), 0);
    assert_int_equal(world.reply.body.n, 5);
    close_world(&world);
}

static void a_password_in_a_url_is_not_sent(void **state)
{
    (void)state;
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    snprintf(world.url, sizeof world.url, "http://me:pw@127.0.0.1:%u/", world.server.port);
    assert_int_equal(get(&world, PLENTY_MS), ERR_USAGE);
    close_world(&world);
    assert_int_equal(world.server.requests, 0);
}

static void addresses_that_never_can_be_asked_are_told_from_those_that_may_be_later(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        int code;
    } rows[] = {{"http://127.0.0.1:1/", ERR_NETWORK},
                {"https://127.0.0.1:1/", ERR_NETWORK},
                {"http://", ERR_USAGE},
                {"http://[::1/", ERR_USAGE},
                {"http://127.0.0.1:99999/", ERR_USAGE},
                {"file:///etc/hostname", ERR_USAGE},
                {"ftp://127.0.0.1/", ERR_USAGE}};
    static const struct raw_answer answers[] = {{WHOLE, 0, RAW_CLOSE}};
    open_world(&world, NULL, answers, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(world.url, sizeof world.url, "%s", rows[i].url);
        int code = get(&world, PLENTY_MS);
        if (code != rows[i].code || world.e.what[0] == '\0')
            fail_msg("%s: %s: %s", rows[i].url, err_name((enum err_code)code), world.e.what);
    }
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reply_has_its_status_headers_and_body),
        cmocka_unit_test(a_chunked_reply_is_put_together_and_its_trailers_dropped),
        cmocka_unit_test(of_interim_answers_only_the_final_one_counts),
        cmocka_unit_test(polls_share_a_connection),
        cmocka_unit_test(a_post_carries_its_body_and_expects_nothing),
        cmocka_unit_test(a_request_on_a_dead_connection_is_not_sent_twice),
        cmocka_unit_test(after_an_error_the_next_exchange_works),
        cmocka_unit_test(a_reply_cut_anywhere_is_an_error),
        cmocka_unit_test(an_answer_without_a_byte_is_an_error),
        cmocka_unit_test(what_is_not_http_is_an_error),
        cmocka_unit_test(bodies_and_heads_beyond_the_maximum_are_a_limit),
        cmocka_unit_test(a_body_of_exactly_the_maximum_is_read),
        cmocka_unit_test(a_server_that_stalls_anywhere_is_a_time_out),
        cmocka_unit_test(time_outs_run_as_fast_as_the_clock),
        cmocka_unit_test(a_redirect_is_told_and_not_followed),
        cmocka_unit_test(proxies_of_the_environment_are_not_used),
        cmocka_unit_test(an_encoded_body_stays_encoded),
        cmocka_unit_test(a_password_in_a_url_is_not_sent),
        cmocka_unit_test(addresses_that_never_can_be_asked_are_told_from_those_that_may_be_later),
    };
    return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
