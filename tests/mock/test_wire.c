/* The wire: its door with raw bytes, how plans are played, and how it closes. */
#include "raw.h"

#include "mockserver/answer/answer.h"
#include "mockserver/wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- A service whose paths name plans --------------------------------------------------------- */

enum { UNREAD_BYTES = 1 << 20, IMPATIENT_MS = 200 };

struct world {
    struct wire *wire;
    struct clock_manual clock;
    atomic_uint asked;
    atomic_ulong sent_bytes;
    atomic_bool whole;
    pthread_mutex_t lock;
    pthread_cond_t told;
    unsigned played;
};

static void cut_after(struct plan *plan, size_t n, enum act_kind how)
{
    plan->act_count = 0;
    plan_send(plan, 0, n);
    plan_end(plan, how);
}

static void answer(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    struct world *w = arg;
    char text[4096];
    (void)now_ms;
    atomic_fetch_add(&w->asked, 1);
    int n = snprintf(text, sizeof text, "%.*s|%.*s|%zu|%.*s", (int)request->method.n,
                     request->method.p, (int)request->target_text.n, request->target_text.p,
                     request->body.n, (int)(request->body.n < 64 ? request->body.n : 64),
                     request->body.p);
    answer_json(plan, 200, NULL, (struct span){text, (size_t)n});
    if (span_is(request->target_text, "/unread")) {
        static char filler[UNREAD_BYTES];
        answer_json(plan, 200, NULL, (struct span){filler, sizeof filler});
    }
    if (span_is(request->target_text, "/empty"))
        cut_after(plan, 0, ACT_CLOSE);
    if (span_is(request->target_text, "/cut"))
        cut_after(plan, plan->body_at + 3, ACT_CLOSE);
    if (span_is(request->target_text, "/reset"))
        cut_after(plan, plan->body_at + 3, ACT_RESET);
    if (span_is(request->target_text, "/late")) {
        plan->act_count = 0;
        plan_wait(plan, 1000);
        plan_send(plan, 0, plan->answer.n);
    }
}

static void played(void *arg, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                   bool whole)
{
    struct world *w = arg;
    (void)plan;
    (void)now_ms;
    atomic_store(&w->sent_bytes, sent_bytes);
    atomic_store(&w->whole, whole);
    pthread_mutex_lock(&w->lock);
    w->played++;
    pthread_cond_broadcast(&w->told);
    pthread_mutex_unlock(&w->lock);
}

static void await_played(struct world *w, unsigned count)
{
    pthread_mutex_lock(&w->lock);
    while (w->played < count)
        pthread_cond_wait(&w->told, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

static void open_patient(struct world *w, uint32_t threads, uint32_t patience_ms)
{
    struct err e;
    struct wire_service service = {.arg = w, .answer = answer, .played = played};
    struct wire_options options = {
        .listen = "127.0.0.1:0", .threads = threads, .patience_ms = patience_ms};
    memset(w, 0, sizeof *w);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->told, NULL);
    clock_manual_init(&w->clock, 1000000);
    assert_int_equal(wire_serve(&service, &w->clock.clock, &options, &w->wire, &e), 0);
}

static void open_world(struct world *w, uint32_t threads)
{
    open_patient(w, threads, 0);
}

static void close_world(struct world *w)
{
    wire_close(w->wire, 5000);
    clock_manual_fini(&w->clock);
    pthread_cond_destroy(&w->told);
    pthread_mutex_destroy(&w->lock);
}

static int set_up(void **state)
{
    struct world *w = malloc(sizeof *w);
    assert_non_null(w);
    open_world(w, 8);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    close_world(*state);
    free(*state);
    return 0;
}

/* Sends bytes on a new connection, reads to its end. */
static size_t exchange(struct world *w, const char *bytes, char *out, size_t out_size, bool *reset)
{
    int fd = raw_connect(wire_address(w->wire));
    assert_true(fd >= 0);
    raw_send(fd, bytes, strlen(bytes));
    size_t n = raw_read_all(fd, out, out_size, reset);
    close(fd);
    return n;
}

#define HOST "Host: localhost\r\n"

/* -- The door --------------------------------------------------------------------------------- */

static void a_request_that_can_be_read_two_ways_is_refused_and_closed(void **state)
{
    static const struct {
        const char *request;
        const char *status;
    } cases[] = {
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 2, 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 2x\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\n" HOST
         "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"POST / HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
         "400"},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\n" HOST "X-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n " HOST "Content-Length: 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n \r\n" HOST "Content-Length: 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\n\n" HOST "Content-Length: 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.0\r\n:\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST http://a/ HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\n{}", "400"},
        {"GET http://a/ HTTP/1.1\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length : 2\r\n\r\n{}", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\n" HOST "no colon here\r\n\r\n", "400"},
        {"BREW / HTTP/1.1\r\n" HOST "\r\n", "400"},
        {"BREW http://a/ HTTP/1.1\r\n" HOST "\r\n", "400"},
        {"GET http://a/ HTTP/2.0\r\n" HOST "\r\n", "505"},
        {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "400"},
        {"GET path HTTP/1.1\r\n" HOST "\r\n", "400"},
        {"GET ws://a/ HTTP/1.1\r\n" HOST "\r\n", "400"},
        {"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", "501"},
        {"CONNECT /path HTTP/1.1\r\n" HOST "\r\n", "501"},
        {"GET / HTTP/2.0\r\n" HOST "\r\n", "505"},
        {"GET / HTTP/1.1\r\n" HOST "Expect: the-worst\r\n\r\n", "417"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\n", "413"},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
    };
    struct world *w = *state;
    char out[4096];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        exchange(w, cases[i].request, out, sizeof out, NULL);
        if (strncmp(out, "HTTP/1.1 ", 9) != 0 || strncmp(out + 9, cases[i].status, 3) != 0)
            fail_msg("wanted %s, got \"%.60s\" for:\n%s", cases[i].status, out, cases[i].request);
        assert_non_null(strstr(out, "{\"error\":"));
        assert_null(strstr(out, "Access-Control"));
    }
    assert_int_equal(atomic_load(&w->asked), 0);
}

static size_t many_headers(char *out, size_t out_size, unsigned count)
{
    size_t n = (size_t)snprintf(out, out_size, "GET / HTTP/1.1\r\n" HOST);
    for (unsigned i = 1; i < count; i++)
        n += (size_t)snprintf(out + n, out_size - n, "X-%u: %u\r\n", i, i);
    return n + (size_t)snprintf(out + n, out_size - n, "Connection: close\r\n\r\n");
}

static void the_64th_header_is_refused_and_62_others_pass(void **state)
{
    char request[8192], out[4096];
    many_headers(request, sizeof request, 62);
    exchange(*state, request, out, sizeof out, NULL);
    assert_memory_equal(out, "HTTP/1.1 200", 12);
    for (unsigned count = 63; count < 70; count++) {
        many_headers(request, sizeof request, count);
        exchange(*state, request, out, sizeof out, NULL);
        assert_memory_equal(out, "HTTP/1.1 431", 12);
    }
}

static void a_head_beyond_16_kib_is_refused_and_says_so(void **state)
{
    static char request[40000];
    char out[4096];
    int n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\n" HOST "X-Long: ");
    memset(request + n, 'a', 20000);
    snprintf(request + n + 20000, 8, "\r\n\r\n");
    exchange(*state, request, out, sizeof out, NULL);
    assert_memory_equal(out, "HTTP/1.1 400", 12);
    assert_non_null(strstr(out, "16384 bytes"));
}

static void a_chunked_body_arrives_whole_and_one_beyond_a_mebibyte_is_refused(void **state)
{
    struct world *w = *state;
    char out[4096], chunk[16384 + 16];
    exchange(w,
             "POST /c HTTP/1.1\r\n" HOST "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n",
             out, sizeof out, NULL);
    assert_non_null(strstr(out, "POST|/c|7|abcdefg"));

    int fd = raw_connect(wire_address(w->wire));
    const char *head = "POST /c HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
    raw_send(fd, head, strlen(head));
    int n = snprintf(chunk, sizeof chunk, "4000\r\n");
    memset(chunk + n, 'a', 16384);
    memcpy(chunk + n + 16384, "\r\n", 2);
    for (int i = 0; i < 65; i++)
        if (!raw_send(fd, chunk, (size_t)n + 16386))
            break;
    raw_read_all(fd, out, sizeof out, NULL);
    close(fd);
    assert_memory_equal(out, "HTTP/1.1 413", 12);
}

static void a_body_of_exactly_a_mebibyte_passes_and_keeps_the_connection(void **state)
{
    struct world *w = *state;
    static char body[1 << 20];
    char out[4096];
    memset(body, 'b', sizeof body);
    int fd = raw_connect(wire_address(w->wire));
    for (int i = 0; i < 2; i++) {
        const char *head = "POST /big HTTP/1.1\r\n" HOST "Content-Length: 1048576\r\n\r\n";
        assert_true(raw_send(fd, head, strlen(head)));
        assert_true(raw_send(fd, body, sizeof body));
        raw_read_answer(fd, out, sizeof out);
        assert_non_null(strstr(out, "POST|/big|1048576|bbb"));
    }
    close(fd);
}

static void a_client_that_waits_for_100_continue_is_told_to_go_on(void **state)
{
    struct world *w = *state;
    char out[4096];
    int fd = raw_connect(wire_address(w->wire));
    const char *head = "POST /e HTTP/1.1\r\n" HOST
                       "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
    raw_send(fd, head, strlen(head));
    ssize_t n = read(fd, out, 25);
    assert_int_equal(n, 25);
    assert_memory_equal(out, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    raw_send(fd, "{}", 2);
    raw_read_all(fd, out, sizeof out, NULL);
    assert_non_null(strstr(out, "POST|/e|2|{}"));
    close(fd);
}

static void an_absolute_target_is_asked_for_as_it_was_sent_and_ends_its_connection(void **state)
{
    static const char *const targets[] = {
        "http://api.example.com/v1/x?a=1&b=http://c/d",
        "http://api.example.com:8080/v1/x:y",
        "http://localhost/a:b",
        "HTTP://api.example.com",
        "http://api.example.com?a=1",
        "http://user@api.example.com/",
        "https://[2001:db8::1]:443/x",
    };
    struct world *w = *state;
    char request[512], wanted[512], out[4096];
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        /* Another with a query comes before it on its connection. */
        snprintf(request, sizeof request,
                 "GET /first?q=%s HTTP/1.1\r\n" HOST "\r\n"
                 "POST %s HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}",
                 "1", targets[i]);
        snprintf(wanted, sizeof wanted, "Connection: close\r\n\r\nPOST|%s|2|{}", targets[i]);
        exchange(w, request, out, sizeof out, NULL);
        assert_non_null(strstr(out, "GET|/first?q=1|0|"));
        if (!strstr(out, wanted))
            fail_msg("wanted %s, got %s", wanted, out);
    }
    assert_int_equal(atomic_load(&w->asked), 2 * sizeof targets / sizeof targets[0]);
}

static void an_absolute_target_of_this_port_is_like_any_other(void **state)
{
    struct world *w = *state;
    char request[512], wanted[512], out[4096];
    snprintf(request, sizeof request, "GET %s/x?y=1 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
             wire_address(w->wire));
    snprintf(wanted, sizeof wanted, "\r\n\r\nGET|%s/x?y=1|0|", wire_address(w->wire));
    exchange(w, request, out, sizeof out, NULL);
    assert_non_null(strstr(out, wanted));
}

static void a_chunked_body_of_an_absolute_target_arrives_whole(void **state)
{
    char out[4096];
    exchange(*state,
             "POST http://a/c HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
             out, sizeof out, NULL);
    assert_non_null(strstr(out, "POST|http://a/c|7|abcdefg"));
}

/* The answer to the first of two requests; whether there is a second tells whether the
 * connection was kept. */
static bool is_kept(struct world *w, const char *lines)
{
    char request[512], out[4096];
    snprintf(request, sizeof request,
             "GET /1 HTTP/1.1\r\n" HOST "%s\r\n"
             "GET /2 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
             lines);
    exchange(w, request, out, sizeof out, NULL);
    const char *first = strstr(out, "GET|/1|");
    assert_non_null(first);
    const char *says_close = strstr(out, "Connection: close");
    bool kept = strstr(first, "GET|/2|");
    assert_non_null(says_close); /* one of both answers is the last, and says so */
    assert_int_equal(says_close > first, kept);
    return kept;
}

static void close_in_any_connection_line_closes_and_nothing_else_does(void **state)
{
    static const struct {
        const char *lines;
        bool kept;
    } rows[] = {
        {"", true},
        {"Connection: keep-alive\r\n", true},
        {"Connection: close\r\n", false},
        {"Connection: Close\r\n", false},
        {"Connection: close, keep-alive\r\n", false},
        {"Connection: keep-alive, close\r\n", false},
        {"Connection: keep-alive\r\nConnection: close\r\n", false},
        {"Connection: close\r\nConnection: keep-alive\r\n", false},
        {"Connection: TE\r\n", true},
        {"Connection: X-Own\r\nConnection: X-Other\r\n", true},
        {"Connection: closed\r\n", true},
        {"Upgrade: websocket\r\n", true},
        {"Connection:\r\n", true},
        {"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n", true},
        {"Connection: Upgrade, close\r\nUpgrade: h2c\r\n", false},
        /* CivetWeb ends these: then the answer says so. */
        {"Connection: Upgrade\r\n", false},
        {"Connection: Upgrade\r\nUpgrade: websocket\r\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_kept(*state, rows[i].lines) != rows[i].kept)
            fail_msg("%swas %s", rows[i].lines, rows[i].kept ? "closed" : "kept");
}

static void the_target_arrives_as_it_was_sent(void **state)
{
    char out[4096];
    exchange(*state,
             "GET /a%2Fb/../c//d?x=%20&y=?&z#f HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", out,
             sizeof out, NULL);
    assert_non_null(strstr(out, "GET|/a%2Fb/../c//d?x=%20&y=?&z#f|0|"));
}

/* -- Playing ---------------------------------------------------------------------------------- */

static void requests_share_a_connection_until_the_client_ends_it(void **state)
{
    struct world *w = *state;
    char out[4096];
    int fd = raw_connect(wire_address(w->wire));
    for (int i = 0; i < 3; i++) {
        const char *request = "GET /again HTTP/1.1\r\n" HOST "\r\n";
        raw_send(fd, request, strlen(request));
        raw_read_answer(fd, out, sizeof out);
        assert_non_null(strstr(out, "GET|/again"));
        assert_null(strstr(out, "Connection: close"));
    }
    const char *last = "GET /last HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    raw_send(fd, last, strlen(last));
    raw_read_all(fd, out, sizeof out, NULL);
    close(fd);
    assert_non_null(strstr(out, "Connection: close\r\n\r\nGET|/last"));
}

static void requests_sent_at_once_are_answered_in_order(void **state)
{
    char out[4096];
    exchange(*state,
             "POST /1 HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}"
             "GET /2 HTTP/1.1\r\n" HOST "\r\n"
             "GET /3 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
             out, sizeof out, NULL);
    const char *first = strstr(out, "POST|/1|2|{}");
    assert_non_null(first);
    const char *second = strstr(first, "GET|/2");
    assert_non_null(second);
    assert_non_null(strstr(second, "GET|/3"));
}

static void http_1_0_gets_one_whole_answer(void **state)
{
    char out[4096];
    exchange(*state, "GET /old HTTP/1.0\r\n\r\n", out, sizeof out, NULL);
    assert_memory_equal(out, "HTTP/1.1 200", 12);
    assert_non_null(strstr(out, "Connection: close\r\n\r\nGET|/old"));
}

static void head_gets_the_head_alone(void **state)
{
    struct world *w = *state;
    char out[4096];
    exchange(w, "HEAD /h HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", out, sizeof out, NULL);
    assert_non_null(strstr(out, "Content-Length: 10\r\n"));
    assert_string_equal(strstr(out, "\r\n\r\n"), "\r\n\r\n");
    await_played(w, 1);
    assert_true(atomic_load(&w->whole));
}

static void a_plan_that_closes_sends_what_it_says_and_no_more(void **state)
{
    struct world *w = *state;
    char out[4096];
    bool reset = true;
    assert_int_equal(exchange(w, "GET /empty HTTP/1.1\r\n" HOST "\r\n", out, sizeof out, &reset),
                     0);
    assert_false(reset);
    await_played(w, 1);
    assert_false(atomic_load(&w->whole));
    assert_int_equal(atomic_load(&w->sent_bytes), 0);

    exchange(w, "GET /cut HTTP/1.1\r\n" HOST "\r\n", out, sizeof out, &reset);
    assert_false(reset);
    assert_string_equal(strstr(out, "\r\n\r\n"), "\r\n\r\nGET");
    await_played(w, 2);
    assert_false(atomic_load(&w->whole));
}

static void a_plan_that_resets_ends_with_rst(void **state)
{
    char out[4096];
    bool reset = false;
    exchange(*state, "GET /reset HTTP/1.1\r\n" HOST "\r\n", out, sizeof out, &reset);
    assert_true(reset);
}

/* -- Opening and closing ---------------------------------------------------------------------- */

static void a_taken_port_is_a_network_error_that_names_it(void **state)
{
    struct world *w = *state;
    struct wire *second = NULL;
    struct err e = {0};
    struct wire_service service = {.arg = w, .answer = answer};
    struct wire_options options = {.listen = strrchr(wire_address(w->wire), '/') + 1};
    assert_int_equal(wire_serve(&service, clock_real(), &options, &second, &e), ERR_NETWORK);
    assert_null(second);
    assert_string_equal(e.where, options.listen);
    if (!strstr(e.what, "in use"))
        fail_msg("%s", e.what);
}

static void an_address_that_would_bind_more_than_it_says_is_a_usage_error(void **state)
{
    static const char *const bad[] = {"8080",
                                      ":8080",
                                      "+8080",
                                      "127.0.0.1",
                                      "127.0.0.1:8080s",
                                      "example.com:1",
                                      "127.0.0.1:70000",
                                      "127.0.0.1:0,8080",
                                      "[::1:0",
                                      "[]:0",
                                      ""};
    struct wire_service service = {.arg = *state, .answer = answer};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wire_options options = {.listen = bad[i]};
        struct wire *wire = NULL;
        struct err e;
        if (wire_serve(&service, clock_real(), &options, &wire, &e) != ERR_USAGE)
            fail_msg("accepted \"%s\"", bad[i]);
    }
}

static void *close_it(void *arg)
{
    struct world *w = arg;
    wire_close(w->wire, 5000);
    return NULL;
}

static void closing_refuses_new_connections_and_lets_a_late_answer_finish_whole(void **state)
{
    struct world w;
    pthread_t closer;
    char out[4096];
    (void)state;
    open_world(&w, 8);
    char address[WIRE_ADDRESS_MAX];
    snprintf(address, sizeof address, "%s", wire_address(w.wire));

    int idle = raw_connect(address);
    int late = raw_connect(address);
    const char *request = "GET /late HTTP/1.1\r\n" HOST "\r\n";
    raw_send(late, request, strlen(request));
    int64_t late_ms;
    while (!clock_manual_next_end(&w.clock, &late_ms)) /* the answer waits */
        sched_yield();
    pthread_create(&closer, NULL, close_it, &w);
    for (int fd = raw_connect(address); fd >= 0; fd = raw_connect(address))
        close(fd);
    assert_int_equal(w.played, 0);
    clock_manual_advance(&w.clock, 1000);
    raw_read_all(late, out, sizeof out, NULL);
    assert_non_null(strstr(out, "GET|/late|0|"));
    pthread_join(closer, NULL);
    assert_true(atomic_load(&w.whole));
    close(idle);
    close(late);
    clock_manual_fini(&w.clock);
}

static void more_connections_than_threads_all_get_answers(void **state)
{
    enum { CONNECTIONS = 24 };
    struct world w;
    int fds[CONNECTIONS];
    char out[4096];
    (void)state;
    open_world(&w, 4);
    for (int i = 0; i < CONNECTIONS; i++) {
        const char *request = "GET /many HTTP/1.1\r\n" HOST "\r\n";
        fds[i] = raw_connect(wire_address(w.wire));
        assert_true(fds[i] >= 0);
        raw_send(fds[i], request, strlen(request));
    }
    /* The last first: it cannot have an answer unless those before gave up their threads. */
    for (int i = CONNECTIONS - 1; i >= 0; i--) {
        raw_read_answer(fds[i], out, sizeof out);
        assert_non_null(strstr(out, "GET|/many"));
    }
    for (int i = 0; i < CONNECTIONS; i++)
        close(fds[i]);
    close_world(&w);
}

static void a_thousand_silent_connections_keep_nobody_from_an_answer(void **state)
{
    enum { CONNECTIONS = 1000 };
    static int fds[CONNECTIONS];
    const char *request = "GET /poll HTTP/1.1\r\n" HOST "\r\n";
    struct world w;
    char out[4096];
    (void)state;
    open_world(&w, 4);
    for (int i = 0; i < CONNECTIONS; i++) {
        fds[i] = raw_connect(wire_address(w.wire));
        assert_true(fds[i] >= 0);
    }
    for (int i = 0; i < 2; i++) { /* one who comes later, then one of those who were silent */
        int fd = i == 0 ? raw_connect(wire_address(w.wire)) : fds[CONNECTIONS / 2];
        assert_true(raw_send(fd, request, strlen(request)));
        raw_read_answer(fd, out, sizeof out); /* it gives up long before a silent one is cut */
        assert_non_null(strstr(out, "GET|/poll"));
        if (i == 0)
            close(fd);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        close(fds[i]);
    close_world(&w);
}

/* Sends start, then a byte whenever the answer has not come for a moment. Returns the bytes read after it had. */
static size_t drip_until_told(const struct world *w, const char *start, char *out, size_t out_size)
{
    int fd = raw_connect(wire_address(w->wire));
    struct pollfd answer = {.fd = fd, .events = POLLIN};
    int drops = 500;
    assert_true(raw_send(fd, start, strlen(start)));
    while (drops > 0 && poll(&answer, 1, 10) == 0 && raw_send(fd, "a", 1))
        drops--;
    assert_true(drops > 0);
    size_t n = raw_read_all(fd, out, out_size, NULL);
    close(fd);
    return n;
}

static void a_body_that_drips_is_cut_at_its_deadline(void **state)
{
    static const char *const framings[] = {"Content-Length: 100000", "Transfer-Encoding: chunked"};
    struct world w;
    char out[4096], start[256];
    (void)state;
    open_patient(&w, 2, IMPATIENT_MS);
    for (int i = 0; i < 2; i++) {
        snprintf(start, sizeof start, "POST /slow HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", framings[i],
                 i == 0 ? "" : "ffff\r\n");
        drip_until_told(&w, start, out, sizeof out);
        assert_non_null(strstr(out, "HTTP/1.1 408 Request Timeout"));
        assert_non_null(strstr(out, "a request body that took too long to come"));
    }
    assert_int_equal(w.asked, 0);
    close_world(&w);
}

static void a_head_that_never_ends_is_cut_at_its_deadline(void **state)
{
    struct world w;
    char out[4096];
    (void)state;
    open_patient(&w, 2, IMPATIENT_MS);
    drip_until_told(&w, "GET /slow HTTP/1.1\r\nHost: x\r\nX-Long: ", out, sizeof out);
    assert_null(strstr(out, "HTTP/1.1 200"));
    assert_int_equal(w.asked, 0);
    close_world(&w);
}

static void a_reader_that_does_not_read_is_cut_at_its_deadline(void **state)
{
    enum { ASKED = 32 }; /* for more than the kernel takes in for it */
    const char *request = "GET /unread HTTP/1.1\r\n" HOST "\r\n";
    struct world w;
    unsigned ended = 0;
    (void)state;
    open_patient(&w, 2, IMPATIENT_MS);
    int fd = raw_connect(wire_address(w.wire));
    for (int i = 0; i < ASKED; i++)
        assert_true(raw_send(fd, request, strlen(request)));
    do
        await_played(&w, ++ended);
    while (ended < ASKED && atomic_load(&w.whole));
    assert_true(ended < ASKED);
    assert_false(atomic_load(&w.whole));
    close(fd);
    close_world(&w);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_request_that_can_be_read_two_ways_is_refused_and_closed),
        WITH_WORLD(the_64th_header_is_refused_and_62_others_pass),
        WITH_WORLD(a_head_beyond_16_kib_is_refused_and_says_so),
        WITH_WORLD(a_chunked_body_arrives_whole_and_one_beyond_a_mebibyte_is_refused),
        WITH_WORLD(a_body_of_exactly_a_mebibyte_passes_and_keeps_the_connection),
        WITH_WORLD(a_client_that_waits_for_100_continue_is_told_to_go_on),
        WITH_WORLD(the_target_arrives_as_it_was_sent),
        WITH_WORLD(an_absolute_target_is_asked_for_as_it_was_sent_and_ends_its_connection),
        WITH_WORLD(an_absolute_target_of_this_port_is_like_any_other),
        WITH_WORLD(a_chunked_body_of_an_absolute_target_arrives_whole),
        WITH_WORLD(close_in_any_connection_line_closes_and_nothing_else_does),
        WITH_WORLD(requests_share_a_connection_until_the_client_ends_it),
        WITH_WORLD(requests_sent_at_once_are_answered_in_order),
        WITH_WORLD(http_1_0_gets_one_whole_answer),
        WITH_WORLD(head_gets_the_head_alone),
        WITH_WORLD(a_plan_that_closes_sends_what_it_says_and_no_more),
        WITH_WORLD(a_plan_that_resets_ends_with_rst),
        WITH_WORLD(a_taken_port_is_a_network_error_that_names_it),
        WITH_WORLD(an_address_that_would_bind_more_than_it_says_is_a_usage_error),
        cmocka_unit_test(closing_refuses_new_connections_and_lets_a_late_answer_finish_whole),
        cmocka_unit_test(more_connections_than_threads_all_get_answers),
        cmocka_unit_test(a_body_that_drips_is_cut_at_its_deadline),
        cmocka_unit_test(a_head_that_never_ends_is_cut_at_its_deadline),
        cmocka_unit_test(a_reader_that_does_not_read_is_cut_at_its_deadline),
        cmocka_unit_test(a_thousand_silent_connections_keep_nobody_from_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
