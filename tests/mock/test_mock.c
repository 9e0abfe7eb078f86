/* Claims about the mock as a whole: a request in, a plan and a journal's entry out. */
#include "mockserver/mock.h"
#include "mockserver/auth.h"

#include "base/json.h"

#include "ask.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static struct fixtures *kept;

#define VIDEOS "/v1/video/generations/"

static struct span body_of(const struct plan *p)
{
    return span_cut(buf_span(&p->answer), p->body_at, p->answer.n);
}

static bool body_has(const struct plan *p, const char *text)
{
    return memmem(body_of(p).p, body_of(p).n, text, strlen(text)) != NULL;
}

static bool head_has(const struct plan *p, const char *text)
{
    return memmem(p->answer.p, p->body_at, text, strlen(text)) != NULL;
}

static void a_mounted_task_goes_through_its_scenario(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const char *const story[] = {"queued",      "queued",  "in_progress",
                                        "in_progress", "success", "success"};
    for (int i = 0; i < 6; i++) {
        get(m, "/doubao:success" VIDEOS "t-9", NOON_MS + i * 5000, &p);
        struct last last = last_entry(m);
        assert_string_equal(last.reply, story[i]);
        assert_string_equal(last.upstream, "doubao");
        assert_string_equal(last.scenario, "success");
        assert_string_equal(last.task, "t-9");
        assert_int_equal(last.entry.seq, i + 1);
        assert_int_equal(p.seq, i + 1);
        assert_int_equal(last.entry.step, i < 2 ? 0 : i < 4 ? 1 : 2);
        assert_int_equal(last.entry.flags, i < 4 ? 0 : JOURNAL_TERMINAL);
        assert_int_equal(last.entry.began_ms, NOON_MS + i * 5000);
        assert_int_equal(p.status, 200);
        assert_int_equal(p.act_count, 1);
        assert_true(body_has(&p, "\"task_id\": \"t-9\""));
        assert_true(body_has(&p, "\"submit_time\": 1800000000"));
    }
    assert_true(body_has(&p, "\"start_time\": 1800000010"));
    assert_true(body_has(&p, "\"finish_time\": 1800000020"));
    mock_played(m, &p, NOON_MS + 26000, p.answer.n, true);
    struct last last = last_entry(m);
    assert_int_equal(last.entry.ended_ms, NOON_MS + 26000);
    assert_int_equal(last.entry.flags, JOURNAL_TERMINAL | JOURNAL_WHOLE);
    plan_fini(&p);
    mock_close(m);
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

/* Asks zego-drive with a signature of its own making. */
static void ask_zego(struct mock *m, const char *nonce, const char *type, const char *body,
                     struct plan *p)
{
    struct auth *a;
    char target[512], hex[AUTH_MD5_HEX];
    assert_int_equal(auth_open(&(struct mock_options){0}, &a, NULL), ERR_OK);
    auth_signature(a, "1", nonce, "1800000000", hex);
    auth_close(a);
    snprintf(target, sizeof target,
             "/zego-drive/?Action=GetDriveStatus&AppId=1&SignatureNonce=%s&Timestamp=1800000000"
             "&Signature=%s&SignatureVersion=2.0",
             nonce, hex);
    struct mock_header header = {span_of("content-TYPE"), span_of(type)};
    struct mock_request request = {.method = span_of("POST"),
                                   .target = span_of(target),
                                   .body = span_of(body),
                                   .headers = &header,
                                   .header_count = type ? 1 : 0};
    mock_answer(m, &request, NOON_MS, p);
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

    m = open_mock(f, (struct mock_options){.no_auth = true, .default_upstream = "video"});
    ask(m, "GET", VIDEOS "t", NULL, NULL, NULL, NOON_MS, &p);
    last = last_entry(m);
    assert_string_equal(last.upstream, "video");
    assert_int_equal(last.entry.flags, 0);
    ask(m, "POST", "/zego-drive?Action=GetDriveStatus", NULL, NULL, "{\"TaskId\":\"t\"}", NOON_MS,
        &p);
    assert_int_equal(last_entry(m).entry.flags & ~JOURNAL_TERMINAL, 0);
    mock_close(m);

    m = open_mock(f, (struct mock_options){.token = "right"});
    ask(m, "GET", "/video" VIDEOS "t", NULL, "wrong", NULL, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_AUTH);
    ask(m, "GET", "/video" VIDEOS "t", NULL, "right", NULL, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, 0);
    mock_close(m);
    plan_fini(&p);
}

/* Its own scenario, so that the steps stand beside what they must become. */
static const char faulty[] =
    "{\"title\":\"t\",\"tasks\":\"faulty-*\",\"end\":\"drop\",\"steps\":["
    "{\"reply\":\"queued\",\"fault\":{\"delay\":\"300ms\"}},"
    "{\"reply\":\"queued\",\"fault\":[{\"delay\":\"1s\"},{\"truncate\":7}]},"
    "{\"reply\":\"queued\",\"fault\":{\"empty\":true}},"
    "{\"reply\":\"queued\"}],"
    "\"expect\":{\"outcome\":\"gave_up\"}}";

static void faults_rewrite_the_plan_and_are_written_down(void **state)
{
    (void)state;
    struct upstream *doubao = fixtures_upstream(take_fixtures(&kept), "doubao");
    char path[] = "/tmp/understudy-faulty-XXXXXX.json";
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, faulty, sizeof faulty - 1), sizeof faulty - 1);
    close(fd);
    struct err e;
    if (fixtures_add_scenario(doubao, path, &e))
        fail_msg("%s: %s", e.where, e.what);
    unlink(path);

    struct mock *m = open_mock(kept, (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const struct {
        int acts;
        enum act_kind first, last;
        int status;
        const char *faults;
    } rows[] = {
        {2, ACT_WAIT, ACT_SEND, 200, "delay 300ms"},
        {3, ACT_WAIT, ACT_CLOSE, 200, "delay 1000ms, truncate 7"},
        {1, ACT_CLOSE, ACT_CLOSE, 0, "empty"},
        {1, ACT_SEND, ACT_SEND, 200, ""},
        {1, ACT_CLOSE, ACT_CLOSE, 0, ""}, /* the end: dropped */
        {1, ACT_CLOSE, ACT_CLOSE, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        get(m, "/doubao" VIDEOS "faulty-1", NOON_MS + (int64_t)i, &p);
        struct last last = last_entry(m);
        assert_int_equal(p.act_count, rows[i].acts);
        assert_int_equal(p.acts[0].kind, rows[i].first);
        assert_int_equal(p.acts[p.act_count - 1].kind, rows[i].last);
        assert_int_equal(last.entry.status, rows[i].status);
        assert_string_equal(last.faults, rows[i].faults);
        if (i == 1)
            assert_int_equal(p.acts[1].len, p.body_at + 7);
    }
    plan_fini(&p);
    mock_close(m);
}

static void a_task_that_is_gone_is_not_found(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const char *const story[] = {"queued", "in_progress", "error.not_found",
                                        "error.not_found"};
    for (int i = 0; i < 4; i++) {
        get(m, "/doubao:gone" VIDEOS "t", NOON_MS, &p);
        struct last last = last_entry(m);
        assert_string_equal(last.reply, story[i]);
        assert_int_equal(last.entry.flags, 0); /* it is what the scenario wants */
    }
    plan_fini(&p);
    mock_close(m);
}

static void sessions_share_nothing_and_a_reset_forgets_all(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (int i = 0; i < 5; i++)
        get(m, "/doubao:success:one" VIDEOS "t", NOON_MS, &p);
    assert_string_equal(last_entry(m).reply, "success");
    get(m, "/doubao:success:two" VIDEOS "t", NOON_MS, &p);
    struct last last = last_entry(m);
    assert_string_equal(last.reply, "queued");
    assert_string_equal(last.session, "two");
    assert_int_equal(mock_task_count(m), 2);
    mock_reset(m);
    assert_int_equal(mock_task_count(m), 0);
    get(m, "/doubao:success:one" VIDEOS "t", NOON_MS, &p);
    assert_string_equal(last_entry(m).reply, "queued");
    plan_fini(&p);
    mock_close(m);
}

static void limits_are_refused_by_their_number(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    struct mock_header headers[MOCK_HEADERS_MAX + 1];
    for (int i = 0; i <= MOCK_HEADERS_MAX; i++)
        headers[i] = (struct mock_header){span_of("X"), span_of("1")};
    headers[0] = (struct mock_header){span_of("Authorization"), span_of("Bearer x")};
    struct mock_request request = {.method = span_of("GET"),
                                   .target = span_of("/doubao" VIDEOS "t"),
                                   .headers = headers,
                                   .header_count = MOCK_HEADERS_MAX};
    mock_answer(m, &request, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, 0);
    request.header_count++;
    mock_answer(m, &request, NOON_MS, &p);
    assert_non_null(strstr(last_entry(m).why, "64"));
    char *body = calloc(1, MOCK_BODY_MAX + 1);
    assert_non_null(body);
    request.header_count = 1;
    request.body = (struct span){body, MOCK_BODY_MAX + 1};
    mock_answer(m, &request, NOON_MS, &p);
    assert_non_null(strstr(last_entry(m).why, "1048576"));
    free(body);

    char target[600] = "/doubao" VIDEOS;
    memset(target + strlen(target), 'i', MOCK_TASK_ID_MAX);
    get(m, target, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_REQUEST);
    plan_fini(&p);
    mock_close(m);
}

static bool append_entry(const struct journal_entry *entry, void *arg)
{
    buf_addf(arg, "%d %d %.*s %.*s|", entry->status, (int)entry->step, (int)entry->reply.n,
             entry->reply.p, (int)entry->task.n, entry->task.p);
    return true;
}

static void two_runs_of_one_seed_are_the_same_byte_for_byte(void **state)
{
    (void)state;
    struct buf answers[3], journals[3];
    for (int run = 0; run < 3; run++) {
        struct mock *m = open_mock(
            take_fixtures(&kept), (struct mock_options){.seed = run == 2 ? 8 : 7, .no_auth = true});
        struct plan p;
        plan_init(&p);
        buf_init(&answers[run], 1 << 20);
        buf_init(&journals[run], 1 << 20);
        for (int i = 0; i < 20; i++) {
            ask(m, "POST", "/zego-drive?Action=GetDriveStatus", NULL, NULL, "{\"DriveId\":\"d\"}",
                NOON_MS + i * 2000, &p);
            buf_add_span(&answers[run], buf_span(&p.answer));
        }
        journal_each(mock_journal(m), &(struct journal_filter){.since = 0}, append_entry,
                     &journals[run]);
        plan_fini(&p);
        mock_close(m);
    }
    assert_true(span_same(buf_span(&answers[0]), buf_span(&answers[1])));
    assert_true(span_same(buf_span(&journals[0]), buf_span(&journals[1])));
    assert_false(span_same(buf_span(&answers[0]), buf_span(&answers[2]))); /* the RequestId */
    for (int run = 0; run < 3; run++) {
        buf_fini(&answers[run]);
        buf_fini(&journals[run]);
    }
}

enum { THREADS = 8, POLLS = 64 };

static char *poll_many(char *path, int steps)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_text(
        &text, "{\"title\":\"t\",\"end\":\"gone\",\"expect\":{\"outcome\":\"error\"},\"steps\":[");
    for (int i = 0; i < steps; i++)
        buf_addf(&text, "%s{\"reply\":\"queued\"%s}", i ? "," : "",
                 i < steps - 1 ? ",\"polls\":2" : "");
    buf_add_text(&text, "]}");
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    close(fd);
    buf_fini(&text);
    return path;
}

struct crowd {
    struct mock *m;
    char target[256];
    atomic_int ready;
};

static void *poll_in_a_crowd(void *arg)
{
    struct crowd *crowd = arg;
    struct plan p;
    plan_init(&p);
    atomic_fetch_add(&crowd->ready, 1);
    while (atomic_load(&crowd->ready) < THREADS)
        ;
    for (int i = 0; i < POLLS; i++) {
        get(crowd->m, crowd->target, NOON_MS, &p);
        mock_played(crowd->m, &p, NOON_MS, p.answer.n, true);
    }
    plan_fini(&p);
    return NULL;
}

static bool count_step(const struct journal_entry *entry, void *arg)
{
    int *counts = arg;
    assert_in_range(entry->step, 0, SCENARIO_STEPS_MAX);
    counts[entry->step]++;
    assert_true(entry->flags & JOURNAL_WHOLE);
    return true;
}

/* 255 steps of 2 polls, one of 1 and one poll that comes too late are 512: each of 8 threads takes 64,
 * and no poll is seen twice. */
static void parallel_polls_of_one_task_see_each_poll_exactly_once(void **state)
{
    (void)state;
    struct upstream *doubao = fixtures_upstream(take_fixtures(&kept), "doubao");
    char path[] = "/tmp/understudy-crowd-XXXXXX.json";
    struct err e;
    if (fixtures_add_scenario(doubao, poll_many(path, SCENARIO_STEPS_MAX), &e))
        fail_msg("%s: %s", e.where, e.what);
    unlink(path);
    struct crowd crowd = {.m = open_mock(kept, (struct mock_options){0})};
    char *name = strrchr(path, '/') + 1;
    snprintf(crowd.target, sizeof crowd.target, "/doubao:%.*s" VIDEOS "t",
             (int)(strlen(name) - strlen(".json")), name);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, poll_in_a_crowd, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    int counts[SCENARIO_STEPS_MAX + 1] = {0};
    assert_true(journal_each(mock_journal(crowd.m), &(struct journal_filter){.since = 0},
                             count_step, counts));
    for (int i = 0; i < SCENARIO_STEPS_MAX; i++)
        assert_int_equal(counts[i], i < SCENARIO_STEPS_MAX - 1 ? 2 : 1);
    assert_int_equal(counts[SCENARIO_STEPS_MAX], 1);
    mock_close(crowd.m);
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
        cmocka_unit_test(a_mounted_task_goes_through_its_scenario),
        cmocka_unit_test(a_refused_request_says_why_and_does_not_move_the_task),
        cmocka_unit_test(a_body_has_to_satisfy_the_contract),
        cmocka_unit_test(a_nonce_used_twice_is_answered_and_noted),
        cmocka_unit_test(strictness_and_open_doors_are_options),
        cmocka_unit_test(faults_rewrite_the_plan_and_are_written_down),
        cmocka_unit_test(a_task_that_is_gone_is_not_found),
        cmocka_unit_test(sessions_share_nothing_and_a_reset_forgets_all),
        cmocka_unit_test(limits_are_refused_by_their_number),
        cmocka_unit_test(two_runs_of_one_seed_are_the_same_byte_for_byte),
        cmocka_unit_test(parallel_polls_of_one_task_see_each_poll_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
