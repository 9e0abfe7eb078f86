/* Claims about requests that the mock refuses: each says why, in the upstream's words, and moves nothing. */
#include "mockserver/decide/mock.h"

#include "base/json/json.h"
#include "base/utf8.h"

#include "ask.h"
#include "schemes.h"

static struct fixtures *kept;

#define VIDEOS "/v1/video/generations/"

static struct span body_of(const struct plan *p)
{
    return span_cut(buf_span(&p->answer), p->body_at, p->answer.n);
}

static bool head_has(const struct plan *p, const char *text)
{
    return memmem(p->answer.p, p->body_at, text, strlen(text)) != NULL;
}

static void a_refused_request_says_why_and_does_not_move_the_task(void **state)
{
    (void)state;
    static const char drive[] = "/zego-drive:all/?Action=GetDriveStatus";
    static const struct {
        const char *method, *target, *token, *body;
        const char *upstream, *reply;
        int status, flags;
        const char *why;
    } rows[] = {
        {"GET", "/doubao:success" VIDEOS "t", NULL, NULL, "doubao", "error.unauthorized", 401,
         JOURNAL_BAD_AUTH, "no Authorization header"},
        {"GET", "/doubao:success" VIDEOS "t", "a b", NULL, "doubao", "error.unauthorized", 401,
         JOURNAL_BAD_AUTH, "characters"},
        {"PUT", "/doubao:success" VIDEOS "t", "x", NULL, "doubao", "error.no_route", 404,
         JOURNAL_UNEXPECTED, "the method is PUT"},
        {"GET", "/doubao:succes" VIDEOS "t", "x", NULL, "doubao", "error.no_route", 404,
         JOURNAL_UNEXPECTED, "nearest: success"},
        {"GET", "/doubao:success" VIDEOS "t?a=1&a=2", "x", NULL, "doubao", "error.bad_request", 400,
         JOURNAL_BAD_REQUEST, "given twice"},
        {"GET", "/doubao:success" VIDEOS "%f", "x", NULL, "doubao", "error.bad_request", 400,
         JOURNAL_BAD_REQUEST, "task id"},
        {"GET", "nonsense", "x", NULL, "", "", 400, JOURNAL_BAD_REQUEST, "slash"},
        {"GET", VIDEOS "t", "x", NULL, "", "", 404, JOURNAL_UNEXPECTED, "several upstreams"},
        {"POST", drive, NULL, "{", "zego-drive", "error.app_id_format", 200, JOURNAL_BAD_AUTH,
         "AppId"}, /* credentials come before the body */
        {"POST", drive, NULL, "{\"TaskId\":\"t\"}", "zego-drive", "error.app_id_format", 200,
         JOURNAL_BAD_AUTH, "AppId"},
    };
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask(m, rows[i].method, rows[i].target, NULL, rows[i].token, rows[i].body, NOON_MS, &p);
        struct last last = last_entry(m);
        if (rows[i].flags != last.entry.flags || !strstr(last.why, rows[i].why))
            fail_msg("row %zu: flags %d, why: %s", i, last.entry.flags, last.why);
        assert_string_equal(last.upstream, rows[i].upstream);
        assert_string_equal(last.reply, rows[i].reply);
        assert_true(head_has(&p, "\r\nX-Mock-Reason: "));
        assert_int_equal(json_scan(body_of(&p), NULL, NULL), ERR_OK);
        if (rows[i].reply[0] == '\0' || rows[i].status != 200)
            assert_in_range(p.status, 400, 499);
        assert_int_equal(mock_task_count(m), 0);
    }
    plan_fini(&p);
    mock_close(m);
}

/* Asks zego-drive with a signature of NOON_MS; client_ms 0: the sender has the mock's clock. */
static void ask_zego_at(struct mock *m, const char *nonce, const char *type, const char *body,
                        int64_t now_ms, int64_t client_ms, struct plan *p)
{
    char target[512], hex[SIGN_ZEGO_SIZE];
    sign(NULL, 1, nonce, 1800000000, hex);
    snprintf(target, sizeof target,
             "/zego-drive/?Action=GetDriveStatus&AppId=1&SignatureNonce=%s&Timestamp=1800000000"
             "&Signature=%s&SignatureVersion=2.0",
             nonce, hex);
    struct header header = {span_of("content-TYPE"), span_of(type)};
    struct message request = {.method = span_of("POST"),
                              .target_text = span_of(target),
                              .body = span_of(body),
                              .headers = &header,
                              .header_count = type ? 1 : 0,
                              .client_ms = client_ms};
    answer_message(m, &request, now_ms, p);
}

static void ask_zego(struct mock *m, const char *nonce, const char *type, const char *body,
                     struct plan *p)
{
    ask_zego_at(m, nonce, type, body, NOON_MS, 0, p);
}

static void a_body_has_to_satisfy_the_contract(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body, *reply; /* NULL: a step's */
        const char *why;
    } rows[] = {
        {"application/json", "{\"DriveId\":\"d\"}", NULL, ""},
        {"Application/JSON; charset=utf-8", "{\"DriveId\":\"d\"}", NULL, ""},
        {"application/json", "{\"TaskId\":\"t\",\"More\":1}", NULL, ""}, /* fields may be added */
        {NULL, "{\"DriveId\":\"d\"}", "error.bad_request", "Content-Type"},
        {"text/plain", "{\"DriveId\":\"d\"}", "error.bad_request", "not application/json"},
        {"application/json", "{\"DriveId\":7}", "error.bad_request", "/DriveId"},
        {"application/json", "{\"DriveId\":\"\"}", "error.bad_request", "/DriveId"},
        {"application/json", "{\"DriveId\":", "error.body_unreadable", "byte"},
        {"application/json", "", "error.bad_request", "required"},
        {"application/json", "{}", "error.bad_request", "task id"},
        {"application/json", "[]", "error.bad_request", "body"},
    };
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char nonce[16];
        snprintf(nonce, sizeof nonce, "n%zu", i);
        ask_zego(m, nonce, rows[i].type, rows[i].body, &p);
        struct last last = last_entry(m);
        if (rows[i].reply ? strcmp(last.reply, rows[i].reply) != 0 : last.why[0] != '\0')
            fail_msg("row %zu: %s, why: %s", i, last.reply, last.why);
        assert_int_equal((last.entry.flags & JOURNAL_BAD_REQUEST) != 0, rows[i].reply != NULL);
        if (!strstr(last.why, rows[i].why))
            fail_msg("row %zu: why: %s", i, last.why);
    }
    plan_fini(&p);
    mock_close(m);
}

static void a_nonce_used_twice_is_answered_and_noted(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (int i = 0; i < 2; i++) {
        ask_zego(m, "once", "application/json", "{\"DriveId\":\"d\"}", &p);
        struct last last = last_entry(m);
        assert_int_equal((last.entry.flags & JOURNAL_NONCE_REUSED) != 0, i == 1);
        assert_string_equal(last.task, "d");
        assert_int_equal(p.status, 200);
    }
    plan_fini(&p);
    mock_close(m);
}

static void a_timestamp_is_measured_by_its_senders_clock(void **state)
{
    (void)state;
    static const int64_t hour_ms = 3600000;
    const struct {
        const char *nonce;
        int64_t now_ms, client_ms;
        bool good;
    } rows[] = {
        {"n0", NOON_MS, 0, true}, /* one clock for both */
        {"n1", NOON_MS + hour_ms, 0, false},
        {"n2", NOON_MS + hour_ms, NOON_MS, true}, /* the mock's runs ahead */
        {"n3", NOON_MS, NOON_MS + 600000, true},  /* still to the second */
        {"n4", NOON_MS, NOON_MS + 601000, false},
        {"n5", NOON_MS + hour_ms, NOON_MS - 601000, false},
    };
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask_zego_at(m, rows[i].nonce, "application/json", "{\"DriveId\":\"d\"}", rows[i].now_ms,
                    rows[i].client_ms, &p);
        struct last last = last_entry(m);
        if ((strcmp(last.reply, "error.signature_expired") != 0) != rows[i].good)
            fail_msg("row %zu: %s, why: %s", i, last.reply, last.why);
        assert_int_equal(last.entry.began_ms,
                         rows[i].now_ms); /* the journal keeps the mock's time */
    }
    plan_fini(&p);
    mock_close(m);
}

static void strictness_and_open_doors_are_options(void **state)
{
    (void)state;
    const struct fixtures *f = take_fixtures(&kept);
    struct plan p;
    plan_init(&p);
    struct mock *m = open_mock(f, (struct mock_options){.strict = true});
    get(m, "/doubao" VIDEOS "nobody", NOON_MS, &p);
    struct last last = last_entry(m);
    assert_string_equal(last.reply, "error.not_found");
    assert_int_equal(last.entry.flags, JOURNAL_UNEXPECTED);
    assert_non_null(strstr(last.why, "nobody"));
    get(m, "/doubao" VIDEOS "doubao-blip-1", NOON_MS, &p);
    assert_string_equal(last_entry(m).scenario, "blip");
    mock_close(m);

    m = open_mock(f, (struct mock_options){.auth = {.no_auth = true}, .default_upstream = "video"});
    ask(m, "GET", VIDEOS "t", NULL, NULL, NULL, NOON_MS, &p);
    last = last_entry(m);
    assert_string_equal(last.upstream, "video");
    assert_int_equal(last.entry.flags, 0);
    ask(m, "POST", "/zego-drive?Action=GetDriveStatus", NULL, NULL, "{\"TaskId\":\"t\"}", NOON_MS,
        &p);
    assert_int_equal(last_entry(m).entry.flags & ~JOURNAL_TERMINAL, 0);
    mock_close(m);

    m = open_mock(f, (struct mock_options){.auth = {.token = "right"}});
    ask(m, "GET", "/video" VIDEOS "t", NULL, "wrong", NULL, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_AUTH);
    ask(m, "GET", "/video" VIDEOS "t", NULL, "right", NULL, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, 0);
    mock_close(m);
    plan_fini(&p);
}

static void an_absolute_target_is_answered_by_its_host_and_a_strangers_is_misdirected(void **state)
{
    (void)state;
    static const char *const names[] = {"mock"};
    static const struct {
        const char *target, *host; /* of the Host header */
        int status;
        const char *upstream, *reply, *why;
    } rows[] = {
        {"http://api.gpt.ge/avatar/task/t", "127.0.0.1:1", 200, "avatar", "odd.waiting", ""},
        {"HTTP://API.gpt.ge:81/avatar/task/t", "evil.example", 200, "avatar", "odd.waiting", ""},
        {"https://api.gpt.ge/avatar/task/t", "evil.example", 200, "avatar", "odd.waiting", ""},
        {"http://127.0.0.1:9/doubao:slow" VIDEOS "t", "api.gpt.ge", 200, "doubao", "queued", ""},
        {"http://mock/video" VIDEOS "t", NULL, 200, "video", "queued", ""},
        {"http://localhost" VIDEOS "video-failure-3", NULL, 200, "video", "queued", ""},
        {"http://api.gpt.gee/avatar/task/t", "api.gpt.ge", 421, "", "", "nearest: api.gpt.ge"},
        {"http://evil.example/doubao" VIDEOS "t", NULL, 421, "", "", "\"evil.example\""},
        {"http://localhost:1@evil.example/doubao" VIDEOS "t", NULL, 400, "doubao",
         "error.bad_request", "a user before the host"},
        {"/avatar/task/t", "api.gpt.ge", 200, "avatar", "odd.waiting", ""},
    };
    struct mock *m = open_mock(
        take_fixtures(&kept),
        (struct mock_options){.strict = false, .hosts = {.names = names, .name_count = 1}});
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mock_reset(m);
        ask(m, "GET", rows[i].target, rows[i].host, "token", NULL, NOON_MS, &p);
        struct last last = last_entry(m);
        if (p.status != rows[i].status || strcmp(last.upstream, rows[i].upstream) != 0
            || strcmp(last.reply, rows[i].reply) != 0 || !strstr(last.why, rows[i].why))
            fail_msg("%s: %d %s %s %s", rows[i].target, p.status, last.upstream, last.reply,
                     last.why);
        if (rows[i].status == 421)
            assert_non_null(memmem(body_of(&p).p, body_of(&p).n, "no contract names", 17));
    }
    plan_fini(&p);
    mock_close(m);
}

/* A client that is sent here by http_proxy gets what one that is sent here by name resolution
 * gets, byte for byte. */
static void the_absolute_form_changes_no_byte_of_an_answer(void **state)
{
    (void)state;
    struct buf answers[2];
    for (int i = 0; i < 2; i++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){.seed = 3});
        struct plan p;
        plan_init(&p);
        buf_init(&answers[i], 1 << 16);
        ask(m, "GET", i ? "http://api.gpt.ge/avatar/task/t" : "/avatar/task/t", "api.gpt.ge",
            "token", NULL, NOON_MS, &p);
        buf_add_span(&answers[i], buf_span(&p.answer));
        ask(m, "GET", i ? "http://api.gpt.ge/avatar/tasks/t" : "/avatar/tasks/t", "api.gpt.ge",
            "token", NULL, NOON_MS, &p);
        buf_add_span(&answers[i], buf_span(&p.answer));
        assert_int_equal(last_entry(m).entry.target.n, strlen("/avatar/tasks/t"));
        plan_fini(&p);
        mock_close(m);
    }
    assert_true(span_same(buf_span(&answers[0]), buf_span(&answers[1])));
    buf_fini(&answers[0]);
    buf_fini(&answers[1]);
}

static void an_id_that_is_not_utf_8_is_a_bad_request(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool good;
    } rows[] = {
        {"a%C3%A9", true},       {"%F0%9F%8E%AC", true}, {"a%C3", false},
        {"%FF", false},          {"%C0%AF", false},      {"%ED%A0%80", false},
        {"%F4%90%80%80", false}, {"a\xE9", false},       {"a\xC3\xA9", true},
    };
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[128];
        snprintf(target, sizeof target, "/doubao" VIDEOS "%s", rows[i].id);
        get(m, target, NOON_MS, &p);
        struct last last = last_entry(m);
        assert_int_equal(last.entry.flags, rows[i].good ? 0 : JOURNAL_BAD_REQUEST);
        assert_string_equal(last.reply, rows[i].good ? "queued" : "error.bad_request");
        assert_true(utf8_is_valid(span_of(last.task)));
    }
    plan_fini(&p);
    mock_close(m);
}

static void limits_are_refused_by_their_number(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    struct header headers[MESSAGE_HEADERS_MAX + 1];
    for (int i = 0; i <= MESSAGE_HEADERS_MAX; i++)
        headers[i] = (struct header){span_of("X"), span_of("1")};
    headers[0] = (struct header){span_of("Authorization"), span_of("Bearer x")};
    struct message request = {.method = span_of("GET"),
                              .target_text = span_of("/doubao" VIDEOS "t"),
                              .headers = headers,
                              .header_count = MESSAGE_HEADERS_MAX};
    answer_message(m, &request, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, 0);
    request.header_count++;
    answer_message(m, &request, NOON_MS, &p);
    assert_non_null(strstr(last_entry(m).why, "64"));
    char *body = calloc(1, MESSAGE_BODY_MAX + 1);
    assert_non_null(body);
    request.header_count = 1;
    request.body = (struct span){body, MESSAGE_BODY_MAX + 1};
    answer_message(m, &request, NOON_MS, &p);
    assert_non_null(strstr(last_entry(m).why, "1048576"));
    free(body);

    char target[600] = "/doubao" VIDEOS;
    memset(target + strlen(target), 'i', MOCK_TASK_ID_MAX);
    get(m, target, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_REQUEST);
    plan_fini(&p);
    mock_close(m);
}

static int drop(void **state)
{
    (void)state;
    fixtures_free(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_request_says_why_and_does_not_move_the_task),
        cmocka_unit_test(a_body_has_to_satisfy_the_contract),
        cmocka_unit_test(a_nonce_used_twice_is_answered_and_noted),
        cmocka_unit_test(a_timestamp_is_measured_by_its_senders_clock),
        cmocka_unit_test(strictness_and_open_doors_are_options),
        cmocka_unit_test(an_absolute_target_is_answered_by_its_host_and_a_strangers_is_misdirected),
        cmocka_unit_test(the_absolute_form_changes_no_byte_of_an_answer),
        cmocka_unit_test(an_id_that_is_not_utf_8_is_a_bad_request),
        cmocka_unit_test(limits_are_refused_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
