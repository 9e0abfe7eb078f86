/* Typed reading: what is lenient, what is refused, and where it is said. */
#include "client/decode/decode.h"
#include "client/decode/fields.h"

#include "base/json/json.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json *open_text(const char *text)
{
    struct json *root;
    struct err e;
    if (json_open(span_of(text), &root, &e) != 0)
        fail_msg("%s: %s: %s", text, e.where, e.what);
    return root;
}

/* One value under the key "v" in an otherwise empty object. */
struct one {
    struct json *root;
    struct err e;
    struct reading r;
    struct fields f;
};

static void open_one(struct one *o, const char *value)
{
    char text[256];
    snprintf(text, sizeof text, "{%s%s}", value[0] != '\0' ? "\"v\":" : "", value);
    o->root = open_text(text);
    o->r = (struct reading){.e = &o->e};
    o->f = fields_of(o->root, &o->r);
}

static void integers_may_be_spelled_and_nothing_else_is_one(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t n;
        int code;
    } rows[] = {
        {"7", 7, 0},
        {"-7", -7, 0},
        {"\"200\"", 200, 0},
        {"\" -3 \"", -3, 0},
        {"9007199254740993", 9007199254740993, 0}, /* 2^53+1: no double could hold it */
        {"\"9223372036854775807\"", INT64_MAX, 0},
        /* not there, null, "" */
        {"", 0, 0},
        {"null", 0, 0},
        {"\"\"", 0, 0},
        /* not integers */
        {"1.5", 0, ERR_CONTRACT},
        {"\"1.5\"", 0, ERR_CONTRACT},
        {"\"seven\"", 0, ERR_CONTRACT},
        {"9223372036854775808", 0, ERR_CONTRACT},
        {"true", 0, ERR_CONTRACT},
        {"[7]", 0, ERR_CONTRACT},
        {"{}", 0, ERR_CONTRACT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct one o;
        open_one(&o, rows[i].value);
        int64_t noted = note_int(&o.f, "v");
        int64_t n = field_int(&o.f, "v");
        if (n != rows[i].n || noted != n || o.r.code != rows[i].code)
            fail_msg("%s: %" PRId64 ", code %d", rows[i].value, n, o.r.code);
        if (rows[i].code != 0)
            assert_string_equal(o.e.where, "/v");
        json_close(o.root);
    }
}

static void times_are_seconds_or_milliseconds_by_their_size(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t ms;
        int code;
    } rows[] = {
        {"1705334400", 1705334400000, 0},
        {"1705334400000", 1705334400000, 0},
        {"\"1705334400\"", 1705334400000, 0},
        {"1705334400.25", 1705334400250, 0},
        {"1", 1000, 0},
        {"99999999999", 99999999999000, 0},
        {"100000000000", 100000000000, 0},
        /* not yet, or nonsense */
        {"0", 0, 0},
        {"\"\"", 0, 0},
        {"null", 0, 0},
        {"", 0, 0},
        {"-62135596800", 0, 0},
        {"-0.5", 0, 0},
        {"1e300", 0, 0},
        {"9223372036854775807", 0, 0},
        {"253402300799999", 253402300799999, 0},
        {"253402300800000", 0, 0},
        {"\"yesterday\"", 0, ERR_CONTRACT},
        {"false", 0, ERR_CONTRACT},
        {"[]", 0, ERR_CONTRACT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct one o;
        open_one(&o, rows[i].value);
        int64_t noted = note_time_ms(&o.f, "v");
        int64_t ms = field_time_ms(&o.f, "v");
        if (ms != rows[i].ms || noted != ms || o.r.code != rows[i].code)
            fail_msg("%s: %" PRId64 ", code %d", rows[i].value, ms, o.r.code);
        json_close(o.root);
    }
}

static void a_percentage_is_within_its_range_or_not_said(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int percent;
    } rows[] = {{"\"50%\"", 50}, {"\"50\"", 50}, {"50", 50},       {"\" 7% \"", 7},
                {"99.9", 99},    {"0", 0},       {"\"0%\"", 0},    {"\"100%\"", 100},
                {"100", 100},    {"101", -1},    {"\"101%\"", -1}, {"-1", -1},
                {"\"%\"", -1},   {"\"\"", -1},   {"\"half\"", -1}, {"\"5%%\"", -1},
                {"null", -1},    {"", -1},       {"true", -1},     {"{}", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct one o;
        open_one(&o, rows[i].value);
        int percent = note_percent(&o.f, "v");
        if (percent != rows[i].percent || o.r.code != 0)
            fail_msg("%s: %d", rows[i].value, percent);
        json_close(o.root);
    }
}

static void words_may_be_numbers_and_must_fit(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *word;
        int code;
    } rows[] = {{"\"seven\"", "seven", 0},
                {"7", "7", 0},
                {"1.5", "1.5", 0},
                {"\"1234567\"", "1234567", 0},
                {"null", "", 0},
                {"", "", 0},
                {"\"\"", "", 0},
                {"\"12345678\"", "", ERR_LIMIT},
                {"12345678", "", ERR_LIMIT},
                {"true", "", ERR_CONTRACT},
                {"[]", "", ERR_CONTRACT},
                {"{}", "", ERR_CONTRACT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct one o;
        char word[8];
        open_one(&o, rows[i].value);
        field_word(&o.f, "v", word, sizeof word);
        if (strcmp(word, rows[i].word) != 0 || o.r.code != rows[i].code)
            fail_msg("%s: '%s', code %d", rows[i].value, word, o.r.code);
        json_close(o.root);
    }
}

static void texts_and_objects_and_lists_are_strict_and_notes_are_not(void **state)
{
    (void)state;
    static const char *const values[] = {"\"t\"", "1", "true", "[1]", "{\"k\":1}", "null", ""};
    enum { TEXT = 0, BOOL = 2, LIST = 3, OBJECT = 4, NONE = 5 };
    for (int i = 0; i < (int)(sizeof values / sizeof values[0]); i++) {
        struct one o;
        const struct json *first;
        open_one(&o, values[i]);
        assert_string_equal(note_text(&o.f, "v"), i == TEXT ? "t" : "");
        assert_int_equal(note_bool(&o.f, "v"), i == BOOL);
        assert_int_equal(note_list(&o.f, "v") != NULL, i == LIST);
        assert_int_equal(note_object(&o.f, "v").object != NULL, i == OBJECT);
        assert_true(fabs(note_double(&o.f, "v") - (i == 1 ? 1 : 0)) < 0.5);
        assert_int_equal(field_has(&o.f, "v"), i < NONE);
        assert_int_equal(o.r.code, 0);

        assert_string_equal(field_text(&o.f, "v"), i == TEXT ? "t" : "");
        assert_int_equal(o.r.code, i == TEXT || i >= NONE ? 0 : ERR_CONTRACT);
        o.r.code = 0;
        assert_int_equal(field_object(&o.f, "v").object != NULL, i == OBJECT);
        assert_int_equal(o.r.code, i == OBJECT || i >= NONE ? 0 : ERR_CONTRACT);
        o.r.code = 0;
        field_list(&o.f, "v", &first);
        assert_int_equal(first != NULL, i == LIST);
        assert_int_equal(o.r.code, i == LIST || i >= NONE ? 0 : ERR_CONTRACT);
        o.r.code = 0;
        field_need(&o.f, "v");
        assert_int_equal(o.r.code, i >= NONE ? ERR_CONTRACT : 0);
        json_close(o.root);
    }
}

static void the_first_trouble_is_kept_with_its_whole_pointer(void **state)
{
    (void)state;
    struct json *root = open_text(
        "{\"a\":{\"list\":[{\"n\":1},{\"n\":[]},{\"n\":{}},7]},\"b\":[]}");
    struct err e;
    struct reading r = {.e = &e};
    struct fields f = fields_of(root, &r);
    struct fields a = field_object(&f, "a");
    const struct json *item;
    struct fields list = field_list(&a, "list", &item);
    for (size_t i = 0; item != NULL; item = json_next(item), i++) {
        struct fields element = fields_item(&list, item, i);
        field_int(&element, "n");
    }
    field_text(&f, "b");
    assert_int_equal(r.code, ERR_CONTRACT);
    assert_string_equal(e.where, "/a/list/1/n");
    assert_string_equal(e.what, "should be an integer, is array");

    r.code = 0;
    item = json_next(json_next(json_next(json_first(json_at(root, "/a/list")))));
    fields_item(&list, item, 3);
    assert_string_equal(e.where, "/a/list/3");
    json_close(root);
}

static void a_root_that_is_no_object_is_said_at_the_root(void **state)
{
    (void)state;
    static const char *const roots[] = {"[]", "1", "null", "\"{}\""};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct json *root = open_text(roots[i]);
        struct err e;
        struct reading r = {.e = &e};
        struct fields f = fields_of(root, &r);
        assert_int_equal(r.code, ERR_CONTRACT);
        assert_string_equal(e.where, "");
        assert_false(field_has(&f, "v"));
        json_close(root);
    }
}

/* The finished record of the document, whole. */
static void every_documented_field_of_an_avatar_is_read(void **state)
{
    (void)state;
    struct json *root = open_text(
        "{\"id\":\"i\",\"ext\":{\"sing_title\":\"s.mp3\",\"track_info\":\"{}\",\"animate_channel\":"
        "\"dynamic\"},\"singer\":\"DreamFace\",\"file_type\":\"VIDEO\",\"work_name\":\"w\","
        "\"animate_id\":\"a\",\"play_types\":[\"PT\",\"\"],\"vip_enable\":true,"
        "\"create_time\":1737689710890,\"music_title\":\"m\",\"template_id\":\"t\","
        "\"user_image_url\":\"u\",\"work_webp_path\":\"p\",\"web_work_status\":\"200\","
        "\"work_video_path\":\"v1\",\"share_magic_text\":\"x\",\"example_image_url\":[\"e\"],"
        "\"picture_path_list\":[],\"primary_play_type\":\"ANIMATE\",\"tmp_online_enable\":false,"
        "\"webp_aspect_ratio\":1,\"animate_params_str\":\"{}\",\"video_aspect_ratio\":1.5,"
        "\"wm_work_video_path\":\"v2\",\"template_create_time\":1700471100257,"
        "\"no_wm_work_video_path\":\"v3\"}");
    struct avatar_reply a;
    assert_int_equal(avatar_decode(root, &a, NULL), 0);
    const char *const texts[][2] = {{a.id, "i"},
                                    {a.sing_title, "s.mp3"},
                                    {a.track_info, "{}"},
                                    {a.animate_channel, "dynamic"},
                                    {a.singer, "DreamFace"},
                                    {a.file_type, "VIDEO"},
                                    {a.work_name, "w"},
                                    {a.animate_id, "a"},
                                    {a.music_title, "m"},
                                    {a.template_id, "t"},
                                    {a.user_image_url, "u"},
                                    {a.work_webp_path, "p"},
                                    {a.work_video_path, "v1"},
                                    {a.share_magic_text, "x"},
                                    {a.primary_play_type, "ANIMATE"},
                                    {a.animate_params_str, "{}"},
                                    {a.wm_work_video_path, "v2"},
                                    {a.no_wm_work_video_path, "v3"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_string_equal(texts[i][0], texts[i][1]);
    assert_int_equal(json_count(a.play_types), 2);
    assert_int_equal(json_count(a.example_image_url), 1);
    assert_int_equal(json_count(a.picture_path_list), 0);
    assert_true(a.vip_enable);
    assert_false(a.tmp_online_enable);
    assert_int_equal(a.web_work_status, 200);
    assert_int_equal(a.create_ms, 1737689710890);
    assert_int_equal(a.template_create_ms, 1700471100257);
    assert_true(fabs(a.webp_aspect_ratio - 1) < 0.01 && fabs(a.video_aspect_ratio - 1.5) < 0.01);
    json_close(root);
}

static void every_documented_field_of_a_video_is_read(void **state)
{
    (void)state;
    struct json *root = open_text(
        "{\"task_id\":\"abcd1234efgh\",\"status\":\"failed\",\"url\":\"u\",\"format\":\"mp4\","
        "\"metadata\":{\"duration\":5.5,\"fps\":30,\"width\":1280,\"height\":\"720\",\"seed\":"
        "20231234},"
        "\"error\":{\"code\":17,\"message\":\"m\"}}");
    struct video_reply v;
    assert_int_equal(video_decode(root, &v, NULL), 0);
    assert_string_equal(v.task_id, "abcd1234efgh");
    assert_string_equal(v.status, "failed");
    assert_string_equal(v.url, "u");
    assert_string_equal(v.format, "mp4");
    assert_true(fabs(v.duration_s - 5.5) < 0.01);
    assert_int_equal(v.fps, 30);
    assert_int_equal(v.width, 1280);
    assert_int_equal(v.height, 720);
    assert_int_equal(v.seed, 20231234);
    assert_string_equal(v.error_code, "17");
    assert_string_equal(v.error_message, "m");
    json_close(root);
}

static void every_documented_field_of_a_stream_is_read(void **state)
{
    (void)state;
    struct json *root = open_text(
        "{\"Code\":0,\"Message\":\"success\",\"RequestId\":\"r\",\"Data\":{\"RoomId\":\"room\","
        "\"StreamId\":\"stream\",\"Status\":2,\"FailReason\":\"f\",\"CreateTime\":1749541482}}");
    struct zego_stream_reply z;
    assert_int_equal(zego_stream_decode(root, &z, NULL), 0);
    assert_int_equal(z.envelope.code, 0);
    assert_string_equal(z.envelope.message, "success");
    assert_string_equal(z.envelope.request_id, "r");
    assert_string_equal(z.room_id, "room");
    assert_string_equal(z.stream_id, "stream");
    assert_string_equal(z.fail_reason, "f");
    assert_int_equal(z.status, 2);
    assert_int_equal(z.create_ms, 1749541482000);
    json_close(root);
}

static void every_known_field_of_a_gateway_record_is_read(void **state)
{
    (void)state;
    struct json *root = open_text(
        "{\"code\":\"success\",\"message\":\"m\",\"data\":{\"id\":1,\"created_at\":2,\"updated_"
        "at\":3,"
        "\"task_id\":\"t\",\"platform\":\"54\",\"user_id\":4,\"group\":\"g\",\"channel_id\":5,"
        "\"quota\":6,\"action\":\"a\",\"notify_hook\":\"h\",\"status\":\"SUCCESS\",\"fail_reason\":"
        "\"f\","
        "\"result_url\":\"u\",\"submit_time\":7,\"start_time\":8,\"finish_time\":9,"
        "\"progress\":\"10%\",\"format\":\"mp4\",\"url\":\"v\",\"error\":{\"code\":11,\"message\":"
        "\"e\"}}}");
    struct newapi_reply n;
    assert_int_equal(newapi_decode(root, &n, NULL), 0);
    const struct newapi_record *r = &n.record;
    const char *const texts[][2] = {
        {n.code, "success"},   {n.message, "m"},       {r->task_id, "t"},
        {r->platform, "54"},   {r->group, "g"},        {r->action, "a"},
        {r->notify_hook, "h"}, {r->status, "SUCCESS"}, {r->fail_reason, "f"},
        {r->result_url, "u"},  {r->format, "mp4"},     {r->url, "v"},
        {r->error_code, "11"}, {r->error_message, "e"}};
    const int64_t numbers[] = {r->record_id,        r->created_ms / 1000, r->updated_ms / 1000,
                               r->user_id,          r->channel_id,        r->quota,
                               r->submit_ms / 1000, r->start_ms / 1000,   r->finish_ms / 1000,
                               r->progress};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_string_equal(texts[i][0], texts[i][1]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(numbers[i], i + 1);
    json_close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_may_be_spelled_and_nothing_else_is_one),
        cmocka_unit_test(times_are_seconds_or_milliseconds_by_their_size),
        cmocka_unit_test(a_percentage_is_within_its_range_or_not_said),
        cmocka_unit_test(words_may_be_numbers_and_must_fit),
        cmocka_unit_test(texts_and_objects_and_lists_are_strict_and_notes_are_not),
        cmocka_unit_test(the_first_trouble_is_kept_with_its_whole_pointer),
        cmocka_unit_test(a_root_that_is_no_object_is_said_at_the_root),
        cmocka_unit_test(every_documented_field_of_an_avatar_is_read),
        cmocka_unit_test(every_documented_field_of_a_video_is_read),
        cmocka_unit_test(every_documented_field_of_a_stream_is_read),
        cmocka_unit_test(every_known_field_of_a_gateway_record_is_read),
    };
    return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
