/* task_wait on a simulated clock, against a service that follows a script. */
#include "client/client.h"
#include "client/http/http.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000, LINES_MAX = 128, POLLS_MAX = 4096, SEEN_MAX = 64 };

#define DATA(status, rest) "{\"code\":\"success\",\"data\":{\"status\":\"" status "\"" rest "}}"
#define QUEUED DATA("queued", ",\"progress\":\"10%\"")
#define RUNNING DATA("in_progress", ",\"progress\":\"50%\"")
#define NEW_WORD DATA("reviewing", "")
#define SUCCESS DATA("success", ",\"fail_reason\":\"http://v/1.mp4\"")
#define FAILURE DATA("failure", ",\"fail_reason\":\"http://looks/like.mp4\"")
#define STREAM(status) "{\"Code\":0,\"Data\":{\"Status\":" status "}}"
#define ZEGO(code) "{\"Code\":" code ",\"Message\":\"m\"}"

/* One exchange of the script; the last line repeats for ever when polls is 0. */
struct line {
    int polls;  /* 0: once, or for ever when last */
    int loss;   /* an err_code: no reply */
    int status; /* 0: 200 */
    int64_t takes_ms;
    const char *head;
    const char *body;
};

struct script {
    struct task_transport transport; /* first */
    struct clock_sim clock;
    const struct line *lines;
    size_t count;
    size_t at;
    int used; /* polls that the line at `at` has answered */
    size_t polls;
    int64_t asked_ms[POLLS_MAX];
    int64_t timeout_ms[POLLS_MAX];
    int64_t answered_ms; /* the end of the last reply */
    /* what progress was told */
    size_t seen_count;
    struct task_view seen[SEEN_MAX];
};

static int play(struct task_transport *t, const struct http_request *request,
                struct http_reply *reply, struct err *e)
{
    struct script *s = (struct script *)t;
    const struct line *line = &s->lines[s->at];
    assert_true(s->polls < POLLS_MAX);
    s->asked_ms[s->polls] = s->clock.ms;
    s->timeout_ms[s->polls++] = request->timeout_ms;
    buf_reset(&reply->head);
    buf_reset(&reply->body);
    reply->status = 0;
    s->clock.ms += line->takes_ms;
    s->answered_ms = s->clock.ms;
    if (s->at + 1 < s->count && ++s->used >= (line->polls > 0 ? line->polls : 1)) {
        s->at++;
        s->used = 0;
    }
    if (line->loss != 0)
        return err_set(e, (enum err_code)line->loss, NULL, "lost on purpose");
    reply->status = line->status != 0 ? line->status : 200;
    buf_add_text(&reply->head, line->head != NULL ? line->head : "");
    buf_add_text(&reply->body, line->body != NULL ? line->body : "");
    return 0;
}

static void remember(const struct task_view *view, void *arg)
{
    struct script *s = arg;
    assert_true(s->seen_count < SEEN_MAX);
    s->seen[s->seen_count++] = *view;
}

/* A wait of five-second polls through the script; options that are set stay. */
static struct task_result run(struct script *s, const struct line *lines, size_t count,
                              struct task_options o)
{
    struct task_result r;
    struct task_failure e = {0};
    s->transport = (struct task_transport){play, &s->clock.clock};
    s->lines = lines;
    s->count = count;
    s->at = 0;
    s->used = 0;
    s->polls = 0;
    s->seen_count = 0;
    clock_sim_init(&s->clock, 1700000000000);
    o.upstream = o.upstream != NULL ? o.upstream : "doubao";
    o.base_url = "http://h";
    o.task_id = "t";
    o.app_id = 1;
    o.secret = "s";
    o.seed = o.seed != 0 ? o.seed : 7;
    o.interval_ms = o.interval_ms != 0 ? o.interval_ms : 5 * SECOND;
    o.transport = &s->transport;
    o.progress = remember;
    o.progress_arg = s;
    int code = task_wait(&o, &r, &e);
    if (code != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_int_equal(r.polls, s->polls);
    assert_int_equal(r.elapsed_ms, s->clock.ms - 1700000000000);
    return r;
}

#define RUN(script, lines, ...)                                                                    \
    run(script, lines, sizeof(lines) / sizeof((lines)[0]), (struct task_options){__VA_ARGS__})

static int64_t asked_at(const struct script *s, size_t poll)
{
    return s->asked_ms[poll] - 1700000000000;
}

static struct script script;

static void a_task_is_polled_each_interval_until_it_succeeds_and_never_again(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.body = QUEUED}, {.body = RUNNING, .polls = 2}, {.body = SUCCESS}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_string_equal(r.view.url, "http://v/1.mp4");
    assert_string_equal(r.why, "the task succeeded");
    assert_int_equal(r.polls, 4);
    assert_int_equal(r.replies, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(asked_at(&script, i), 5 * SECOND * (int64_t)i);
}

static void the_interval_counts_from_the_end_of_a_slow_reply(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.body = QUEUED, .takes_ms = 3000}, {.body = RUNNING}, {.body = SUCCESS}};
    RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(asked_at(&script, 1), 8 * SECOND);
    assert_int_equal(asked_at(&script, 2), 13 * SECOND);
}

static void a_failed_task_fails_with_its_reason_even_when_that_looks_like_a_url(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = FAILURE}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_FAILED);
    assert_string_equal(r.view.reason, "http://looks/like.mp4");
    assert_string_equal(r.view.url, "");
    assert_string_equal(r.why, "the task failed: http://looks/like.mp4");
    assert_int_equal(r.polls, 1);
}

/* But for "not found": the task may be too new, and is asked for once more. */
static void a_refusal_for_good_ends_the_wait_at_the_first_poll(void **state)
{
    (void)state;
    static const struct {
        struct line line;
        enum task_error error;
    } rows[] = {
        {{.status = 401}, TASK_ERROR_UNAUTHORIZED},
        {{.status = 403}, TASK_ERROR_UNAUTHORIZED},
        {{.status = 404}, TASK_ERROR_NOT_FOUND},
        {{.status = 400}, TASK_ERROR_PERMANENT},
        {{.status = 400, .body = "{\"code\":\"task_not_exist\",\"message\":\"m\"}"},
         TASK_ERROR_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_result r = run(&script, &rows[i].line, 1, (struct task_options){0});
        assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
        assert_int_equal(r.view.error, rows[i].error);
        assert_int_equal(r.polls, rows[i].error == TASK_ERROR_NOT_FOUND ? 2 : 1);
    }
}

static void a_refusal_says_why_with_its_code_and_message(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.body = RUNNING},
        {.status = 400, .body = "{\"code\":\"bad\",\"message\":\"no such model\"}"}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_string_equal(r.why, "the service refused for good: HTTP 400, code bad: no such model");
    assert_string_equal(r.view.code, "bad");
}

static void troubles_of_every_kind_are_ridden_out(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.body = QUEUED},      {.status = 500},
        {.status = 429},       {.loss = ERR_NETWORK},
        {.loss = ERR_TIMEOUT}, {.body = "<html>"},
        {.body = ""},          {.body = "{\"code\":\"success\",\"data\":null}"},
        {.loss = ERR_LIMIT},   {.body = SUCCESS}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.polls, 10);
    assert_int_equal(r.replies, 7);
    for (size_t i = 1; i < r.polls; i++)
        assert_true(script.asked_ms[i] - script.asked_ms[i - 1] >= 5 * SECOND);
}

static void what_no_repeat_can_help_ends_the_wait_at_once(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}, {.loss = ERR_USAGE}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.view.error, TASK_ERROR_PERMANENT);
    assert_int_equal(r.polls, 2);
    assert_int_equal(r.replies, 1);
    assert_true(strncmp(r.why, "the service cannot be asked: ", 29) == 0);
}

static void the_ninth_trouble_in_a_row_is_one_too_many(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.body = RUNNING},
        {.status = 502, .polls = 8},
        {.body = RUNNING},
        {.status = 502, .body = "{\"error\":{\"message\":\"bad gateway\"}}"}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.polls, 1 + 8 + 1 + 9);     /* a reply that tells begins the count anew */
    assert_int_equal(r.view.state, TASK_RUNNING); /* what was known is kept */
    assert_string_equal(r.why, "9 polls in a row told nothing, the last: HTTP 502: bad gateway");
}

static void unreadable_replies_are_given_up_with_their_place(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = "{\"code\":\"success\"}"}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.polls, 9);
    assert_int_equal(r.view.error, TASK_ERROR_CONTRACT);
    assert_string_equal(r.why, "9 polls in a row told nothing, the last: /data: is missing");
}

static void a_service_that_is_not_there_brings_no_replies(void **state)
{
    (void)state;
    static const struct line lines[] = {{.loss = ERR_NETWORK}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.polls, 9);
    assert_int_equal(r.replies, 0);
}

static void an_unknown_status_is_polled_and_neither_end_is_guessed(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}, {.body = NEW_WORD, .polls = 60},
                                        {.body = RUNNING}, {.body = NEW_WORD, .polls = 30},
                                        {.status = 500},   {.body = NEW_WORD, .polls = 30},
                                        {.body = SUCCESS}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.polls, 1 + 60 + 1 + 30 + 1 + 30 + 1);
}

static void an_unknown_status_that_stays_is_given_up_within_its_budget(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = NEW_WORD}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.polls, 61);
    assert_string_equal(r.why, "61 polls in a row told the unknown status 'reviewing'");
}

static void retry_after_is_waited_out_on_429_503_and_on_a_running_task(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.status = 429, .head = "Retry-After: 7\r\n"},
        {.status = 503, .head = "retry-after: 11\r\n"},
        {.body = RUNNING, .head = "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n"},
        {.status = 429, .head = "Retry-After: soon\r\n"},
        {.body = SUCCESS}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(asked_at(&script, 1), 7 * SECOND);
    assert_int_equal(asked_at(&script, 2), 18 * SECOND);
    assert_int_equal(asked_at(&script, 3), 60 * SECOND); /* 1700000000 is 22:13:20 */
    assert_int_equal(asked_at(&script, 4), 65 * SECOND); /* malformed: the interval */
}

static void a_retry_after_beyond_the_deadline_ends_the_wait_without_another_poll(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING},
                                        {.status = 429, .head = "Retry-After: 3600\r\n"}};
    struct task_result r = RUN(&script, lines, .timeout_ms = 60 * SECOND);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.polls, 2);
    assert_int_equal(r.elapsed_ms, 5 * SECOND);
    assert_string_equal(r.why, "the service asked to be left alone beyond the limit of 1 m");
}

static void a_task_that_never_ends_is_given_up_at_the_deadline_after_one_last_try(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}};
    struct task_result r = RUN(&script, lines, .timeout_ms = 62 * SECOND);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.view.state, TASK_RUNNING);
    assert_int_equal(r.polls, 13);
    assert_int_equal(asked_at(&script, 11), 55 * SECOND);
    assert_int_equal(asked_at(&script, 12), 61 * SECOND); /* one second is left for it */
    assert_int_equal(script.timeout_ms[12], SECOND);
    assert_int_equal(script.timeout_ms[0], 30 * SECOND);
}

static void time_that_runs_out_in_trouble_says_which(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}, {.status = 500}};
    struct task_result r = RUN(&script, lines, .timeout_ms = 6 * SECOND);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.view.state, TASK_RUNNING);
    assert_string_equal(r.why,
                        "the task was still open after the limit of 6 s; the last poll: HTTP 500");
}

static void a_last_try_that_succeeds_counts(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}, {.body = SUCCESS}};
    struct task_result r = RUN(&script, lines, .timeout_ms = 9 * SECOND);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(asked_at(&script, 1), 8 * SECOND);
}

static void a_last_try_with_little_time_left_still_gets_a_second(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}};
    struct task_result r = RUN(&script, lines, .timeout_ms = 10500);
    assert_int_equal(r.polls, 3);
    assert_int_equal(asked_at(&script, 2), 10 * SECOND);
    assert_int_equal(script.timeout_ms[2], SECOND);
}

static void an_hour_is_the_limit_when_none_is_given(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}};
    struct task_result r = RUN(&script, lines, .interval_ms = 60 * SECOND);
    assert_int_equal(r.outcome, TASK_OUTCOME_GAVE_UP);
    assert_int_equal(r.elapsed_ms, 3600 * SECOND);
    assert_int_equal(r.polls, 61);
}

static void progress_is_told_once_a_change(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = QUEUED, .polls = 3},
                                        {.status = 500, .polls = 2},
                                        {.body = QUEUED},
                                        {.body = RUNNING, .polls = 2},
                                        {.body = DATA("in_progress", ",\"progress\":\"40%\"")},
                                        {.body = DATA("IN_PROGRESS", ",\"progress\":\"40%\"")},
                                        {.body = SUCCESS}};
    static const struct {
        enum task_state state;
        enum task_error error;
        int progress;
    } told[] = {{TASK_QUEUED, TASK_ERROR_NONE, 10},   {TASK_UNKNOWN, TASK_ERROR_TRANSIENT, -1},
                {TASK_QUEUED, TASK_ERROR_NONE, 10},   {TASK_RUNNING, TASK_ERROR_NONE, 50},
                {TASK_RUNNING, TASK_ERROR_NONE, 40},  {TASK_RUNNING, TASK_ERROR_NONE, 40},
                {TASK_SUCCEEDED, TASK_ERROR_NONE, -1}};
    RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(script.seen_count, sizeof told / sizeof told[0]);
    for (size_t i = 0; i < script.seen_count; i++) {
        assert_int_equal(script.seen[i].state, told[i].state);
        assert_int_equal(script.seen[i].error, told[i].error);
        assert_int_equal(script.seen[i].progress, told[i].progress);
    }
}

static void a_stream_that_is_awaited_ready_ends_with_streaming(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = STREAM("1")}, {.body = STREAM("3")}};
    struct task_result r = RUN(&script, lines, .upstream = "zego-stream", .goal = "ready",
                               .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.view.state, TASK_SUCCEEDED);
    assert_string_equal(r.view.status, "3");
    assert_int_equal(r.polls, 2);
}

static void a_stream_that_was_seen_and_is_gone_has_stopped(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = STREAM("4")}, {.body = ZEGO("400000005")}};
    struct task_result r = RUN(&script, lines, .upstream = "zego-stream", .goal = "stopped",
                               .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    assert_int_equal(r.view.state, TASK_SUCCEEDED);
    assert_int_equal(r.view.error, TASK_ERROR_NONE);
}

static void a_stream_that_nobody_ever_saw_is_not_found(void **state)
{
    (void)state;
    static const struct line lines[] = {{.status = 500}, {.body = ZEGO("400000005")}};
    struct task_result r = RUN(&script, lines, .upstream = "zego-stream", .goal = "stopped",
                               .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.view.error, TASK_ERROR_NOT_FOUND);
}

static void an_expired_signature_is_signed_anew_and_a_wrong_one_is_not(void **state)
{
    (void)state;
    static const struct line expired[] = {{.body = ZEGO("100000004")}, {.body = STREAM("5")}};
    static const struct line wrong[] = {{.body = ZEGO("100000005")}, {.body = STREAM("5")}};
    struct task_result r = RUN(&script, expired, .upstream = "zego-stream", .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_SUCCEEDED);
    r = RUN(&script, wrong, .upstream = "zego-stream", .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_ERROR);
    assert_int_equal(r.view.error, TASK_ERROR_UNAUTHORIZED);
    assert_int_equal(r.polls, 1);
}

static void a_cancelled_exchange_cancels_the_wait_and_keeps_what_is_known(void **state)
{
    (void)state;
    static const struct line lines[] = {{.body = RUNNING}, {.loss = ERR_CANCELLED}};
    struct task_result r = RUN(&script, lines, .interval_ms = 0);
    assert_int_equal(r.outcome, TASK_OUTCOME_CANCELLED);
    assert_int_equal(r.view.state, TASK_RUNNING);
    assert_string_equal(r.why, "cancelled");
}

static void one_seed_makes_one_course_of_waits(void **state)
{
    (void)state;
    static const struct line lines[] = {{.status = 500}};
    int64_t first[9];
    struct task_result r = RUN(&script, lines, .seed = 42);
    memcpy(first, script.asked_ms, sizeof first);
    assert_int_equal(r.polls, 9);
    RUN(&script, lines, .seed = 42);
    assert_memory_equal(first, script.asked_ms, sizeof first);
    RUN(&script, lines, .seed = 43);
    assert_memory_not_equal(first, script.asked_ms, sizeof first);
}

static void options_that_are_wrong_are_refused_with_the_nearest_name(void **state)
{
    (void)state;
    static const struct {
        struct task_options o;
        const char *where;
        const char *what;
    } rows[] = {
        {{.upstream = "duobao"}, "upstream", "there is no 'duobao'; did you mean 'doubao'?"},
        {{.upstream = "qqqqqqqqqq"}, "upstream", "there is no 'qqqqqqqqqq'"},
        {{.upstream = NULL}, "upstream", "is missing"},
        {{.upstream = "zego-stream", .goal = "redy"},
         "goal",
         "there is no 'redy'; did you mean 'ready'?"},
        {{.upstream = "doubao", .goal = "ready"}, "goal", "there is no 'ready'"},
        {{.upstream = "doubao", .interval_ms = -1},
         "interval_ms, timeout_ms, attempt_ms",
         "should not be negative"},
        {{.upstream = "doubao", .timeout_ms = -1},
         "interval_ms, timeout_ms, attempt_ms",
         "should not be negative"},
        {{.upstream = "doubao", .attempt_ms = -1},
         "interval_ms, timeout_ms, attempt_ms",
         "should not be negative"},
        {{.upstream = "doubao"}, "base_url", "should start with http:// or https://"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_result r;
        struct task_failure e;
        assert_int_equal(task_wait(&rows[i].o, &r, &e), TASK_FAILURE_USAGE);
        assert_int_equal(e.code, TASK_FAILURE_USAGE);
        assert_string_equal(e.where, rows[i].where);
        assert_string_equal(e.what, rows[i].what);
        assert_int_equal(r.polls, 0);
    }
}

static void memory_that_runs_out_ends_the_call_with_an_error(void **state)
{
    (void)state;
    static const struct line lines[] = {{.loss = ERR_MEMORY}};
    static const struct task_result nothing = {.view.progress = -1};
    struct task_result r;
    struct task_failure e;
    script = (struct script){.transport = {play, &script.clock.clock}, .lines = lines, .count = 1};
    clock_sim_init(&script.clock, 0);
    struct task_options o = {.upstream = "doubao",
                             .base_url = "http://h",
                             .task_id = "t",
                             .transport = &script.transport};
    assert_int_equal(task_wait(&o, &r, &e), TASK_FAILURE_MEMORY);
    assert_memory_equal(&r, &nothing, sizeof r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_polled_each_interval_until_it_succeeds_and_never_again),
        cmocka_unit_test(the_interval_counts_from_the_end_of_a_slow_reply),
        cmocka_unit_test(a_failed_task_fails_with_its_reason_even_when_that_looks_like_a_url),
        cmocka_unit_test(a_refusal_for_good_ends_the_wait_at_the_first_poll),
        cmocka_unit_test(a_refusal_says_why_with_its_code_and_message),
        cmocka_unit_test(troubles_of_every_kind_are_ridden_out),
        cmocka_unit_test(what_no_repeat_can_help_ends_the_wait_at_once),
        cmocka_unit_test(the_ninth_trouble_in_a_row_is_one_too_many),
        cmocka_unit_test(unreadable_replies_are_given_up_with_their_place),
        cmocka_unit_test(a_service_that_is_not_there_brings_no_replies),
        cmocka_unit_test(an_unknown_status_is_polled_and_neither_end_is_guessed),
        cmocka_unit_test(an_unknown_status_that_stays_is_given_up_within_its_budget),
        cmocka_unit_test(retry_after_is_waited_out_on_429_503_and_on_a_running_task),
        cmocka_unit_test(a_retry_after_beyond_the_deadline_ends_the_wait_without_another_poll),
        cmocka_unit_test(a_task_that_never_ends_is_given_up_at_the_deadline_after_one_last_try),
        cmocka_unit_test(time_that_runs_out_in_trouble_says_which),
        cmocka_unit_test(a_last_try_that_succeeds_counts),
        cmocka_unit_test(a_last_try_with_little_time_left_still_gets_a_second),
        cmocka_unit_test(an_hour_is_the_limit_when_none_is_given),
        cmocka_unit_test(progress_is_told_once_a_change),
        cmocka_unit_test(a_stream_that_is_awaited_ready_ends_with_streaming),
        cmocka_unit_test(a_stream_that_was_seen_and_is_gone_has_stopped),
        cmocka_unit_test(a_stream_that_nobody_ever_saw_is_not_found),
        cmocka_unit_test(an_expired_signature_is_signed_anew_and_a_wrong_one_is_not),
        cmocka_unit_test(a_cancelled_exchange_cancels_the_wait_and_keeps_what_is_known),
        cmocka_unit_test(one_seed_makes_one_course_of_waits),
        cmocka_unit_test(options_that_are_wrong_are_refused_with_the_nearest_name),
        cmocka_unit_test(memory_that_runs_out_ends_the_call_with_an_error),
    };
    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
