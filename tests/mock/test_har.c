/* HAR entries: valid JSON with every field that HAR 1.2 requires, bodies unchanged. */
#include "mockserver/record/har.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct json *written(const struct har_entry *entry)
{
    struct json_writer w;
    struct json *root = NULL;
    struct buf out;
    buf_init(&out, 1 << 20);
    json_write_init(&w, &out, false);
    har_write_entry(&w, entry);
    assert_int_equal(json_open(buf_span(&out), &root, NULL), 0);
    buf_fini(&out);
    return root;
}

static void an_entry_has_every_required_field(void **state)
{
    static const char *const required[] = {
        "/startedDateTime",
        "/time",
        "/cache",
        "/timings/send",
        "/timings/wait",
        "/timings/receive",
        "/request/method",
        "/request/url",
        "/request/httpVersion",
        "/request/cookies",
        "/request/headers",
        "/request/queryString",
        "/request/postData/mimeType",
        "/request/postData/text",
        "/request/headersSize",
        "/request/bodySize",
        "/response/status",
        "/response/statusText",
        "/response/httpVersion",
        "/response/cookies",
        "/response/headers",
        "/response/content/size",
        "/response/content/mimeType",
        "/response/redirectURL",
        "/response/headersSize",
        "/response/bodySize",
    };
    const struct header type = {span_of("Content-Type"), span_of("application/json")};
    struct har_entry entry = {.started_ms = 1705334400000,
                              .send_ms = 1.5,
                              .wait_ms = 2.5,
                              .method = span_of("POST"),
                              .url = span_of("http://h/p?a=%20b&c"),
                              .request_headers = &type,
                              .request_header_count = 1,
                              .request_body = span_of("{}"),
                              .status = 200,
                              .reason = span_of("OK"),
                              .response_headers = &type,
                              .response_header_count = 1,
                              .response_body = span_of("{\"a\":\"\\u00e9\xc3\xa9\"}")};
    struct json *root = written(&entry);
    (void)state;
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (!json_at(root, required[i]))
            fail_msg("%s is absent", required[i]);
    assert_string_equal(json_string(json_at(root, "/startedDateTime")), "2024-01-15T16:00:00.000Z");
    assert_string_equal(json_string(json_at(root, "/request/queryString/0/value")), " b");
    assert_string_equal(json_string(json_at(root, "/request/queryString/1/name")), "c");
    assert_string_equal(json_string(json_at(root, "/response/content/text")),
                        "{\"a\":\"\\u00e9\xc3\xa9\"}");
    double time = 0;
    assert_true(json_double(json_at(root, "/time"), &time) && time == 4.0);
    json_close(root);
}

static void a_body_that_is_not_text_goes_as_base64(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *base64; /* NULL: it is text */
    } cases[] = {
        {"plain", 5, NULL},
        {"\xf0\x9f\x98\x80", 4, NULL},
        {"a\0b", 3, "YQBi"},
        {"\xff", 1, "/w=="},
        {"\xc3", 1, "ww=="},
        {"\xc0\x80", 2, "wIA="},
        {"\xe0\x80\x80", 3, "4ICA"},
        {"\xed\xa0\x80", 3, "7aCA"},
        {"\xf4\x90\x80\x80", 4, "9JCAgA=="},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct har_entry entry = {.status = 200, .response_body = {cases[i].bytes, cases[i].n}};
        struct json *root = written(&entry);
        const char *encoding = json_string(json_at(root, "/response/content/encoding"));
        const char *text = json_string(json_at(root, "/response/content/text"));
        if (cases[i].base64)
            assert_string_equal(encoding, "base64");
        else
            assert_null(encoding);
        assert_string_equal(text, cases[i].base64 ? cases[i].base64 : cases[i].bytes);
        json_close(root);
    }
}

static void an_answer_that_never_came_is_status_0_and_says_why(void **state)
{
    struct har_entry entry = {.error = span_of("refused")};
    struct json *root = written(&entry);
    int64_t status = -1;
    (void)state;
    assert_true(json_int64(json_at(root, "/response/status"), &status) && status == 0);
    assert_string_equal(json_string(json_at(root, "/response/_error")), "refused");
    json_close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_has_every_required_field),
        cmocka_unit_test(a_body_that_is_not_text_goes_as_base64),
        cmocka_unit_test(an_answer_that_never_came_is_status_0_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
