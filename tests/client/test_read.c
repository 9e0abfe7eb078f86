/* Every recorded reply under fixtures/ reads as the .want.json beside it says. */
#include "client/decode/view.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json/json.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { REPLY_FILE_MAX = 2 << 20 };

struct walk {
    const char *fixtures;
    const char *upstream;
    char dir[FILE_PATH_MAX];
    size_t checked;
    size_t wrong;
};

static const char *fixtures_dir(void)
{
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    return dir != NULL ? dir : "fixtures";
}

/* The status and the body of a .http file: all that a decoder sees. */
static bool parse_reply(struct span file, int *status, struct span *body)
{
    size_t space = span_find(file, ' ');
    long long n;
    if (!span_starts(file, "HTTP/") || !span_int64(span_cut(file, space + 1, 3), &n))
        return false;
    *status = (int)n;
    while (file.n > 0) {
        size_t end = span_find(file, '\n');
        bool empty = span_trim(span_cut(file, 0, end)).n == 0;
        file = span_cut(file, end + 1, file.n);
        if (empty) {
            *body = file;
            return true;
        }
    }
    return false;
}

static void differ(struct walk *w, const char *name, const char *key, const char *wanted,
                   const char *got)
{
    if (strcmp(wanted, got) == 0)
        return;
    w->wrong++;
    print_error("%s/%s: %s should be '%s', is '%s'\n", w->dir, name, key, wanted, got);
}

static void differ_text(struct walk *w, const char *name, const struct json *want, const char *key,
                        const char *otherwise, const char *got)
{
    const char *wanted = json_string(json_get(want, key));
    differ(w, name, key, wanted != NULL ? wanted : otherwise, got);
}

static void differ_int(struct walk *w, const char *name, const struct json *want, const char *key,
                       int64_t otherwise, int64_t got)
{
    char wanted_text[32];
    char got_text[32];
    int64_t wanted;
    if (!json_int64(json_get(want, key), &wanted))
        wanted = otherwise;
    snprintf(wanted_text, sizeof wanted_text, "%" PRId64, wanted);
    snprintf(got_text, sizeof got_text, "%" PRId64, got);
    differ(w, name, key, wanted_text, got_text);
}

/* A key that we do not compare would make a .want.json that demands nothing. */
static void only_known_keys(struct walk *w, const char *name, const struct json *want)
{
    static const char *const keys[] = {"state",  "status", "progress", "id",      "url",
                                       "reason", "code",   "created",  "started", "finished",
                                       "error",  "at",     "breaks"};
    for (const struct json *v = json_first(want); v != NULL; v = json_next(v)) {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            known = known || strcmp(keys[i], json_key(v)) == 0;
        differ(w, name, "key", known ? json_key(v) : "a key of formats.md", json_key(v));
    }
}

static void compare(struct walk *w, const char *name, const struct json *want,
                    const struct task_view *view, int code, const struct err *e)
{
    bool undecoded = view->error >= TASK_ERROR_SYNTAX;
    only_known_keys(w, name, want);
    differ_text(w, name, want, "state", "unknown", task_state_name(view->state));
    differ_text(w, name, want, "status", "", view->status);
    differ_int(w, name, want, "progress", -1, view->progress);
    differ_text(w, name, want, "id", "", view->id);
    differ_text(w, name, want, "url", "", view->url);
    differ_text(w, name, want, "reason", "", view->reason);
    differ_text(w, name, want, "code", "", view->code);
    differ_int(w, name, want, "created", 0, view->created_ms);
    differ_int(w, name, want, "started", 0, view->started_ms);
    differ_int(w, name, want, "finished", 0, view->finished_ms);
    differ_text(w, name, want, "error", "none", task_error_name(view->error));
    differ_text(w, name, want, "at", "", undecoded ? e->where : "");
    differ(w, name, "returned", undecoded ? task_error_name(view->error) : "ok", err_name(code));
}

static int check_pair(struct walk *w, const char *name, struct err *e)
{
    char path[FILE_PATH_MAX];
    char want_path[FILE_PATH_MAX];
    struct buf file;
    struct buf want_file;
    struct json *want = NULL;
    struct span body = {0};
    int status = 0;
    buf_init(&file, REPLY_FILE_MAX);
    buf_init(&want_file, REPLY_FILE_MAX);
    snprintf(path, sizeof path, "%.900s/%.100s", w->dir, name);
    snprintf(want_path, sizeof want_path, "%.*s.want.json", (int)strlen(path) - 5, path);
    int code = file_read(path, &file, e);
    code = code == 0 ? file_read(want_path, &want_file, e) : code;
    if (code == 0) {
        json_blank_comments(want_file.p, want_file.n);
        code = json_open_strict(buf_span(&want_file), &want, e);
    }
    if (code == 0 && !parse_reply(buf_span(&file), &status, &body))
        code = err_set(e, ERR_SYNTAX, path, "is not a reply");
    if (code == 0) {
        struct task_view view;
        struct err read_error = {0};
        int read_code = view_read(w->upstream, status, body, &view, &read_error);
        compare(w, name, want, &view, read_code, &read_error);
        w->checked++;
    }
    json_close(want);
    buf_fini(&want_file);
    buf_fini(&file);
    return code;
}

static int visit(const char *name, bool is_dir, void *arg, struct err *e)
{
    size_t n = strlen(name);
    if (is_dir || n < 6 || strcmp(name + n - 5, ".http") != 0)
        return 0;
    if (strncmp(name, "created.", 8) == 0 || strcmp(name, "cancel.http") == 0)
        return 0; /* no answer to a poll: nobody decodes it */
    return check_pair(arg, name, e);
}

static void every_recorded_reply_reads_as_wanted(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (const char *const *name = task_upstreams(); *name != NULL; name++) {
        if (strcmp(*name, "auto") == 0) {
            continue; /* has no replies of its own: test_auto.c */
        }
        struct walk w = {.upstream = *name};
        struct err e = {0};
        snprintf(w.dir, sizeof w.dir, "%s/%s/replies", fixtures_dir(), *name);
        int code = file_list(w.dir, visit, &w, &e);
        if (code != 0)
            print_error("%s: %s\n", e.where, e.what);
        print_message("%-12s %zu replies checked, %zu differences\n", *name, w.checked, w.wrong);
        assert_int_equal(code, 0);
        assert_int_not_equal(w.checked, 0);
        wrong += w.wrong;
    }
    assert_int_equal(wrong, 0);
}

static void an_unknown_upstream_is_not_found(void **state)
{
    (void)state;
    struct task_view view;
    struct err e;
    assert_int_equal(view_read("sora", 200, span_of("{}"), &view, &e), ERR_NOT_FOUND);
    assert_int_equal(view.progress, -1);
    assert_int_equal(view_read(NULL, 200, span_of("{}"), &view, NULL), ERR_NOT_FOUND);
}

/* What no recorded reply says: a row each. */
static void statuses_without_a_task_mean_what_http_says(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        int code;
        enum task_error error;
        const char *reason;
    } rows[] = {
        {401, "", 0, TASK_ERROR_UNAUTHORIZED, ""},
        {403, "<html>", 0, TASK_ERROR_UNAUTHORIZED, ""},
        {404, "{}", 0, TASK_ERROR_NOT_FOUND, ""},
        {404, "[1]", 0, TASK_ERROR_NOT_FOUND, ""},
        {408, "null", 0, TASK_ERROR_TRANSIENT, ""},
        {410, "", 0, TASK_ERROR_PERMANENT, ""},
        {429, "", 0, TASK_ERROR_TRANSIENT, ""},
        {500, "{\"error\":\"text\"}", 0, TASK_ERROR_TRANSIENT, "text"},
        {599, "", 0, TASK_ERROR_TRANSIENT, ""},
        /* the body knows better than the status */
        {500, "{\"code\":\"task_not_exist\",\"message\":\"gone\"}", 0, TASK_ERROR_NOT_FOUND,
         "gone"},
        /* an object for a code is no code */
        {400, "{\"code\":{},\"message\":\"m\"}", 0, TASK_ERROR_PERMANENT, "m"},
        /* no answer to a poll: a redirect is not followed, 204 is empty */
        {302, "{\"code\":\"success\",\"data\":{\"status\":\"success\"}}", ERR_CONTRACT,
         TASK_ERROR_CONTRACT, ""},
        {302, "<html>", ERR_SYNTAX, TASK_ERROR_SYNTAX, ""},
        {204, "", ERR_SYNTAX, TASK_ERROR_SYNTAX, ""},
        /* codes from elsewhere in a 2xx */
        {200, "{\"code\":\"task_not_exist\",\"message\":\"m\",\"data\":null}", 0,
         TASK_ERROR_NOT_FOUND, "m"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view;
        int code = view_read("doubao", rows[i].status, span_of(rows[i].body), &view, NULL);
        if (code != rows[i].code || view.error != rows[i].error
            || strcmp(view.reason, rows[i].reason) != 0) {
            fail_msg("row %zu: code %d, error %s, reason '%s'", i, code,
                     task_error_name(view.error), view.reason);
        }
    }
}

struct unreadable_row {
    const char *upstream, *body;
    const char *at; /* the pointer of the field that is refused; NULL when the reply is read */
    enum task_state state;
    const char *url;
};

#define RECORD(more)                                                                               \
    "{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"status\":\"SUCCESS\"," more "}}"
#define URL "http://h/v"
#define GOOD_URL "\"result_url\":\"" URL "\""

/* Lawful JSON that nobody can read: half a surrogate pair, \u0000, a number beyond a double, a key twice. */
static const struct unreadable_row unreadable_rows[] = {
    /* where nobody decides by it */
    {"newapi", RECORD(GOOD_URL ",\"prompt\":\"half \\ud83d\""), NULL, TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"cost\":1e999"), NULL, TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"data\":{\"a\":1,\"a\":2,\"a\":\"\\u0000\"}"), NULL,
     TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"x\":1,\"\\u0078\":2,\"\\ud83d\":3"), NULL, TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"data\":1,\"data\":2"), NULL, TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"progress\":1e400"), NULL, TASK_SUCCEEDED, URL},
    {"newapi", RECORD(GOOD_URL ",\"action\":\"\\u0000\",\"quota\":-1e999"), NULL, TASK_SUCCEEDED,
     URL},
    {"newapi",
     "{\"message\":\"\\u0000\"," /* the message is read in a refusal alone */
     "\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\"," GOOD_URL "}}",
     NULL, TASK_SUCCEEDED, URL},
    {"video",
     "{\"status\":\"completed\",\"url\":\"" URL
     "\",\"metadata\":{\"fps\":1e999},\"x\":\"\\udc00\"}",
     NULL, TASK_SUCCEEDED, URL},
    {"avatar",
     "{\"id\":\"a\",\"web_work_status\":200,\"work_video_path\":\"" URL
     "\",\"singer\":\"\\ud83d\"}",
     NULL, TASK_SUCCEEDED, URL},
    {"zego-stream",
     "{\"Code\":0,\"Message\":\"\\u0000\",\"Data\":{\"Status\":5,\"FailReason\":\"\\ud83d\"}}",
     NULL, TASK_SUCCEEDED, ""},
    {"zego-drive", "{\"Code\":0,\"Data\":{\"DriveList\":[{\"Status\":4,\"x\":1,\"x\":1e999}]}}",
     NULL, TASK_SUCCEEDED, ""},
    /* where somebody does */
    {"newapi", RECORD("\"result_url\":\"http://h/\\ud83d\""), "/data/result_url", TASK_UNKNOWN, ""},
    {"newapi", RECORD("\"result_url\":\"" URL "\",\"result_url\":\"" URL "\""), "/data/result_url",
     TASK_UNKNOWN, ""},
    {"newapi", RECORD("\"result_url\":\"" URL "\",\"re\\u0073ult_url\":\"" URL "\""),
     "/data/result_url", TASK_UNKNOWN, ""},
    {"newapi", RECORD(GOOD_URL ",\"status\":\"FAILURE\""), "/data/status", TASK_UNKNOWN, ""},
    {"newapi", RECORD(GOOD_URL ",\"finish_time\":1e400"), "/data/finish_time", TASK_UNKNOWN, ""},
    {"newapi",
     "{\"code\":\"success\",\"data\":{\"status\":\"queued\"},\"data\":{\"status\":\"queued\"}}",
     "/data", TASK_UNKNOWN, ""},
    {"newapi", "{\"code\":\"success\",\"code\":\"success\",\"data\":{\"status\":\"queued\"}}",
     "/code", TASK_UNKNOWN, ""},
    {"newapi", "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\\u0000\"}}", "/data/status",
     TASK_UNKNOWN, ""},
    {"newapi", "{\"code\":\"success\",\"data\":{\"status\":1e999}}", "/data/status", TASK_UNKNOWN,
     ""},
    {"doubao",
     "{\"code\":\"success\",\"data\":{\"status\":\"failure\",\"fail_reason\":\"a\\u0000b\"}}",
     "/data/fail_reason", TASK_UNKNOWN, ""},
    {"doubao", "{\"code\":\"success\",\"data\":{\"status\":\"queued\",\"task_id\":\"\\ud83d\"}}",
     "/data/task_id", TASK_UNKNOWN, ""},
    {"video", "{\"status\":\"failed\",\"error\":{\"message\":\"\\u0000\"}}", "/error/message",
     TASK_UNKNOWN, ""},
    {"video", "{\"status\":\"failed\",\"status\":\"completed\"}", "/status", TASK_UNKNOWN, ""},
    {"video", "{\"status\":\"failed\",\"error\":{},\"error\":{}}", "/error", TASK_UNKNOWN, ""},
    {"auto", "{\"status\":\"failed\",\"status\":\"completed\",\"code\":\"success\"}", "/status",
     TASK_UNKNOWN, ""},
    {"avatar", "{\"web_work_status\":200,\"web_work_status\":200}", "/web_work_status",
     TASK_UNKNOWN, ""},
    {"avatar", "{\"web_work_status\":1e999}", "/web_work_status", TASK_UNKNOWN, ""},
    {"zego-stream", "{\"Code\":0,\"Data\":{\"Status\":2,\"FailReason\":\"\\ud83d\"}}",
     "/Data/FailReason", TASK_UNKNOWN, ""},
    {"zego-stream", "{\"Code\":0,\"Code\":0,\"Data\":{\"Status\":5}}", "/Code", TASK_UNKNOWN, ""},
    {"zego-drive",
     "{\"Code\":0,\"Data\":{\"DriveList\":[{\"Status\":4},{\"Status\":4,\"Status\":4}]}}",
     "/Data/DriveList/1/Status", TASK_UNKNOWN, ""},
    {"zego-drive", "{\"Code\":0,\"Data\":{\"DriveList\":[{\"Status\":4}],\"DriveList\":[]}}",
     "/Data/DriveList", TASK_UNKNOWN, ""},
};

static void what_cannot_be_read_refuses_a_reply_only_where_it_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unreadable_rows / sizeof unreadable_rows[0]; i++) {
        const struct unreadable_row *row = &unreadable_rows[i];
        struct task_view view;
        struct err e = {0};
        int code = view_read(row->upstream, 200, span_of(row->body), &view, &e);
        if (code != (row->at ? ERR_CONTRACT : 0) || view.state != row->state
            || strcmp(view.url, row->url) != 0 || strcmp(e.where, row->at ? row->at : "") != 0
            || (row->at && !strstr(e.what, "is unreadable: ")))
            fail_msg("%s: %s: %s, %s: %s", row->upstream, row->body, task_state_name(view.state),
                     e.where, e.what);
    }
}

/* A refusal is one whatever its words. */
static void an_unreadable_message_of_a_refusal_is_left_out(void **state)
{
    (void)state;
    struct task_view view;
    static const char body[] =
        "{\"error\":{\"code\":\"\\ud83d\",\"message\":\"a\\u0000b\"},\"x\":1e999}";
    assert_int_equal(view_read("newapi", 429, span_of(body), &view, NULL), 0);
    assert_int_equal(view.error, TASK_ERROR_TRANSIENT);
    assert_string_equal(view.code, "");
    assert_string_equal(view.reason, "");
}

/* The object of the document, the message alone, or a list of messages. */
static void an_error_may_be_a_text_or_a_list(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *error, *reason;
    } rows[] = {
        {200, "\"no credit\"", "no credit"},
        {200, "[\"no credit\",\"ask later\"]", "no credit"},
        {200, "{\"message\":\"no credit\"}", "no credit"},
        {200, "null", ""},
        {402, "\"no credit\"", "no credit"},
        {402, "[]", ""},
    };
    struct task_view view;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[128];
        snprintf(body, sizeof body, "{\"status\":\"failed\",\"error\":%s}", rows[i].error);
        assert_int_equal(view_read("video", rows[i].status, span_of(body), &view, NULL), 0);
        assert_int_equal(view.state, rows[i].status == 200 ? TASK_FAILED : TASK_UNKNOWN);
        assert_string_equal(view.reason, rows[i].reason);
        assert_string_equal(view.code, "");
    }
    static const char *const wrong[] = {"7", "true", "[]", "[7]", "\"\\ud83d\""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char body[128];
        struct err e;
        snprintf(body, sizeof body, "{\"status\":\"failed\",\"error\":%s}", wrong[i]);
        assert_int_equal(view_read("video", 200, span_of(body), &view, &e), ERR_CONTRACT);
        assert_string_equal(e.where, "/error");
    }
}

/* {"code":"success","data":{"status":S,"fail_reason":R}} with R of n letters. */
static int read_long(const char *status, size_t n, struct task_view *view, struct err *e)
{
    struct buf body;
    buf_init(&body, 64 << 10);
    buf_addf(&body, "{\"code\":\"success\",\"data\":{\"status\":\"%s\",\"fail_reason\":\"http://",
             status);
    for (size_t i = strlen("http://"); i < n; i++)
        buf_add_char(&body, 'u');
    buf_add_text(&body, "\"}}");
    int code = view_read("doubao", 200, buf_span(&body), view, e);
    buf_fini(&body);
    return code;
}

static void a_text_fills_its_place_to_the_last_byte_and_not_beyond(void **state)
{
    (void)state;
    static const struct task_view clear = {.progress = -1, .error = TASK_ERROR_LIMIT};
    struct task_view view;
    struct err e;
    assert_int_equal(read_long("success", TASK_URL_MAX - 1, &view, &e), 0);
    assert_int_equal(strlen(view.url), TASK_URL_MAX - 1);
    assert_int_equal(read_long("success", TASK_URL_MAX, &view, &e), ERR_LIMIT);
    assert_string_equal(e.where, "/data/fail_reason");
    assert_memory_equal(&view, &clear, sizeof view);
    assert_int_equal(read_long("running", TASK_URL_MAX, &view, &e), 0); /* nobody reads it */
}

/* A reply whose reason is n letters, and what should become of it. */
static void check_long_reason(const char *upstream, const char *before, const char *after, size_t n)
{
    struct task_view view;
    struct buf body, wanted;
    buf_init(&body, 64 << 10);
    buf_init(&wanted, 64 << 10);
    buf_add_text(&body, before);
    for (size_t i = 0; i < n; i++)
        buf_add_char(&body, (char)('a' + i % 26));
    buf_add(&wanted, body.p + strlen(before), n < TASK_REASON_MAX ? n : TASK_REASON_MAX - 4);
    buf_add_text(&wanted, n < TASK_REASON_MAX ? "" : "\xE2\x80\xA6");
    buf_add_text(&body, after);
    assert_int_equal(view_read(upstream, 200, buf_span(&body), &view, NULL), 0);
    assert_int_equal(view.state, TASK_FAILED);
    assert_string_equal(view.reason, wanted.p);
    buf_fini(&body);
    buf_fini(&wanted);
}

static void a_long_reason_is_cut_and_marked_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *upstream, *before, *after;
    } rows[] = {
        {"doubao", "{\"code\":\"success\",\"data\":{\"status\":\"failure\",\"fail_reason\":\"",
         "\"}}"},
        {"newapi", "{\"code\":\"success\",\"data\":{\"status\":\"FAILURE\",\"fail_reason\":\"",
         "\"}}"},
        {"newapi", "{\"code\":\"success\",\"data\":{\"status\":\"FAILURE\",\"result_url\":\"",
         "\"}}"},
        {"newapi",
         "{\"code\":\"success\",\"data\":{\"status\":\"failed\",\"error\":{\"message\":\"",
         "\"}}}"},
        {"video", "{\"status\":\"failed\",\"error\":{\"message\":\"", "\"}}"},
        {"zego-stream", "{\"Code\":0,\"Data\":{\"Status\":2,\"FailReason\":\"", "\"}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t n = TASK_REASON_MAX - 5; n < TASK_REASON_MAX + 5; n++)
            check_long_reason(rows[i].upstream, rows[i].before, rows[i].after, n);
    }
}

static void a_long_message_of_a_refusal_is_cut_at_a_character_and_still_a_refusal(void **state)
{
    (void)state;
    struct task_view view;
    struct buf body;
    buf_init(&body, 64 << 10);
    buf_add_text(&body, "{\"error\":{\"code\":\"c\",\"message\":\"x");
    for (int i = 0; i < TASK_REASON_MAX; i++) {
        buf_add_text(&body, "\xC3\xA9"); /* two bytes a character: the limit falls inside one */
    }
    buf_add_text(&body, "\"}}");
    assert_int_equal(view_read("video", 401, buf_span(&body), &view, NULL), 0);
    assert_int_equal(view.error, TASK_ERROR_UNAUTHORIZED);
    assert_int_equal(strlen(view.reason), 1 + 2 * 509 + 3);
    assert_string_equal(view.reason + 1 + 2 * 508, "\xC3\xA9\xE2\x80\xA6");
    buf_fini(&body);
}

static void goals_read_a_stream_as_their_caller_waits(void **state)
{
    (void)state;
    static const struct {
        const char *goal;
        const char *status;
        const char *code;
        bool seen;
        enum task_state state;
    } rows[] = {
        /* the default reading is the view's */
        {NULL, "3", "", true, TASK_RUNNING},
        {NULL, "5", "", true, TASK_SUCCEEDED},
        /* ready: streaming is what was waited for, an end is not */
        {"ready", "1", "", false, TASK_QUEUED},
        {"ready", "2", "", false, TASK_FAILED},
        {"ready", "3", "", false, TASK_SUCCEEDED},
        {"ready", "4", "", false, TASK_FAILED},
        {"ready", "5", "", false, TASK_FAILED},
        {"ready", "6", "", true, TASK_UNKNOWN},
        {"ready", "", "400000007", true, TASK_UNKNOWN},
        /* stopped: the end in any of its three forms */
        {"stopped", "1", "", true, TASK_QUEUED},
        {"stopped", "2", "", true, TASK_FAILED},
        {"stopped", "3", "", true, TASK_RUNNING},
        {"stopped", "4", "", true, TASK_RUNNING},
        {"stopped", "5", "", true, TASK_SUCCEEDED},
        {"stopped", "", "400000007", false, TASK_SUCCEEDED},
        {"stopped", "", "400000005", true, TASK_SUCCEEDED},
        {"stopped", "", "400000005", false, TASK_UNKNOWN}, /* never known: not found */
        {"stopped", "", "400000001", true, TASK_UNKNOWN},
        {"stopped", "9", "", true, TASK_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view = {0};
        char body[128];
        if (rows[i].code[0] != '\0') {
            snprintf(body, sizeof body, "{\"Code\":%s,\"Message\":\"m\"}", rows[i].code);
        } else {
            snprintf(body, sizeof body, "{\"Code\":0,\"Data\":{\"Status\":%s}}", rows[i].status);
        }
        assert_int_equal(view_read("zego-stream", 200, span_of(body), &view, NULL), 0);
        enum task_state got = task_goal_state("zego-stream", rows[i].goal, &view, rows[i].seen);
        if (got != rows[i].state) {
            fail_msg("row %zu: should be %s, is %s", i, task_state_name(rows[i].state),
                     task_state_name(got));
        }
    }
}

/* The order in which drives decide: unknown, queued, running, failed, succeeded. */
static void the_drive_that_has_most_ahead_of_it_decides(void **state)
{
    (void)state;
    static const struct {
        int first, second;
        enum task_state state;
        const char *status;
    } rows[] = {
        {4, 4, TASK_SUCCEEDED, "4"}, {4, 3, TASK_FAILED, "3"},  {3, 4, TASK_FAILED, "3"},
        {3, 2, TASK_RUNNING, "2"},   {2, 1, TASK_QUEUED, "1"},  {1, 2, TASK_QUEUED, "1"},
        {1, 5, TASK_UNKNOWN, "5"},   {6, 5, TASK_UNKNOWN, "6"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view;
        char body[256];
        snprintf(body, sizeof body,
                 "{\"Code\":0,\"Data\":{\"DriveList\":[{\"DriveId\":\"a\",\"Status\":%d},"
                 "{\"DriveId\":\"b\",\"Status\":%d}]}}",
                 rows[i].first, rows[i].second);
        assert_int_equal(view_read("zego-drive", 200, span_of(body), &view, NULL), 0);
        assert_int_equal(view.state, rows[i].state);
        assert_string_equal(view.status, rows[i].status);
        assert_string_equal(view.id, ""); /* of several, none is the task */
    }
}

static void what_looks_like_a_refusal_or_a_url_need_not_be_one(void **state)
{
    (void)state;
    static const struct {
        const char *upstream;
        const char *body;
        enum task_state state;
        const char *url;
    } rows[] = {
        /* an error beside the task is not the answer */
        {"doubao", "{\"code\":\"success\",\"error\":{},\"data\":{\"status\":\"queued\"}}",
         TASK_QUEUED, ""},
        {"video", "{\"code\":17,\"status\":\"queued\"}", TASK_QUEUED, ""},
        {"avatar", "{\"code\":17,\"web_work_status\":0}", TASK_QUEUED, ""},
        /* a reason that is no URL is none on success either */
        {"newapi",
         "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\",\"fail_reason\":\"ok\"}}",
         TASK_SUCCEEDED, ""},
        {"newapi",
         "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\",\"result_url\":\"ok\","
         "\"fail_reason\":\"https://v/1\"}}",
         TASK_SUCCEEDED, "https://v/1"},
        /* a reseller's own URL comes before that of the record inside */
        {"avatar",
         "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\",\"result_url\":\"https://v/1\","
         "\"data\":{\"work_video_path\":\"https://v/2\"}}}",
         TASK_SUCCEEDED, "https://v/1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view;
        assert_int_equal(view_read(rows[i].upstream, 200, span_of(rows[i].body), &view, NULL), 0);
        assert_int_equal(view.error, TASK_ERROR_NONE);
        assert_int_equal(view.state, rows[i].state);
        assert_string_equal(view.url, rows[i].url);
    }
}

static void what_cannot_be_read_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *upstream;
        int status;
        const char *body;
        const char *where;
    } rows[] = {
        {"doubao", 200, "{\"code\":[],\"data\":{\"status\":\"queued\"}}", "/code"},
        {"doubao", 199, "{\"code\":\"success\",\"data\":{\"status\":\"queued\"}}", ""},
        {"zego-drive", 200,
         "{\"Code\":0,\"Data\":{\"DriveList\":[{\"Status\":4},{\"Status\":[]},7]}}",
         "/Data/DriveList/1/Status"},
        {"zego-drive", 200, "{\"Code\":0,\"Data\":{\"DriveList\":[{\"DriveId\":\"d\"}]}}",
         "/Data/DriveList/0/Status"},
        {"zego-drive", 200, "{\"Code\":0,\"Data\":{\"DriveList\":[4]}}", "/Data/DriveList/0"},
        {"avatar", 200, "{\"web_work_status\":200,\"work_video_path\":5}", "/work_video_path"},
        {"avatar", 200,
         "{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\","
         "\"data\":{\"work_video_path\":5}}}",
         "/data/data/work_video_path"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const struct task_view clear = {.progress = -1, .error = TASK_ERROR_CONTRACT};
        struct task_view view;
        struct err e;
        assert_int_equal(
            view_read(rows[i].upstream, rows[i].status, span_of(rows[i].body), &view, &e),
            ERR_CONTRACT);
        assert_string_equal(e.where, rows[i].where);
        assert_memory_equal(&view, &clear, sizeof view);
    }
}

static void names_of_states_and_errors_are_the_words_of_the_files(void **state)
{
    (void)state;
    static const char *const states[] = {"unknown", "queued", "running", "succeeded", "failed"};
    static const char *const errors[] = {"none",         "transient", "permanent", "not_found",
                                         "unauthorized", "syntax",    "contract",  "limit"};
    static const char *const outcomes[] = {"succeeded", "failed", "error", "gave_up", "cancelled"};
    for (int i = 0; i <= TASK_FAILED; i++)
        assert_string_equal(task_state_name((enum task_state)i), states[i]);
    for (int i = 0; i <= TASK_ERROR_LIMIT; i++)
        assert_string_equal(task_error_name((enum task_error)i), errors[i]);
    for (int i = 0; i <= TASK_OUTCOME_CANCELLED; i++)
        assert_string_equal(task_outcome_name((enum task_outcome)i), outcomes[i]);
    assert_string_equal(task_state_name((enum task_state)99), "unknown");
    assert_string_equal(task_error_name((enum task_error)99), "none");
    struct task_view running = {.state = TASK_RUNNING};
    assert_int_equal(task_goal_state("no such upstream", "ready", &running, true), TASK_RUNNING);
    assert_string_equal(task_goals("zego-stream")[0], "ready");
    assert_null(task_goals("doubao")[0]);
    assert_null(task_goals("no such upstream")[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_reply_reads_as_wanted),
        cmocka_unit_test(an_unknown_upstream_is_not_found),
        cmocka_unit_test(statuses_without_a_task_mean_what_http_says),
        cmocka_unit_test(what_cannot_be_read_refuses_a_reply_only_where_it_is_read),
        cmocka_unit_test(an_unreadable_message_of_a_refusal_is_left_out),
        cmocka_unit_test(an_error_may_be_a_text_or_a_list),
        cmocka_unit_test(a_text_fills_its_place_to_the_last_byte_and_not_beyond),
        cmocka_unit_test(a_long_reason_is_cut_and_marked_wherever_it_stands),
        cmocka_unit_test(a_long_message_of_a_refusal_is_cut_at_a_character_and_still_a_refusal),
        cmocka_unit_test(goals_read_a_stream_as_their_caller_waits),
        cmocka_unit_test(the_drive_that_has_most_ahead_of_it_decides),
        cmocka_unit_test(what_looks_like_a_refusal_or_a_url_need_not_be_one),
        cmocka_unit_test(what_cannot_be_read_says_where),
        cmocka_unit_test(names_of_states_and_errors_are_the_words_of_the_files),
    };
    return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
