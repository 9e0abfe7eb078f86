/* What the transport does with its connections and with the caller's token, seen from the server. */
#include "rows.h"
#include "tls.h"

#include "client/http/http.h"
#include "client/decode/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define SAYS(text)                                                                                 \
    {                                                                                              \
        .bytes = BYTES(text)                                                                       \
    }

static const char token[] = "sk-secret-of-the-caller";
static const struct raw_reply done = SAYS(WHOLE(DONE));

struct world {
    struct raw_server *server;
    struct raw_server *elsewhere; /* nobody has any business there */
    struct task_transport *transport;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    if (w == NULL)
        return -1;
    w->server = raw_open();
    w->elsewhere = raw_open();
    if (w->server == NULL || w->elsewhere == NULL)
        return -1;
    raw_play(w->elsewhere, &done, 1);
    return transport_curl_open(NULL, &w->transport, NULL);
}

static int tear_down(void **state)
{
    struct world *w = *state;
    task_transport_close(w->transport);
    raw_close(w->server);
    raw_close(w->elsewhere);
    free(w);
    return 0;
}

static struct task_options options_of(const struct world *w)
{
    return (struct task_options){.upstream = "doubao",
                                 .base_url = raw_url(w->server),
                                 .task_id = "t",
                                 .token = token,
                                 .interval_ms = 1,
                                 .seed = 1,
                                 .transport = w->transport};
}

static struct task_result wait_for(const struct task_options *options)
{
    struct task_result result;
    struct task_failure e = {0};
    if (task_wait(options, &result, &e) != 0)
        fail_msg("the wait did not take place: %s: %s", e.where, e.what);
    return result;
}

/* The code of one exchange, and the task's state when there is a reply. */
static int ask(struct world *w, const char *method, const char *url, enum task_state *task)
{
    struct http_request request = {.method = method, .url = url, .timeout_ms = 20000};
    struct http_reply reply;
    struct task_view view;
    struct err e;
    request.headers[0] = "Authorization: Bearer sk-secret-of-the-caller";
    request.body = span_of(strcmp(method, "POST") == 0 ? "{\"DriveId\": \"t\"}" : "");
    http_reply_init(&reply);
    int code = w->transport->exchange(w->transport, &request, &reply, &e);
    view_read("doubao", reply.status, buf_span(&reply.body), &view, NULL);
    *task = view.state;
    http_reply_fini(&reply);
    return code;
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

/* -- Connections ------------------------------------------------------------------------------------ */

static void polls_and_tasks_share_one_connection(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), SAYS(WHOLE(RUNS)), SAYS(WHOLE(DONE))};
    raw_play(w->server, replies, 3);
    struct task_options o = options_of(w);
    assert_int_equal(wait_for(&o).polls, 3);
    assert_int_equal(wait_for(&o).polls, 1);
    struct raw_trace told = raw_tell(w->server);
    assert_int_equal(told.connections, 1);
    assert_int_equal(told.requests, 4);
    assert_int_equal(told.unasked, 0);
}

static void a_connection_that_ended_between_two_polls_is_replaced_without_trouble(void **state)
{
    struct world *w = *state;
    enum task_state task;
    raw_play(w->server, &done, 1);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    raw_hang_up(w->server);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_SUCCEEDED);
    assert_int_equal(raw_tell(w->server).connections, 2);
    assert_int_equal(raw_tell(w->server).requests, 2);
}

static void what_comes_between_two_polls_is_not_the_answer_to_the_second(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), SAYS(WHOLE(FAILED))};
    enum task_state task;
    raw_play(w->server, replies, 2);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    raw_push(w->server, (struct span)BYTES(WHOLE(DONE)));
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_FAILED);
    assert_int_equal(raw_tell(w->server).connections, 2);
}

/* Not even when the connection that was to replace the dirty one comes to nothing. */
static void a_dirty_connection_is_never_used_again(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), {.end = RAW_RST}, SAYS(WHOLE(FAILED))};
    enum task_state task;
    raw_play(w->server, replies, 3);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    raw_push(w->server, (struct span)BYTES(WHOLE(DONE)));
    assert_int_equal(ask(w, "GET", raw_url(w->elsewhere), &task), 0);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), ERR_NETWORK);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_FAILED);
}

/* Neither when it was not the last one used ... */
static void a_connection_dirtied_after_a_visit_elsewhere_is_not_used_again(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), SAYS(WHOLE(FAILED))};
    enum task_state task;
    raw_play(w->server, replies, 2);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(ask(w, "GET", raw_url(w->elsewhere), &task), 0);
    raw_push(w->server, (struct span)BYTES(WHOLE(DONE)));
    raw_hang_up(w->server);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_FAILED);
}

/* ... nor when the last one is gone. */
static void a_connection_dirtied_after_a_loss_elsewhere_is_not_used_again(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), SAYS(WHOLE(FAILED))};
    struct raw_reply reset = {.end = RAW_RST};
    enum task_state task;
    raw_play(w->server, replies, 2);
    raw_play(w->elsewhere, &reset, 1);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(ask(w, "GET", raw_url(w->elsewhere), &task), ERR_NETWORK);
    raw_push(w->server, (struct span)BYTES(WHOLE(DONE)));
    raw_hang_up(w->server);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_FAILED);
}

/* libcurl by itself would send it again, a POST too, and a nonce would be used twice. */
static void a_poll_on_a_dying_connection_is_sent_once(void **state)
{
    static const enum raw_end ends[] = {RAW_FIN, RAW_RST};
    static const char *const methods[] = {"GET", "POST"};
    struct world *w = *state;
    for (size_t i = 0; i < 4; i++) {
        struct raw_reply replies[] = {SAYS(WHOLE(RUNS)), {.end = ends[i / 2]}, SAYS(WHOLE(DONE))};
        enum task_state task;
        raw_play(w->server, replies, 3);
        assert_int_equal(ask(w, methods[i % 2], raw_url(w->server), &task), 0);
        assert_int_equal(ask(w, methods[i % 2], raw_url(w->server), &task), ERR_NETWORK);
        assert_int_equal(raw_tell(w->server).requests, 2);
        assert_int_equal(ask(w, methods[i % 2], raw_url(w->server), &task), 0);
        assert_int_equal(task, TASK_SUCCEEDED);
    }
}

static void after_a_refused_head_the_connection_is_not_used_again(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {
        SAYS(OK LENGTH_OF(RUNS) "Content-Length: 5\r\n\r\n" RUNS WHOLE(DONE)), SAYS(WHOLE(FAILED))};
    enum task_state task;
    raw_play(w->server, replies, 2);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), ERR_NETWORK);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_FAILED);
    assert_int_equal(raw_tell(w->server).connections, 2);
}

/* -- The token stays with its host --------------------------------------------------------------------- */

static void no_status_and_no_header_leads_elsewhere(void **state)
{
    static const char *const heads[] = {"300 Many\r\nLocation: %s/",
                                        "301 Moved\r\nLocation: %s/",
                                        "302 Found\r\nLocation: %s/",
                                        "303 See\r\nLocation: %s/",
                                        "307 There\r\nLocation: %s/",
                                        "308 There\r\nLocation: %s/",
                                        "305 Proxy\r\nLocation: %s/",
                                        "200 OK\r\nRefresh: 0; url=%s/",
                                        "200 OK\r\nLocation: %s/",
                                        "200 OK\r\nContent-Location: %s/",
                                        "401 No\r\nWWW-Authenticate: Basic\r\nLocation: %s/"};
    /* One a reply: the server may still be in its call when the client has read every byte. */
    static char texts[sizeof heads / sizeof heads[0]][512];
    struct world *w = *state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char head[256];
        char *text = texts[i];
        enum task_state task;
        span_copy(span_of(heads[i]), head, sizeof head);
        char *at = strstr(head, "%s");
        snprintf(text, sizeof texts[i], "HTTP/1.1 %.*s%s/\r\nContent-Length: 0\r\n\r\n",
                 (int)(at - head), head, raw_url(w->elsewhere));
        struct raw_reply reply = {.bytes = span_of(text)};
        raw_play(w->server, &reply, 1);
        assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
        assert_int_equal(raw_tell(w->server).requests, 1);
        assert_int_equal(raw_tell(w->elsewhere).connections, 0);
    }
}

/* "Alt-Svc" would send the next poll elsewhere, "Strict-Transport-Security" to another port. */
static void no_header_moves_the_next_poll(void **state)
{
    struct world *w = *state;
    char text[512];
    enum task_state task;
    snprintf(text, sizeof text,
             "HTTP/1.1 200 OK\r\nAlt-Svc: http/1.1=\"127.0.0.1:%u\"; ma=3600\r\n"
             "Strict-Transport-Security: max-age=3600\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n",
             raw_port(w->elsewhere));
    struct raw_reply replies[] = {{.bytes = span_of(text), .end = RAW_FIN}, done};
    raw_play(w->server, replies, 2);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(ask(w, "GET", raw_url(w->server), &task), 0);
    assert_int_equal(task, TASK_SUCCEEDED);
    assert_int_equal(raw_tell(w->elsewhere).connections, 0);
}

static void a_cookie_is_not_sent_back(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {
        SAYS(OK "Set-Cookie: a=b; Path=/\r\n" LENGTH_OF(RUNS) "\r\n" RUNS), done};
    raw_play(w->server, replies, 2);
    struct task_options o = options_of(w);
    assert_int_equal(wait_for(&o).polls, 2);
    assert_null(strcasestr(raw_tell(w->server).last, "cookie"));
}

static void a_proxy_in_the_environment_is_not_asked(void **state)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy",
                                        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    struct world *w = *state;
    raw_play(w->server, &done, 1);
    struct task_options o = options_of(w);
    o.transport = NULL;
    for (size_t i = 0; i < 6; i++)
        setenv(names[i], raw_url(w->elsewhere), 1);
    enum task_outcome outcome = wait_for(&o).outcome;
    for (size_t i = 0; i < 6; i++)
        unsetenv(names[i]);
    assert_int_equal(outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(raw_tell(w->server).requests, 1);
    assert_int_equal(raw_tell(w->elsewhere).connections, 0);
}

static void a_request_says_what_it_must_and_the_token_once(void **state)
{
    struct world *w = *state;
    enum task_state task;
    raw_play(w->server, &done, 1);
    assert_int_equal(ask(w, "POST", raw_url(w->server), &task), 0);
    struct raw_trace told = raw_tell(w->server);
    assert_int_equal(count_of(told.last, token), 1);
    assert_int_equal(count_of(told.last, "\r\nAuthorization: Bearer sk-"), 1);
    assert_int_equal(count_of(told.last, "\r\nHost: 127.0.0.1:"), 1);
    assert_int_equal(count_of(told.last, "\r\nContent-Length: 16\r\n"), 1);
    assert_null(strcasestr(told.last, "\r\nExpect:"));
    assert_null(strcasestr(told.last, "\r\nAccept-Encoding:"));
    assert_null(strcasestr(told.last, "\r\nConnection:"));
}

/* -- Nothing is written, least of all the token ----------------------------------------------------------- */

/* What the process wrote to standard output and error during the wait. */
static long written_during(const struct task_options *o, struct task_result *result)
{
    FILE *kept = tmpfile();
    int out = dup(1);
    int err = dup(2);
    assert_non_null(kept);
    fflush(NULL);
    dup2(fileno(kept), 1);
    dup2(fileno(kept), 2);
    int code = task_wait(o, result, NULL);
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    fseek(kept, 0, SEEK_END);
    long n = ftell(kept);
    fclose(kept);
    assert_int_equal(code, 0);
    return n;
}

static void a_wait_full_of_trouble_writes_nothing_and_tells_no_token(void **state)
{
    struct world *w = *state;
    struct raw_reply replies[] = {
        SAYS(OK "Content-Length: nonsense\r\n\r\n"),
        {.end = RAW_RST},
        SAYS("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
        SAYS("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")};
    struct task_result result;
    raw_play(w->server, replies, 4);
    struct task_options o = options_of(w);
    assert_int_equal(written_during(&o, &result), 0);
    assert_int_equal(result.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(result.polls, 4);
    assert_null(strstr(result.why, token));
    assert_null(strstr(result.view.reason, token));
}

/* -- TLS ---------------------------------------------------------------------------------------------------- */

static void a_certificate_that_nobody_vouches_for_is_refused_before_the_request(void **state)
{
    struct world *w = *state;
    enum task_state task;
    struct tls_server *s = tls_open();
    assert_non_null(s);
    assert_int_equal(ask(w, "GET", tls_url(s), &task), ERR_USAGE);
    struct tls_trace told = tls_close(s);
    assert_true(told.refused_by_peer);
    assert_int_equal(told.request_bytes, 0);
}

/* A file of the test's own; remove it. */
static void make_file(char path[32], const char *text)
{
    span_copy(span_of("/tmp/understudy-tls-XXXXXX"), path, 32);
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void one_poll_is_enough(struct task_options *o, const char *word)
{
    o->transport = NULL;
    o->attempt_ms = 5000;
    struct task_result r = wait_for(o);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.view.error, TASK_ERROR_PERMANENT);
    assert_int_equal(r.polls, 1);
    assert_int_equal(r.replies, 0);
    if (strstr(r.why, word) == NULL
        || !span_starts(span_of(r.why), "the service cannot be asked")) {
        fail_msg("no word of \"%s\": %s", word, r.why);
    }
}

static void a_wait_ends_at_the_first_certificate_that_nobody_vouches_for(void **state)
{
    struct tls_server *s = tls_open();
    assert_non_null(s);
    struct task_options o = options_of(*state);
    o.base_url = tls_url(s);
    one_poll_is_enough(&o, "certificate");
    assert_int_equal(tls_close(s).request_bytes, 0);
}

static void a_wait_ends_at_the_certificate_of_another_host(void **state)
{
    struct tls_server *s = tls_open();
    char path[32], url[64];
    assert_non_null(s);
    make_file(path, "");
    assert_true(tls_vouch(s, path));
    snprintf(url, sizeof url, "https://localhost:%u", tls_port(s));
    struct task_options o = options_of(*state);
    o.base_url = url;
    o.ca_file = path;
    one_poll_is_enough(&o, "localhost");
    unlink(path);
    assert_int_equal(tls_close(s).request_bytes, 0);
}

static void a_trusted_server_that_hangs_up_may_do_better_next_time(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_open();
    char path[32];
    enum task_state task;
    assert_non_null(s);
    make_file(path, "");
    assert_true(tls_vouch(s, path));
    assert_int_equal(transport_curl_trust(w->transport, path, NULL), 0);
    assert_int_equal(ask(w, "GET", tls_url(s), &task), ERR_NETWORK);
    unlink(path);
    struct tls_trace told = tls_close(s);
    assert_true(told.shaken);
    assert_true(told.request_bytes > 0);
}

static void a_file_without_certificates_ends_the_wait(void **state)
{
    struct world *w = *state;
    char path[32], url[64];
    make_file(path, "these are no certificates\n");
    snprintf(url, sizeof url, "https://127.0.0.1:%u", raw_port(w->server));
    raw_play(w->server, &done, 1);
    struct task_options o = options_of(w);
    o.base_url = url;
    o.ca_file = path;
    one_poll_is_enough(&o, path);
    unlink(path);
}

static void a_url_that_is_none_ends_the_wait(void **state)
{
    struct task_options o = options_of(*state);
    o.base_url = "http://127.0.0.1:99999";
    one_poll_is_enough(&o, "URL");
}

static void keep(const struct task_result *result, void *arg)
{
    *(struct task_result *)arg = *result;
}

static void among_many_tasks_too_one_poll_is_enough(void **state)
{
    struct tls_server *s = tls_open();
    struct task_multi *m;
    struct task_result r = {.polls = 0};
    assert_non_null(s);
    struct task_options o = options_of(*state);
    o.base_url = tls_url(s);
    o.attempt_ms = 5000;
    assert_int_equal(task_multi_open(&(struct task_multi_options){.connections = 1}, &m, NULL), 0);
    assert_int_equal(task_multi_add(m, &o, keep, &r, NULL), 0);
    assert_int_equal(task_multi_run(m, NULL), 0);
    task_multi_close(m);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.polls, 1);
    assert_int_equal(tls_close(s).request_bytes, 0);
}

static void plain_text_on_the_tls_port_is_no_answer(void **state)
{
    struct world *w = *state;
    struct raw_reply reply = {.bytes = BYTES(WHOLE(DONE)), .early = true};
    char url[64];
    enum task_state task;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", raw_port(w->server));
    raw_play(w->server, &reply, 1);
    assert_int_equal(ask(w, "GET", url, &task), ERR_NETWORK);
    assert_int_equal(raw_tell(w->server).requests, 0);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(polls_and_tasks_share_one_connection),
        CLAIM(a_connection_that_ended_between_two_polls_is_replaced_without_trouble),
        CLAIM(what_comes_between_two_polls_is_not_the_answer_to_the_second),
        CLAIM(a_dirty_connection_is_never_used_again),
        CLAIM(a_connection_dirtied_after_a_visit_elsewhere_is_not_used_again),
        CLAIM(a_connection_dirtied_after_a_loss_elsewhere_is_not_used_again),
        CLAIM(a_poll_on_a_dying_connection_is_sent_once),
        CLAIM(after_a_refused_head_the_connection_is_not_used_again),
        CLAIM(no_status_and_no_header_leads_elsewhere),
        CLAIM(no_header_moves_the_next_poll),
        CLAIM(a_cookie_is_not_sent_back),
        CLAIM(a_proxy_in_the_environment_is_not_asked),
        CLAIM(a_request_says_what_it_must_and_the_token_once),
        CLAIM(a_wait_full_of_trouble_writes_nothing_and_tells_no_token),
        CLAIM(a_certificate_that_nobody_vouches_for_is_refused_before_the_request),
        CLAIM(a_wait_ends_at_the_first_certificate_that_nobody_vouches_for),
        CLAIM(a_wait_ends_at_the_certificate_of_another_host),
        CLAIM(a_trusted_server_that_hangs_up_may_do_better_next_time),
        CLAIM(a_file_without_certificates_ends_the_wait),
        CLAIM(a_url_that_is_none_ends_the_wait),
        CLAIM(among_many_tasks_too_one_poll_is_enough),
        CLAIM(plain_text_on_the_tls_port_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
