/* What decoders share: words, URLs, and texts that fit or do not. */
#include "client/decode/decode.h"
#include "client/poll/policy.h"
#include "client/decode/upstreams.h"
#include "client/decode/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_first_trouble_of_a_view_is_kept(void **state)
{
    (void)state;
    struct err e = {0};
    struct reading r = {.e = &e};
    char out[4];
    view_text(&r, "/fits", "abc", out, sizeof out);
    assert_int_equal(r.code, 0);
    assert_string_equal(out, "abc");
    view_text(&r, "/first", "abcd", out, sizeof out);
    assert_int_equal(r.code, ERR_LIMIT);
    assert_string_equal(e.where, "/first");
    assert_string_equal(e.what, "is longer than 3 bytes");
    view_text(&r, "/second", "abcdefgh", out, sizeof out);
    assert_string_equal(e.where, "/first");
}

#define MORE "\xE2\x80\xA6"

static void a_cut_text_ends_with_a_whole_character_and_an_ellipsis(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t room;
        const char *want;
    } rows[] = {
        {"", 4, ""},
        {"abc", 4, "abc"},
        {"ab\xC3\xA9", 5, "ab\xC3\xA9"},
        {"abcd", 4, MORE},
        {"abcde", 5, "a" MORE},
        {"abcdefgh", 8, "abcd" MORE},
        {"abc\xC3\xA9zzzz", 9, "abc\xC3\xA9" MORE},
        {"abc\xC3\xA9zzzz", 8, "abc" MORE},
        {"abc\xC3\xA9zzzz", 7, "abc" MORE},
        {"a\xE4\xBD\xA0zzzz", 8, "a\xE4\xBD\xA0" MORE},
        {"a\xE4\xBD\xA0zzzz", 7, "a" MORE},
        {"a\xE4\xBD\xA0zzzz", 6, "a" MORE},
        {"a\xF0\x9F\x98\x80zzz", 8, "a" MORE},
        {"\xC3\xA9zzzz", 5, MORE},         /* nothing of it is left */
        {"\x80\x80\x80\x80\x80", 5, MORE}, /* no UTF-8 at all */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[16];
        memset(out, '#', sizeof out);
        view_cut(rows[i].text, out, rows[i].room);
        if (strcmp(out, rows[i].want) != 0)
            fail_msg("row %zu: '%s'", i, out);
    }
}

static void only_http_and_https_are_web_urls(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"http://v", true}, {"https://v", true},  {"http://", true},    {"https://", true},
        {"http:/", false},  {"https:/", false},   {"http", false},      {"", false},
        {"ftp://v", false}, {" http://v", false}, {"httpx://v", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(is_web_url(rows[i].text), rows[i].is);
}

static void a_word_has_its_state_in_any_case_and_none_when_it_is_new(void **state)
{
    (void)state;
    static const struct state_word words[] = {
        {"queued", TASK_QUEUED}, {"done", TASK_SUCCEEDED}, {NULL, TASK_UNKNOWN}};
    assert_int_equal(state_of_word(words, "queued"), TASK_QUEUED);
    assert_int_equal(state_of_word(words, "DoNe"), TASK_SUCCEEDED);
    assert_int_equal(state_of_word(words, "don"), TASK_UNKNOWN);
    assert_int_equal(state_of_word(words, "done "), TASK_UNKNOWN);
    assert_int_equal(state_of_word(words, ""), TASK_UNKNOWN);
}

static void a_pointer_too_long_to_tell_is_cut_and_the_trouble_is_still_told(void **state)
{
    (void)state;
    char key[ERR_WHERE_MAX + 40];
    struct json *root;
    struct err e = {0};
    struct reading r = {.e = &e};
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    assert_int_equal(json_open(span_of("{}"), &root, &e), 0);
    struct fields f = fields_of(root, &r);
    struct fields inside = field_object(&f, key);
    field_need(&inside, "x");
    assert_int_equal(r.code, ERR_CONTRACT);
    assert_int_equal(strlen(e.where), ERR_WHERE_MAX - 1);
    assert_memory_equal(e.where, "/kkkk", 5);
    assert_int_equal(e.where[ERR_WHERE_MAX - 2], 'k');
    assert_string_equal(e.what, "is missing");
    json_close(root);
}

static void each_upstream_is_asked_in_its_own_way(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum request_kind kind;
        const char *path_or_action, *id_key, *id_key_all;
        int64_t interval_ms;
        const char *goals[3];
    } rows[] = {
        {"zego-stream",
         REQUEST_ZEGO,
         "GetDigitalHumanStreamTaskStatus",
         "TaskId",
         NULL,
         2000,
         {"ready", "stopped"}},
        {"zego-drive", REQUEST_ZEGO, "GetDriveStatus", "DriveId", "TaskId", 2000, {"all"}},
        {"avatar", REQUEST_BEARER, "/avatar/task/", NULL, NULL, 5000, {NULL}},
        {"video", REQUEST_BEARER, "/v1/video/generations/", NULL, NULL, 5000, {NULL}},
        {"doubao", REQUEST_BEARER, "/v1/video/generations/", NULL, NULL, 5000, {NULL}},
        {"newapi", REQUEST_BEARER, "/v1/video/generations/", NULL, NULL, 5000, {NULL}},
        {"auto", REQUEST_BEARER, "/v1/video/generations/", NULL, NULL, 5000, {NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct dialect *d = dialect_find(rows[i].name);
        assert_non_null(d);
        assert_string_equal(task_upstreams()[i], rows[i].name);
        assert_int_equal(d->kind, rows[i].kind);
        assert_string_equal(d->path_or_action, rows[i].path_or_action);
        assert_string_equal(d->id_key != NULL ? d->id_key : "",
                            rows[i].id_key != NULL ? rows[i].id_key : "");
        assert_string_equal(d->id_key_all != NULL ? d->id_key_all : "",
                            rows[i].id_key_all != NULL ? rows[i].id_key_all : "");
        assert_int_equal(d->interval_ms, rows[i].interval_ms);
        size_t goals = 0;
        for (; rows[i].goals[goals] != NULL; goals++)
            assert_string_equal(task_goals(rows[i].name)[goals], rows[i].goals[goals]);
        assert_null(task_goals(rows[i].name)[goals]);
    }
    assert_null(task_upstreams()[sizeof rows / sizeof rows[0]]);
}

static void statuses_change_their_meaning_at_the_hundreds(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum task_error error;
    } rows[] = {
        {200, TASK_ERROR_NONE},      {399, TASK_ERROR_NONE},      {400, TASK_ERROR_PERMANENT},
        {402, TASK_ERROR_PERMANENT}, {499, TASK_ERROR_PERMANENT}, {500, TASK_ERROR_TRANSIENT},
        {599, TASK_ERROR_TRANSIENT},
    };
    static const struct span body = {"{\"status\":\"queued\"}", 19};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(refusal_of_status(rows[i].status), rows[i].error);
    struct task_view view;
    assert_int_equal(view_read("video", 299, body, &view, NULL), 0);
    assert_int_equal(view_read("video", 300, body, &view, NULL), ERR_CONTRACT);
    assert_int_equal(view_read("video", 200, body, &view, NULL), 0);
    assert_int_equal(view_read("video", 199, body, &view, NULL), ERR_CONTRACT);
}

static void the_first_shape_of_a_refusal_that_says_something_is_taken(void **state)
{
    (void)state;
    static const char body[] =
        "{\"error\":{\"code\":\"inner\"},\"code\":\"outer\",\"message\":\"m\",\"Code\":7}";
    struct task_view view;
    assert_int_equal(view_read("video", 400, span_of(body), &view, NULL), 0);
    assert_string_equal(view.code, "inner");
    assert_string_equal(view.reason, "");
    assert_int_equal(
        view_read("video", 400, span_of("{\"code\":\"outer\",\"Code\":7}"), &view, NULL), 0);
    assert_string_equal(view.code, "outer");
}

static void retry_after_counts_on_answers_and_where_patience_is_asked(void **state)
{
    (void)state;
    static const struct policy every5s = {.interval_ms = 5000, .timeout_ms = 60000};
    static const struct {
        int status;
        int64_t wait_ms;
    } rows[] = {{199, 5000}, {200, 9000}, {299, 9000}, {300, 5000}, {429, 9000},
                {430, 5000}, {428, 5000}, {503, 9000}, {502, 5000}, {504, 5000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct policy_fact fact = {
            .state = TASK_QUEUED, .http_status = rows[i].status, .retry_after_ms = 9000};
        assert_int_equal(policy_decide(&every5s, &fact).wait_ms, rows[i].wait_ms);
    }
    /* "now" is an answer too: no backoff, the interval */
    struct policy_fact now = {.error = TASK_ERROR_TRANSIENT,
                              .http_status = 503,
                              .retry_after_ms = 0,
                              .transients = 3,
                              .random = 1234};
    assert_int_equal(policy_decide(&every5s, &now).wait_ms, 5000);
    /* one interval is left, and more was asked for */
    struct policy_fact late = {.error = TASK_ERROR_TRANSIENT,
                               .http_status = 503,
                               .retry_after_ms = 9000,
                               .transients = 1,
                               .elapsed_ms = 55000};
    assert_int_equal(policy_decide(&every5s, &late).verb, POLICY_GIVE_UP_RETRY_AFTER);
}

static void a_record_tells_of_its_files_only_when_it_is_done(void **state)
{
    (void)state;
    static const struct {
        const char *body, *url;
        enum task_state state;
    } rows[] = {
        {"{\"web_work_status\":200,\"work_video_path\":\"x\",\"wm_work_video_path\":\"yy\"}", "x",
         TASK_SUCCEEDED},
        {"{\"code\":\"success\",\"data\":{\"status\":\"IN_PROGRESS\","
         "\"data\":{\"work_video_path\":\"http://v\"}}}",
         "", TASK_RUNNING},
        {"{\"web_work_status\":null,\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\","
         "\"data\":{\"work_video_path\":\"http://v\"}}}",
         "http://v", TASK_SUCCEEDED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view view;
        assert_int_equal(view_read("avatar", 200, span_of(rows[i].body), &view, NULL), 0);
        assert_int_equal(view.state, rows[i].state);
        assert_string_equal(view.url, rows[i].url);
    }
}

static void what_is_only_told_is_read_too(void **state)
{
    (void)state;
    struct json *root;
    struct avatar_reply avatar;
    struct doubao_reply doubao;
    assert_int_equal(json_open(span_of("{\"web_work_status\":0,\"picture_path_list\":[1],"
                                       "\"tmp_online_enable\":true,\"code\":\"success\","
                                       "\"data\":{\"status\":\"queued\",\"action\":\"act\"}}"),
                               &root, NULL),
                     0);
    memset(&avatar, 0, sizeof avatar);
    memset(&doubao, 0, sizeof doubao);
    assert_int_equal(avatar_decode(root, &avatar, NULL), 0);
    assert_int_equal(json_count(avatar.picture_path_list), 1);
    assert_true(avatar.tmp_online_enable);
    assert_int_equal(doubao_decode(root, &doubao, NULL), 0);
    assert_string_equal(doubao.action, "act");
    json_close(root);
}

static void a_word_too_long_is_told_with_its_room(void **state)
{
    (void)state;
    struct json *root;
    struct err e = {0};
    struct reading r = {.e = &e};
    char out[4];
    assert_int_equal(json_open(span_of("{\"v\":\"abcd\",\"t\":0.5}"), &root, NULL), 0);
    struct fields f = fields_of(root, &r);
    assert_int_equal(field_time_ms(&f, "t"), 500);
    field_word(&f, "v", out, sizeof out);
    assert_string_equal(out, "");
    assert_string_equal(e.what, "is longer than 3 bytes");
    json_close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_trouble_of_a_view_is_kept),
        cmocka_unit_test(a_cut_text_ends_with_a_whole_character_and_an_ellipsis),
        cmocka_unit_test(only_http_and_https_are_web_urls),
        cmocka_unit_test(a_word_has_its_state_in_any_case_and_none_when_it_is_new),
        cmocka_unit_test(each_upstream_is_asked_in_its_own_way),
        cmocka_unit_test(statuses_change_their_meaning_at_the_hundreds),
        cmocka_unit_test(the_first_shape_of_a_refusal_that_says_something_is_taken),
        cmocka_unit_test(retry_after_counts_on_answers_and_where_patience_is_asked),
        cmocka_unit_test(a_record_tells_of_its_files_only_when_it_is_done),
        cmocka_unit_test(what_is_only_told_is_read_too),
        cmocka_unit_test(a_word_too_long_is_told_with_its_room),
        cmocka_unit_test(a_pointer_too_long_to_tell_is_cut_and_the_trouble_is_still_told),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
