/* auto: every recorded reply of the shared path reads as under its own decoder, but for what this
 * table pins. */
#include "client/decode/view.h"

#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { REPLY_FILE_MAX = 2 << 20, SHARED_REPLIES_MIN = 150 };

/* Which replies read otherwise under auto, and why. */
static const struct {
    const char *reply;
    const char *why;
} ambiguous[] = {
    {"doubao/odd.result_url", "newapi's result_url goes before fail_reason"},
    {"doubao/odd.status_succeeded", "a word of newapi's channels, which doubao does not know"},
    {NULL, NULL},
};

struct walk {
    const char *upstream;
    char dir[FILE_PATH_MAX];
    size_t checked;
    size_t differ;
    size_t pinned;
};

static bool is_ambiguous(const char *upstream, const char *file)
{
    char name[FILE_PATH_MAX];
    snprintf(name, sizeof name, "%s/%.*s", upstream, (int)(strlen(file) - strlen(".http")), file);
    for (size_t i = 0; ambiguous[i].reply != NULL; i++) {
        if (strcmp(ambiguous[i].reply, name) == 0)
            return true;
    }
    return false;
}

static struct span body_of(struct span file)
{
    bool empty = false;
    while (!empty && file.n > 0) {
        size_t end = span_find(file, '\n');
        empty = span_trim(span_cut(file, 0, end)).n == 0;
        file = span_cut(file, end + 1, file.n);
    }
    return file;
}

static bool reads_the_same(const char *upstream, int status, struct span body)
{
    struct task_view own, other;
    struct err own_error = {0}, other_error = {0};
    int own_code = view_read(upstream, status, body, &own, &own_error);
    int other_code = view_read("auto", status, body, &other, &other_error);
    return own_code == other_code && memcmp(&own, &other, sizeof own) == 0
        && strcmp(own_error.where, other_error.where) == 0;
}

static int check(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct walk *w = arg;
    char path[FILE_PATH_MAX];
    struct buf file;
    size_t n = strlen(name);
    if (is_dir || n < 6 || strcmp(name + n - 5, ".http") != 0)
        return 0;
    if (strncmp(name, "created.", 8) == 0)
        return 0; /* no answer to a poll */
    snprintf(path, sizeof path, "%.900s/%.100s", w->dir, name);
    buf_init(&file, REPLY_FILE_MAX);
    int code = file_read(path, &file, e);
    if (code == 0) {
        struct span line = buf_span(&file);
        long long status = 0;
        (void)span_int64(span_cut(line, span_find(line, ' ') + 1, 3), &status);
        bool same = reads_the_same(w->upstream, (int)status, body_of(buf_span(&file)));
        bool pinned = is_ambiguous(w->upstream, name);
        if (same == pinned) {
            w->differ++;
            print_error("%s/%s: %s under auto\n", w->upstream, name,
                        same ? "reads the same" : "reads otherwise");
        }
        w->checked++;
        w->pinned += pinned;
    }
    buf_fini(&file);
    return code;
}

static void every_reply_of_the_shared_path_reads_as_under_its_own_decoder(void **state)
{
    (void)state;
    static const char *const upstreams[] = {"video", "doubao", "newapi"};
    const char *fixtures = getenv("UNDERSTUDY_FIXTURES");
    size_t checked = 0, differ = 0, pinned = 0;
    for (size_t i = 0; i < 3; i++) {
        struct walk w = {.upstream = upstreams[i]};
        struct err e = {0};
        snprintf(w.dir, sizeof w.dir, "%s/%s/replies", fixtures != NULL ? fixtures : "fixtures",
                 upstreams[i]);
        assert_int_equal(file_list(w.dir, check, &w, &e), 0);
        checked += w.checked;
        differ += w.differ;
        pinned += w.pinned;
    }
    assert_int_equal(differ, 0);
    assert_int_equal(pinned, sizeof ambiguous / sizeof ambiguous[0] - 1); /* none is stale */
    assert_true(checked >= SHARED_REPLIES_MIN);
}

/* Bodies that no upstream was seen to send: which dialect they are taken for. */
static void a_body_between_the_dialects_is_taken_as_the_header_says(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum task_state state;
        enum task_error error;
        const char *status;
        const char *url;
        const char *where;
    } rows[] = {
        /* a status at the root is the task's, whatever rides in data */
        {"{\"status\":\"completed\",\"url\":\"http://v\",\"data\":{\"status\":\"FAILURE\"}}",
         TASK_SUCCEEDED, TASK_ERROR_NONE, "completed", "http://v", ""},
        {"{\"code\":\"success\",\"status\":\"queued\",\"data\":{\"status\":\"FAILURE\"}}",
         TASK_QUEUED, TASK_ERROR_NONE, "queued", "", ""},
        /* null is absent */
        {"{\"status\":null,\"code\":\"success\",\"data\":{\"status\":\"QUEUED\"}}", TASK_QUEUED,
         TASK_ERROR_NONE, "QUEUED", "", ""},
        {"{\"code\":null,\"data\":null,\"status\":null}", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "",
         "/status"},
        /* an envelope that lost its code, and one that lost its data */
        {"{\"data\":{\"status\":\"queued\"}}", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "", "/code"},
        {"{\"code\":\"success\"}", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "", "/data"},
        /* neither */
        {"{}", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "", "/status"},
        {"{\"error\":{\"message\":\"m\"}}", TASK_UNKNOWN, TASK_ERROR_PERMANENT, "", "", ""},
        {"[]", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "", ""},
        {"\"completed\"", TASK_UNKNOWN, TASK_ERROR_CONTRACT, "", "", ""},
        /* doubao's envelope with newapi's words: doubao alone would not know them */
        {"{\"code\":\"success\",\"data\":{\"status\":\"succeeded\",\"url\":\"http://v\"}}",
         TASK_SUCCEEDED, TASK_ERROR_NONE, "succeeded", "http://v", ""},
        {"{\"code\":\"success\",\"data\":{\"status\":\"success\",\"fail_reason\":\"http://old\","
         "\"result_url\":\"http://new\"}}",
         TASK_SUCCEEDED, TASK_ERROR_NONE, "success", "http://new", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view;
        struct err e = {0};
        int code = view_read("auto", 200, span_of(rows[i].body), &view, &e);
        assert_int_equal(code != 0, rows[i].error == TASK_ERROR_CONTRACT);
        assert_int_equal(view.state, rows[i].state);
        assert_int_equal(view.error, rows[i].error);
        assert_string_equal(view.status, rows[i].status);
        assert_string_equal(view.url, rows[i].url);
        assert_string_equal(e.where, rows[i].where);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reply_of_the_shared_path_reads_as_under_its_own_decoder),
        cmocka_unit_test(a_body_between_the_dialects_is_taken_as_the_header_says),
    };
    return cmocka_run_group_tests_name("auto", tests, NULL, NULL);
}
