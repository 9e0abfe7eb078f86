/* The real client against the hostile upstream: one typed outcome a row, in time, in bounded memory. */
#include "rows.h"

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

/* The client's seconds pass faster than ours: its waits between polls take microseconds. What it
 * gives one attempt is meant in real time. */
#define SPEED UINT32_C(100000)
#define REAL_MS(ms) ((int64_t)(ms)*SPEED)

enum {
    PATIENT_MS = 20000, /* an attempt that should end by itself: never reached */
    IMPATIENT_MS = 40,  /* an attempt that only its time ends */
    WAIT_MS = 60,       /* a whole wait that only its time ends */
    LATE_MS = 10000, /* past its time by more than this is not in time, however slow the machine */
    HEAP_MAX = 4 * HTTP_BODY_MAX /* a buffer that doubles may be there twice */
};

static const char token[] = "sk-secret-of-the-caller";

struct world {
    struct raw_server *server;
    struct clock_scaled clock;
};

static const struct raw_reply second = {.bytes = {WHOLE(FAILED), sizeof(WHOLE(FAILED)) - 1}};

_Static_assert(sizeof(DONE) - 1 == 175, "DONE_N and DONE_HEX");
_Static_assert(sizeof(RUNS) - 1 == 158, "RUNS_N");
_Static_assert(sizeof(FAILED) - 1 == 161, "FAILED_N");

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    if (w == NULL)
        return -1;
    clock_scaled_init(&w->clock, SPEED);
    w->server = raw_open();
    return w->server != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    raw_close(w->server);
    free(w);
    return 0;
}

static struct task_options options_of(struct world *w)
{
    return (struct task_options){.upstream = "doubao",
                                 .base_url = raw_url(w->server),
                                 .task_id = "t",
                                 .token = token,
                                 .interval_ms = 1000,
                                 .timeout_ms = REAL_MS(PATIENT_MS),
                                 .attempt_ms = REAL_MS(PATIENT_MS),
                                 .seed = 1};
}

static struct task_result wait_for(struct world *w, const struct task_options *options)
{
    struct task_result result;
    struct task_failure e = {0};
    struct task_options o = *options;
    assert_int_equal(transport_curl_open(&w->clock.clock, &o.transport, NULL), 0);
    if (task_wait(&o, &result, &e) != 0)
        fail_msg("the wait did not take place: %s: %s", e.where, e.what);
    task_transport_close(o.transport);
    return result;
}

/* One exchange, on a connection of its own. */
static int exchange_once(struct world *w, int64_t real_ms, struct http_reply *reply, struct err *e)
{
    struct http_request request = {.method = "GET", .timeout_ms = REAL_MS(real_ms)};
    struct task_transport *t;
    char url[128];
    snprintf(url, sizeof url, "%s/v1/video/generations/t", raw_url(w->server));
    request.url = url;
    assert_int_equal(transport_curl_open(&w->clock.clock, &t, e), 0);
    int code = t->exchange(t, &request, reply, e);
    task_transport_close(t);
    return code;
}

/* -- Each row, and all that did not go as it should ------------------------------------------------ */

static bool wrong(const struct raw_row *row, const char *what, const char *got)
{
    print_error("%s: %s: got %s\n", row->name, what, got);
    return true;
}

static bool wrong_reply(const struct raw_row *row, int code, const struct http_reply *reply,
                        const struct err *e)
{
    char got[ERR_WHAT_MAX + 64];
    struct task_view view;
    if (code != (int)row->code) {
        snprintf(got, sizeof got, "%s (%s)", err_name((enum err_code)code),
                 code != 0 ? e->what : "a reply");
        return wrong(row, err_name(row->code), got);
    }
    if (code != 0) {
        return reply->status != 0 || reply->head.n != 0 || reply->body.n != 0
            ? wrong(row, "nothing of a reply that is an error", "some of it")
            : false;
    }
    view_read("doubao", reply->status, buf_span(&reply->body), &view, NULL);
    snprintf(got, sizeof got, "HTTP %d, %s, %s", reply->status, task_error_name(view.error),
             task_state_name(view.state));
    return reply->status != row->status || view.error != row->error || view.state != row->state
        ? wrong(row, "another reply", got)
        : false;
}

static bool wrong_exchange(struct world *w, const struct raw_row *row)
{
    struct http_reply reply;
    struct err e = {0};
    raw_play(w->server, &row->reply, 1);
    size_t heap = raw_heap_bytes();
    int64_t real_ms = row->stalls ? IMPATIENT_MS : PATIENT_MS;
    int64_t began_ns = clock_ticks_ns();
    http_reply_init(&reply);
    int code = exchange_once(w, real_ms, &reply, &e);
    int64_t took_ms = (clock_ticks_ns() - began_ns) / 1000000;
    bool bad = wrong_reply(row, code, &reply, &e);
    struct raw_trace told = raw_tell(w->server);
    http_reply_fini(&reply);
    bad |= took_ms > real_ms + LATE_MS && wrong(row, "an end in time", "a late one");
    bad |= told.heap_peak > heap + HEAP_MAX && wrong(row, "bounded memory", "more");
    bad |= told.requests > 1 && wrong(row, "one request", "more");
    return bad;
}

static void every_row_ends_in_one_typed_outcome_in_time_and_in_bounded_memory(void **state)
{
    unsigned bad = 0;
    for (size_t i = 0; i < row_count; i++)
        bad += wrong_exchange(*state, &rows[i]);
    assert_int_equal(bad, 0);
}

/* What the wait makes of a row that is followed by a reply that tells of failure. */
static enum task_outcome outcome_before(const struct raw_row *row, enum task_outcome otherwise)
{
    switch (row->error) {
    case TASK_ERROR_PERMANENT:
    case TASK_ERROR_NOT_FOUND:
    case TASK_ERROR_UNAUTHORIZED: return TASK_OUTCOME_ERROR;
    default: return row->state == TASK_SUCCEEDED ? TASK_OUTCOME_SUCCEEDED : otherwise;
    }
}

static bool wrong_wait(struct world *w, const struct raw_row *row,
                       const struct task_options *options, enum task_outcome otherwise)
{
    enum task_outcome wanted = outcome_before(row, otherwise);
    char got[TASK_WHY_MAX + 64];
    struct task_result result = wait_for(w, options);
    struct raw_trace told = raw_tell(w->server);
    snprintf(got, sizeof got, "%s after %u polls and %u requests: %s",
             task_outcome_name(result.outcome), result.polls, told.requests, result.why);
    bool bad = result.outcome != wanted && wrong(row, task_outcome_name(wanted), got);
    bad |= told.requests > result.polls && wrong(row, "a request a poll", got);
    bad |= wanted != otherwise && result.polls != 1 && wrong(row, "one poll", got);
    bad |= strstr(result.why, token) != NULL && wrong(row, "no token", got);
    return bad;
}

static void every_row_is_ridden_out_and_the_next_poll_gets_its_own_answer(void **state)
{
    struct world *w = *state;
    unsigned bad = 0;
    for (size_t i = 0; i < row_count; i++) {
        struct raw_reply replies[] = {rows[i].reply, second};
        raw_play(w->server, replies, 2);
        struct task_options o = options_of(w);
        o.attempt_ms = rows[i].stalls ? REAL_MS(IMPATIENT_MS) : o.attempt_ms;
        bad += wrong_wait(w, &rows[i], &o, TASK_OUTCOME_FAILED);
    }
    assert_int_equal(bad, 0);
}

static void a_row_that_never_changes_is_given_up(void **state)
{
    struct world *w = *state;
    unsigned bad = 0;
    for (size_t i = 0; i < row_count; i++) {
        raw_play(w->server, &rows[i].reply, 1);
        struct task_options o = options_of(w);
        if (rows[i].stalls || rows[i].state == TASK_RUNNING) {
            o.attempt_ms = REAL_MS(IMPATIENT_MS);
            o.timeout_ms = REAL_MS(WAIT_MS);
        }
        bad += wrong_wait(w, &rows[i], &o, TASK_OUTCOME_GAVE_UP);
    }
    assert_int_equal(bad, 0);
}

/* -- A reply cut at every byte ---------------------------------------------------------------------- */

/* The cut reply would tell of success, the next tells of failure: whoever takes the first is found. */
static void cut_everywhere(struct world *w, struct span whole, size_t until, enum raw_end end)
{
    for (size_t n = 0; n < until; n++) {
        struct raw_reply replies[] = {{.bytes = {whole.p, n}, .end = end}, second};
        raw_play(w->server, replies, 2);
        struct task_options o = options_of(w);
        struct task_result r = wait_for(w, &o);
        if (r.outcome != TASK_OUTCOME_FAILED || r.polls != 2 || raw_tell(w->server).requests != 2) {
            fail_msg("cut after byte %zu of %zu: %s after %u polls: %s", n, whole.n,
                     task_outcome_name(r.outcome), r.polls, r.why);
        }
    }
    struct raw_reply reply = {.bytes = whole, .end = end};
    raw_play(w->server, &reply, 1);
    struct task_options o = options_of(w);
    assert_int_equal(wait_for(w, &o).outcome, TASK_OUTCOME_SUCCEEDED);
}

static const char by_length[] = WHOLE(DONE);
static const char by_chunks[] = OK
    "Transfer-Encoding: chunked\r\n\r\n59\r\n"
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"action\":\"g\",\"status\":\"success\","
    "\"progress\":\"100%\""
    "\r\n56\r\n"
    ",\"fail_reason\":\"https://a.test/v.mp4\",\"submit_time\":1,"
    "\"start_time\":2,\"finish_time\":3}}"
    "\r\n0\r\n\r\n";
static const char by_close[] = OK "\r\n" DONE;

static void a_reply_with_a_length_that_ends_early_is_no_success(void **state)
{
    cut_everywhere(*state, span_of(by_length), sizeof by_length - 1, RAW_FIN);
}

static void a_reply_with_a_length_that_is_reset_is_no_success(void **state)
{
    cut_everywhere(*state, span_of(by_length), sizeof by_length - 1, RAW_RST);
}

/* But for the very last byte: libcurl takes the CR of the last line end for the line end, and all
 * of the reply has come by then. */
static void a_reply_in_chunks_that_ends_early_is_no_success(void **state)
{
    cut_everywhere(*state, span_of(by_chunks), sizeof by_chunks - 2, RAW_FIN);
}

static void a_reply_in_chunks_that_is_reset_is_no_success(void **state)
{
    cut_everywhere(*state, span_of(by_chunks), sizeof by_chunks - 1, RAW_RST);
}

static void a_reply_until_the_close_that_ends_early_is_no_success(void **state)
{
    cut_everywhere(*state, span_of(by_close), sizeof by_close - 1, RAW_FIN);
}

/* Even all of it: a reset is not the close that says "whole". */
static void a_reply_until_the_close_that_is_reset_is_no_success(void **state)
{
    struct world *w = *state;
    for (size_t n = 0; n < sizeof by_close; n++) {
        struct raw_reply reply = {.bytes = {by_close, n}, .end = RAW_RST};
        struct http_reply got;
        struct err e = {0};
        raw_play(w->server, &reply, 1);
        http_reply_init(&got);
        assert_int_equal(exchange_once(w, PATIENT_MS, &got, &e), ERR_NETWORK);
        http_reply_fini(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_ends_in_one_typed_outcome_in_time_and_in_bounded_memory),
        cmocka_unit_test(every_row_is_ridden_out_and_the_next_poll_gets_its_own_answer),
        cmocka_unit_test(a_row_that_never_changes_is_given_up),
        cmocka_unit_test(a_reply_with_a_length_that_ends_early_is_no_success),
        cmocka_unit_test(a_reply_with_a_length_that_is_reset_is_no_success),
        cmocka_unit_test(a_reply_in_chunks_that_ends_early_is_no_success),
        cmocka_unit_test(a_reply_in_chunks_that_is_reset_is_no_success),
        cmocka_unit_test(a_reply_until_the_close_that_ends_early_is_no_success),
        cmocka_unit_test(a_reply_until_the_close_that_is_reset_is_no_success),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
