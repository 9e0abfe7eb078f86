/* Distilling recordings of others: browsers, test tools and proxies hold much that is none of the task's, and store what
 * is in their own ways. A row is a recording and what becomes of it. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "harness/distill/distill.h"

static char dir[128]; /* scratch/video, with its contract in it */

/* -- HAR by hand ------------------------------------------------------------------------------ */

#define T "https://gw/v1/video/generations/h-1"
#define REQUEST(method, url) "\"request\":{\"method\":\"" method "\",\"url\":\"" url "\"}"
#define AT(time) "\"startedDateTime\":\"" time "\","
#define BODY(status) "{\\\"task_id\\\":\\\"h-1\\\",\\\"status\\\":\\\"" status "\\\"}"
#define TEXT(text) "\"status\":200,\"content\":{\"text\":\"" text "\"}"
#define ANSWER(response) "\"response\":{" response "}"
#define POLL(status) "{" REQUEST("GET", T) "," ANSWER(TEXT(BODY(status))) "}"
#define POLL_AT(time, status) "{" AT(time) REQUEST("GET", T) "," ANSWER(TEXT(BODY(status))) "}"
#define OTHER(method, url, rest) "{" REQUEST(method, url) rest "}"
#define FAILED(response) "{" REQUEST("GET", T) "," ANSWER(response) "}"
#define ALL POLL("queued") "," POLL("in_progress") "," POLL("completed")

static struct buf notes;

static void tell(const struct err *note, void *arg)
{
    (void)arg;
    buf_addf(&notes, "%s: %s\n", note->where, note->what);
}

static int distill_here(const char *entries, const char *name, const char *task,
                        struct distilled *done, struct err *e)
{
    struct recording r;
    struct buf text;
    struct distill_options o = {.dir = dir, .name = name, .task = task, .notes = {tell, NULL}};
    buf_init(&text, 1 << 20);
    buf_reset(&notes);
    buf_addf(&text, "{\"log\":{\"entries\":[%s]}}", entries);
    int code = recording_parse(buf_span(&text), "by-hand.har", &r, e);
    if (!code)
        code = distill(&r, &o, done, e);
    recording_fini(&r);
    buf_fini(&text);
    return code;
}

static void read_below(const char *name, struct buf *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    buf_init(out, 1 << 20);
    if (file_read(path, out, NULL) != 0)
        fail_msg("no %s", path);
}

/* The steps of a scenario as "queued*2 running!empty completed": its replies without the scenario's name, polls, faults. */
static void read_life(const char *name, struct buf *out)
{
    char file[128];
    struct buf text;
    struct json *root = NULL;
    snprintf(file, sizeof file, "scenarios/%s.json", name);
    read_below(file, &text);
    assert_int_equal(json_open(buf_span(&text), &root, NULL), 0);
    buf_init(out, 4096);
    for (const struct json *s = json_first(json_get(root, "steps")); s; s = json_next(s)) {
        const struct json *fault = json_first(json_get(s, "fault"));
        int64_t polls = 1;
        (void)json_int64(json_get(s, "polls"), &polls);
        buf_addf(out, "%s%s", out->n ? " " : "",
                 fault ? "!" : json_string(json_get(s, "reply")) + strlen(name) + 1);
        if (fault)
            buf_add_text(out, json_key(fault));
        if (polls > 1)
            buf_addf(out, "*%d", (int)polls);
    }
    json_close(root);
    buf_fini(&text);
}

struct foreign {
    const char *entries, *life;
    const char *note; /* a part of what is told; "": nothing is */
};

static void demand_lives(const char *claim, const struct foreign *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[64];
        struct distilled done;
        struct err e = {0};
        struct buf life;
        snprintf(name, sizeof name, "%s%zu", claim, i);
        if (distill_here(rows[i].entries, name, "h-1", &done, &e))
            fail_msg("%s: %s: %s", name, e.where, e.what);
        read_life(name, &life);
        if (strcmp(life.p, rows[i].life) != 0)
            fail_msg("%s:\n  wanted %s\n  got    %s", name, rows[i].life, life.p);
        if (rows[i].note[0] ? !strstr(notes.p, rows[i].note) : notes.n > 0)
            fail_msg("%s: told %s", name, notes.p);
        buf_fini(&life);
    }
}

#define LIVES(claim, rows) demand_lives(claim, rows, sizeof rows / sizeof rows[0])

/* -- Whose an entry is ------------------------------------------------------------------------ */

static void entries_of_others_never_decide_and_never_spoil(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        {OTHER("POST", "https://gw/v1/video/generations", ",\"response\":{\"status\":200}") "," ALL,
         "queued running succeeded", ""},
        {OTHER("OPTIONS", T, ",\"response\":{\"status\":204}") "," ALL, "queued running succeeded",
         ""},
        {OTHER("HEAD", T, ",\"response\":{\"status\":200}") "," ALL, "queued running succeeded",
         ""},
        {OTHER("DELETE", T, "") "," ALL, "queued running succeeded", ""},
        {OTHER("GET", T "/content", ",\"response\":null") "," ALL, "queued running succeeded", ""},
        {OTHER("GET", "https://gw/v1/video/generations?page=1", "") "," ALL,
         "queued running succeeded", ""},
        {OTHER("GET", "https://gw/v1/images/generations/h-1", "") "," ALL,
         "queued running succeeded", ""},
        {OTHER("GET", "https://app/", ",\"response\":{\"status\":-1}") "," ALL,
         "queued running succeeded", ""},
        {OTHER("GET", "data:image/png;base64,AAAA", "") "," ALL, "queued running succeeded", ""},
        {OTHER("CONNECT", "gw:443", "") "," ALL, "queued running succeeded", ""},
        {"null,7,{},{\"request\":{}}," ALL, "queued running succeeded", ""},
        {"{" REQUEST("GET", "https://app/x") "," ANSWER(TEXT("\\u0000")) "}," ALL,
         "queued running succeeded", ""},
        {"{" REQUEST("GET", T) ",\"_fromCache\":\"disk\"," ANSWER(TEXT(BODY("completed"))) "}," ALL,
         "queued running succeeded", "/log/entries/0: is left out: a cache answered it"},
    };
    LIVES("other", rows);
}

static void an_entry_is_a_poll_whatever_stands_before_the_path_and_behind_it(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        {OTHER("get", "https://gw/base/v1/video/generations/h-1",
               ",\"response\":{" TEXT(BODY("queued")) "}"),
         "queued", ""},
        {OTHER("GET", "http://[::1]:8080/video:success:s1/v1/video/generations/h-1?x=1&x=2#y",
               ",\"response\":{" TEXT(BODY("queued")) "}"),
         "queued", ""},
        {OTHER("GET", "/v1/video/generations/h%2D1", ",\"response\":{" TEXT(BODY("queued")) "}"),
         "queued", ""},
    };
    LIVES("path", rows);
}

static void hosts_of_the_contract_win_then_those_that_answer_as_the_service_does(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        /* a page of the same path; and a host that the contract names */
        {OTHER("GET", "https://app/v1/video/generations/h-1",
               ",\"response\":{" TEXT("<html>") "}") "," ALL,
         "queued running succeeded", ""},
        {OTHER("GET", "https://api.example.com/v1/video/generations/h-1",
               ",\"response\":{" TEXT(BODY("queued")) "}") "," ALL,
         "queued", ""},
        /* a gateway under two names */
        {ALL "," OTHER("GET", "https://gw2/v1/video/generations/h-1",
                       ",\"response\":{" TEXT(BODY("queued")) "}"),
         "queued running succeeded queued", ""},
    };
    LIVES("host", rows);
}

static void an_entry_of_another_task_is_nobodys_trouble(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        {OTHER("GET", "https://gw/v1/video/generations/h-2",
               ",\"response\":{\"status\":200,\"content\":{\"size\":9}}") "," ALL,
         "queued running succeeded", ""},
        {OTHER("GET", "https://gw/v1/video/generations/h-2", ",\"x\":\"\xff\"") "," ALL,
         "queued running succeeded", ""},
    };
    LIVES("task", rows);
}

/* -- Order ------------------------------------------------------------------------------------ */

static void polls_go_by_the_time_at_which_they_were_asked(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        {POLL_AT("2026-01-01T00:00:03Z", "completed") "," POLL_AT(
             "2026-01-01T00:00:01Z", "queued") "," POLL_AT("2026-01-01T00:00:02Z", "in_progress"),
         "queued running succeeded", ""},
        /* zones, and fractions of any length */
        {POLL_AT("2026-01-01T01:00:00.0000003+01:00", "completed") "," POLL_AT(
             "2025-12-31T19:00:00.0000001-0500",
             "queued") "," POLL_AT("2026-01-01 00:00:00.0000002", "in_progress"),
         "queued running succeeded", ""},
        /* at one time: as in the file */
        {POLL_AT("2026-01-01T00:00:01Z", "queued") "," POLL_AT(
             "2026-01-01T00:00:01Z", "in_progress") "," POLL_AT("2026-01-01T00:00:01Z",
                                                                "completed"),
         "queued running succeeded", ""},
        /* without a time: behind the one before it in the file */
        {POLL_AT("2026-01-01T00:00:09Z", "completed") "," POLL_AT("2026-01-01T00:00:01Z",
                                                                  "queued") "," POLL("in_progress"),
         "queued running succeeded", ""},
        {POLL_AT("yesterday", "queued") "," POLL_AT("2026-01-01T00:00:01Z", "in_progress"),
         "queued running", "/log/entries/0: /startedDateTime: \"yesterday\" is no time"},
    };
    LIVES("order", rows);
}

/* -- What became of a poll -------------------------------------------------------------------- */

static void a_poll_that_failed_is_a_step_with_a_fault(void **state)
{
    (void)state;
    static const struct foreign rows[] = {
        {POLL("queued") "," FAILED("\"status\":0") "," FAILED("\"status\":-1") "," POLL(
             "completed"),
         "queued !empty*2 succeeded", "/log/entries/1: /response/status: no whole answer came"},
        {FAILED("\"status\":0,\"_error\":\"net::ERR_CONNECTION_RESET\"") "," POLL("completed"),
         "!empty succeeded", "(net::ERR_CONNECTION_RESET): a step with \"empty\""},
        {"{" REQUEST("GET", T) "}," POLL("completed"), "!empty succeeded", "/log/entries/0"},
        {POLL("queued") "," FAILED("\"status\":200,\"_failureText\":\"net::ERR_CONTENT_LENGTH_"
                                   "MISMATCH\",\"content\":{\"size\":9}"),
         "queued !truncate", "a step with \"truncate\""},
        {POLL("queued") "," FAILED("\"status\":0,\"_error\":\"net::ERR_ABORTED\""), "queued",
         "the client ended it"},
        {POLL("queued") "," FAILED("\"status\":101"), "queued", "101 is no final answer"},
        {POLL("queued") "," FAILED("\"status\":999,\"content\":{\"text\":\"x\"}") "," POLL(
             "completed"),
         "queued status_500 succeeded", "999 is no status of HTTP: it is replayed as 500"},
        {POLL("queued") "," FAILED("\"status\":304") "," POLL("completed"), "queued*2 succeeded",
         ""},
        {FAILED("\"status\":304") "," POLL("completed"), "status_304 succeeded", ""},
        {POLL("queued") "," FAILED("\"status\":503,\"content\":{\"text\":\"<html>\"}") "," POLL(
             "completed"),
         "queued status_503 succeeded", ""},
    };
    LIVES("fault", rows);
}

static void without_any_answer_there_is_nothing_to_distil(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    assert_int_equal(
        distill_here(FAILED("\"status\":0") "," FAILED("\"status\":0"), "none", NULL, &done, &e),
        ERR_NOT_FOUND);
    assert_string_equal(e.what,
                        "the recording holds no answer to any of the 2 polls of task \"h-1\"");
}

static void a_body_that_cannot_be_known_names_its_entry_and_writes_nothing(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    char path[512];
    assert_int_equal(
        distill_here(POLL("queued") "," FAILED("\"status\":200,\"content\":{\"size\":92}"), "lost",
                     NULL, &done, &e),
        ERR_CONTRACT);
    assert_string_equal(e.where, "by-hand.har: /log/entries/1: /response/content");
    snprintf(path, sizeof path, "%s/replies/lost.queued.http", dir);
    assert_false(file_exists(path));
}

/* -- What is expected ------------------------------------------------------------------------- */

static void a_task_ends_with_the_first_answer_that_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *entries, *life, *parts[3];
    } rows[] = {
        {POLL("queued") "," POLL("completed") "," POLL("completed"),
         "queued succeeded",
         {"\"outcome\": \"succeeded\"", "\"polls\": \"2..\""}},
        {POLL("queued") "," POLL("queued") "," POLL("failed") "," FAILED(
             "\"status\":404,\"content\":{\"text\":\"{}\"}"),
         "queued*2 failed status_404",
         {"\"outcome\": \"failed\"", "\"polls\": \"3..\""}},
        {POLL("queued") "," POLL("queued"),
         "queued",
         {"\"outcome\": \"gave_up\"", "\"polls\": \"1..\""}},
        {POLL("completed") "," FAILED("\"status\":0"),
         "succeeded !empty",
         {"\"outcome\": \"succeeded\"", "\"polls\": \"1..\""}},
        {POLL("queued") "," FAILED("\"status\":0"),
         "queued !empty",
         {"\"outcome\": \"gave_up\"", "\"polls\": \"2..\""}},
        {POLL("cancelled"), "either", {"\"failed\"", "\"gave_up\""}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[64], file[96];
        struct distilled done;
        struct err e = {0};
        struct buf life, text;
        snprintf(name, sizeof name, "end%zu", i);
        snprintf(file, sizeof file, "scenarios/%s.json", name);
        if (distill_here(rows[i].entries, name, NULL, &done, &e))
            fail_msg("%s: %s: %s", name, e.where, e.what);
        read_life(name, &life);
        read_below(file, &text);
        assert_string_equal(life.p, rows[i].life);
        for (const char *const *part = rows[i].parts; *part; part++)
            if (!strstr(text.p, *part))
                fail_msg("%s: wanted %s in:\n%s", name, *part, text.p);
        buf_fini(&life);
        buf_fini(&text);
    }
}

/* -- Heads ------------------------------------------------------------------------------------ */

#define WITH(headers) "\"status\":429,\"headers\":{" headers "},\"content\":{\"text\":\"\"}"

static void a_head_keeps_what_a_client_goes_by(void **state)
{
    (void)state;
    static const struct {
        const char *entry, *head, *note;
    } rows[] = {
        /* a date keeps its distance: to Date, else to the moment of the exchange */
        {FAILED(WITH("\"retry-after\":\"Thu, 01 Jan 2026 00:00:30 GMT\",\"date\":\"Thu, 01 Jan "
                     "2026 00:00:00 GMT\"")),
         "Date: Thu, 01 Jan 2026 00:00:00 GMT\nRetry-After: Thu, 01 Jan 2026 00:00:30 GMT\n", ""},
        {FAILED(WITH("\"retry-after\":\"Thursday, 01-Jan-26 00:00:30 GMT\",\"date\":\"Thu Jan  1 "
                     "00:00:00 2026\"")),
         "Date: Thu, 01 Jan 2026 00:00:00 GMT\nRetry-After: Thu, 01 Jan 2026 00:00:30 GMT\n", ""},
        {"{" AT("2026-01-01T01:00:00.900+01:00") "\"time\":100.5," REQUEST("GET", T) "," ANSWER(
             WITH("\"Retry-After\":\"Thu, 01 Jan 2026 00:00:31 GMT\"")) "}",
         "Date: Thu, 01 Jan 2026 00:00:01 GMT\nRetry-After: Thu, 01 Jan 2026 00:00:31 GMT\n", ""},
        {FAILED(WITH("\"Retry-After\":\"Thu, 01 Jan 2026 00:00:31 GMT\"")),
         "Retry-After: Thu, 01 Jan 2026 00:00:31 GMT\n", "nothing says when the answer came"},
        {FAILED(WITH("\"Retry-After\":\"7\",\"Date\":\"Thu, 01 Jan 2026 00:00:00 GMT\"")),
         "Retry-After: 7\n", ""},
        {FAILED(WITH("\"X Y\":\"1\",\":status\":\"429\",\"A\":\"1\"")), "A: 1\n",
         "\"X Y\" is left out: its name is no header's"},
        {FAILED(WITH("\"A\":\"1\\u0001\",\"B\":\"2\"")), "B: 2\n",
         "\"A\" is left out: its value holds a control character"},
        {FAILED(WITH("\"Set-Cookie\":\"a=CANARY1; Path=/\\nb=CANARY1\",\"B\":\"2\"")), "B: 2\n",
         ""},
        {FAILED(WITH("\"X-Api-Key\":\"CANARY1\",\"B\":\"CANARY1\"")),
         "X-Api-Key: REDACTED\nB: REDACTED\n", ""},
        {FAILED("\"status\":429,\"headers\":{\"Content-Type\":\"application/json; "
                "charset=GBK\"},\"content\":{\"text\":\"\\u4f60\"}"),
         "Content-Type: application/json; charset=utf-8\n", "the body is kept as UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[64], file[96], entries[1024];
        struct distilled done;
        struct err e = {0};
        struct buf text;
        snprintf(name, sizeof name, "head%zu", i);
        snprintf(file, sizeof file, "replies/%s.status_429.http", name);
        snprintf(entries, sizeof entries, "%s," ALL, rows[i].entry);
        if (distill_here(entries, name, NULL, &done, &e))
            fail_msg("%s: %s: %s", name, e.where, e.what);
        read_below(file, &text);
        struct span head = span_cut(buf_span(&text), strlen("HTTP/1.1 429\n"), text.n);
        if (!span_starts(head, rows[i].head)
            || !span_starts(span_cut(head, strlen(rows[i].head), head.n),
                            "X-Provenance: obs; recorded\n\n"))
            fail_msg("%s:\n%s", name, text.p);
        if (rows[i].note[0] ? !strstr(notes.p, rows[i].note) : notes.n > 0)
            fail_msg("%s: told %s", name, notes.p);
        assert_null(strstr(text.p, "CANARY1"));
        buf_fini(&text);
    }
}

static void a_head_has_room_for_so_many_headers_and_the_rest_is_told(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    struct buf entry, text;
    buf_init(&entry, 1 << 20);
    buf_add_text(&entry, "{" REQUEST("GET", T) ",\"response\":{\"status\":200,\"headers\":[");
    for (int i = 0; i < 100; i++)
        buf_addf(&entry, "%s{\"name\":\"X-%d\",\"value\":\"%d\"}", i ? "," : "", i, i);
    buf_add_text(&entry, "],\"content\":{\"text\":\"" BODY("completed") "\"}}}");
    if (distill_here(entry.p, "room", NULL, &done, &e))
        fail_msg("%s: %s", e.where, e.what);
    read_below("replies/room.succeeded.http", &text);
    assert_non_null(strstr(text.p, "X-61: 61\n"));
    assert_null(strstr(text.p, "X-62: 62\n"));
    assert_non_null(strstr(notes.p, "\"X-99\" is left out: a reply has room for 64 headers"));
    buf_fini(&text);
    buf_fini(&entry);
}

/* -- Which upstream, which task --------------------------------------------------------------- */

static void use_contract(const char *upstream)
{
    char path[512];
    struct buf text;
    buf_init(&text, 1 << 20);
    snprintf(dir, sizeof dir, "%s/%s", scratch, upstream);
    snprintf(path, sizeof path, "%s/%s/openapi.json", fixtures_dir(), upstream);
    assert_int_equal(file_read(path, &text, NULL), 0);
    snprintf(path, sizeof path, "%s/openapi.json", dir);
    assert_int_equal(file_write(path, buf_span(&text), NULL), 0);
    buf_fini(&text);
}

static void a_wrong_upstream_is_told_with_the_right_one(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    use_contract("avatar");
    assert_int_equal(distill_here(ALL, "wrong", NULL, &done, &e), ERR_USAGE);
    assert_string_equal(e.where, "--out");
    assert_non_null(
        strstr(e.what, "the recording holds no poll of avatar, but 3 of video: --out "));
    use_contract("newapi");
    assert_int_equal(distill_here(ALL, "wrong", NULL, &done, &e), ERR_USAGE);
    assert_non_null(strstr(
        e.what, "no answer tells a state under the contract of newapi; that of video reads them"));
    use_contract("video");
}

static void a_wrong_task_is_told_with_the_nearest(void **state)
{
    (void)state;
    struct distilled done;
    struct err e = {0};
    assert_int_equal(distill_here(ALL, "wrong", "h-7", &done, &e), ERR_NOT_FOUND);
    assert_string_equal(e.what, "the recording holds no poll of task \"h-7\"; it holds \"h-1\"");
}

static int remove_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, arg, name))
        return 0;
    if (!is_dir)
        return unlink(path);
    file_list(path, remove_entry, path, e);
    return rmdir(path);
}

static int set_up(void **state)
{
    load_fixtures(state);
    buf_init(&notes, 1 << 20);
    use_contract("video");
    return 0;
}

static int tear_down(void **state)
{
    buf_fini(&notes);
    file_list(scratch, remove_entry, scratch, NULL);
    return free_fixtures(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_others_never_decide_and_never_spoil),
        cmocka_unit_test(an_entry_is_a_poll_whatever_stands_before_the_path_and_behind_it),
        cmocka_unit_test(hosts_of_the_contract_win_then_those_that_answer_as_the_service_does),
        cmocka_unit_test(an_entry_of_another_task_is_nobodys_trouble),
        cmocka_unit_test(polls_go_by_the_time_at_which_they_were_asked),
        cmocka_unit_test(a_poll_that_failed_is_a_step_with_a_fault),
        cmocka_unit_test(without_any_answer_there_is_nothing_to_distil),
        cmocka_unit_test(a_body_that_cannot_be_known_names_its_entry_and_writes_nothing),
        cmocka_unit_test(a_task_ends_with_the_first_answer_that_says_so),
        cmocka_unit_test(a_head_keeps_what_a_client_goes_by),
        cmocka_unit_test(a_head_has_room_for_so_many_headers_and_the_rest_is_told),
        cmocka_unit_test(a_wrong_upstream_is_told_with_the_right_one),
        cmocka_unit_test(a_wrong_task_is_told_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
