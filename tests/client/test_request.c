/* What is asked: URLs, headers, bodies and signatures. */
#include "client/http/request.h"
#include "client/http/sign_zego.h"

#include "base/json/json.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int sign_once(uint32_t app_id, const char *nonce, const char *secret, int64_t timestamp_s,
                     char out[SIGN_ZEGO_SIZE], struct err *e)
{
    struct signer *s;
    assert_int_equal(signer_open(&s, NULL), 0);
    int code = sign_zego(s, app_id, nonce, secret, timestamp_s, out, e);
    signer_close(s);
    return code;
}

static void the_published_vector_signs_as_published(void **state)
{
    (void)state;
    char signature[SIGN_ZEGO_SIZE];
    assert_int_equal(sign_once(12345, "4fd24687296dd9f3", "9193cc662a4c0ec135ec71fb57194b38",
                               1615186943, signature, NULL),
                     0);
    assert_string_equal(signature, "43e5cfcca828314675f91b001390566a");
}

static void a_secret_beyond_the_limit_is_not_cut_but_refused(void **state)
{
    (void)state;
    char secret[SIGN_ZEGO_SECRET_MAX + 2];
    char signature[SIGN_ZEGO_SIZE];
    struct err e;
    memset(secret, 's', sizeof secret);
    secret[SIGN_ZEGO_SECRET_MAX] = '\0';
    assert_int_equal(sign_once(UINT32_MAX, "ffffffffffffffff", secret, INT64_MAX, signature, &e),
                     0);
    secret[SIGN_ZEGO_SECRET_MAX] = 's';
    secret[SIGN_ZEGO_SECRET_MAX + 1] = '\0';
    assert_int_equal(sign_once(1, "n", secret, 1, signature, &e), ERR_LIMIT);
    assert_string_equal(signature, "");
}

static void a_bearer_poll_puts_the_id_into_the_path_and_the_token_into_one_header(void **state)
{
    (void)state;
    const struct {
        const char *upstream;
        const char *base_url;
        const char *task_id;
        const char *url;
    } rows[] = {
        {"doubao", "https://your-domain.com", "task_abc",
         "https://your-domain.com/v1/video/generations/task_abc"},
        /* a slash at the end, or several, are not doubled */
        {"video", "https://your-domain.com/", "t",
         "https://your-domain.com/v1/video/generations/t"},
        {"newapi", "http://h:8080//", "t", "http://h:8080/v1/video/generations/t"},
        /* a mount path stays in front */
        {"doubao", "http://127.0.0.1:8080/doubao:overloaded:s1", "t",
         "http://127.0.0.1:8080/doubao:overloaded:s1/v1/video/generations/t"},
        {"avatar", "https://api.gpt.ge", "t", "https://api.gpt.ge/avatar/task/t"},
        /* whatever the id holds, it stays one segment */
        {"avatar", "http://h", "a/b?c=d&e#f %", "http://h/avatar/task/a%2Fb%3Fc%3Dd%26e%23f%20%25"},
        {"avatar", "http://h", "\xE4\xBB\xBB", "http://h/avatar/task/%E4%BB%BB"},
        {"avatar", "http://h", "a-b._~Z9", "http://h/avatar/task/a-b._~Z9"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request r;
        struct rng chance;
        struct task_options o = {
            .base_url = rows[i].base_url, .task_id = rows[i].task_id, .token = "sk-1"};
        rng_init(&chance, 1);
        assert_int_equal(request_open(&r, dialect_find(rows[i].upstream), &o, NULL), 0);
        assert_int_equal(request_sign(&r, 0, &chance, NULL), 0);
        assert_string_equal(r.http.method, "GET");
        assert_string_equal(r.http.url, rows[i].url);
        assert_string_equal(r.http.headers[0], "Authorization: Bearer sk-1");
        assert_string_equal(r.http.headers[1], "Accept: application/json");
        assert_null(r.http.headers[2]);
        assert_int_equal(r.http.body.n, 0);
        request_close(&r);
    }
}

static void without_a_token_no_authorization_is_sent(void **state)
{
    (void)state;
    struct request r;
    struct task_options o = {.base_url = "http://h", .task_id = "t"};
    assert_int_equal(request_open(&r, dialect_find("doubao"), &o, NULL), 0);
    assert_string_equal(r.http.headers[0], "Accept: application/json");
    assert_null(r.http.headers[1]);
    request_close(&r);
}

static void a_zego_poll_is_signed_in_the_query_and_names_the_task_in_the_body(void **state)
{
    (void)state;
    const struct {
        const char *upstream;
        const char *base_url;
        const char *goal;
        const char *task_id;
        const char *url_start;
        const char *body;
    } rows[] = {
        {"zego-stream", "https://aigc-digitalhuman-api.zegotech.cn", NULL, "t1",
         "https://aigc-digitalhuman-api.zegotech.cn/"
         "?Action=GetDigitalHumanStreamTaskStatus&AppId=12345&SignatureNonce=",
         "{\"TaskId\":\"t1\"}"},
        {"zego-stream", "http://127.0.0.1:8080/zego-stream/", "ready", "t1",
         "http://127.0.0.1:8080/zego-stream/"
         "?Action=GetDigitalHumanStreamTaskStatus&AppId=12345&SignatureNonce=",
         "{\"TaskId\":\"t1\"}"},
        /* one drive by its id, all drives by the stream task's */
        {"zego-drive", "http://127.0.0.1:8080/zego-drive", NULL, "d1",
         "http://127.0.0.1:8080/zego-drive/?Action=GetDriveStatus&AppId=12345&SignatureNonce=",
         "{\"DriveId\":\"d1\"}"},
        {"zego-drive", "http://127.0.0.1:8080/zego-drive", "all", "t1",
         "http://127.0.0.1:8080/zego-drive/?Action=GetDriveStatus&AppId=12345&SignatureNonce=",
         "{\"TaskId\":\"t1\"}"},
        /* JSON has its own encoding */
        {"zego-drive", "http://h", NULL, "a\"b\\c\n",
         "http://h/?Action=", "{\"DriveId\":\"a\\\"b\\\\c\\n\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request r;
        struct rng chance;
        struct task_options o = {.base_url = rows[i].base_url,
                                 .goal = rows[i].goal,
                                 .task_id = rows[i].task_id,
                                 .app_id = 12345,
                                 .secret = "9193cc662a4c0ec135ec71fb57194b38"};
        rng_init(&chance, 1);
        assert_int_equal(request_open(&r, dialect_find(rows[i].upstream), &o, NULL), 0);
        assert_int_equal(request_sign(&r, 1615186943999, &chance, NULL), 0);
        assert_string_equal(r.http.method, "POST");
        assert_true(span_starts(span_of(r.http.url), rows[i].url_start));
        assert_non_null(strstr(r.http.url, "&Timestamp=1615186943&Signature="));
        assert_non_null(strstr(r.http.url, "&SignatureVersion=2.0"));
        assert_true(span_is(r.http.body, rows[i].body));
        assert_string_equal(r.http.headers[0], "Content-Type: application/json");
        assert_null(strstr(r.http.url, "9193cc")); /* the secret stays here */
        request_close(&r);
    }
}

/* The value of a query parameter of n characters. */
static void query_value(const char *url, const char *name, size_t n, char *out)
{
    char key[64];
    snprintf(key, sizeof key, "&%s=", name);
    const char *at = strstr(url, key);
    assert_non_null(at);
    at += strlen(key);
    assert_int_equal(strcspn(at, "&"), n);
    memcpy(out, at, n);
    out[n] = '\0';
}

static void sign_twice(uint64_t seed, char first[2][SIGN_ZEGO_NONCE_SIZE])
{
    struct request r;
    struct rng chance;
    struct task_options o = {.base_url = "http://h", .task_id = "t", .app_id = 7, .secret = "s"};
    rng_init(&chance, seed);
    assert_int_equal(request_open(&r, dialect_find("zego-drive"), &o, NULL), 0);
    for (int i = 0; i < 2; i++) {
        char signature[SIGN_ZEGO_SIZE];
        char expected[SIGN_ZEGO_SIZE];
        assert_int_equal(request_sign(&r, 1000 * i, &chance, NULL), 0);
        query_value(r.http.url, "SignatureNonce", SIGN_ZEGO_NONCE_SIZE - 1, first[i]);
        query_value(r.http.url, "Signature", SIGN_ZEGO_SIZE - 1, signature);
        assert_int_equal(sign_once(7, first[i], "s", i, expected, NULL), 0);
        assert_string_equal(signature, expected);
    }
    request_close(&r);
}

static void every_poll_has_a_fresh_nonce_and_a_seed_repeats_them(void **state)
{
    (void)state;
    char seeded[2][SIGN_ZEGO_NONCE_SIZE];
    char again[2][SIGN_ZEGO_NONCE_SIZE];
    char free_running[2][SIGN_ZEGO_NONCE_SIZE];
    sign_twice(42, seeded);
    sign_twice(42, again);
    sign_twice(0, free_running);
    assert_string_not_equal(seeded[0], seeded[1]);
    assert_memory_equal(seeded, again, sizeof seeded);
    assert_string_not_equal(free_running[0], free_running[1]);
    assert_string_not_equal(free_running[0], seeded[0]);
}

static void options_that_cannot_be_asked_with_are_refused_by_name(void **state)
{
    (void)state;
    const struct {
        const char *upstream;
        struct task_options o;
        int code;
        const char *where;
    } rows[] = {
        {"doubao", {.task_id = "t"}, ERR_USAGE, "base_url"},
        {"doubao", {.task_id = "t", .base_url = "your-domain.com"}, ERR_USAGE, "base_url"},
        {"doubao", {.task_id = "t", .base_url = "ftp://h"}, ERR_USAGE, "base_url"},
        {"doubao", {.task_id = "t", .base_url = "http://h\r\nX: y"}, ERR_USAGE, "base_url"},
        {"doubao", {.task_id = "t", .base_url = "http://h/?q=1"}, ERR_USAGE, "base_url"},
        {"doubao", {.task_id = "t", .base_url = "http://h/#f"}, ERR_USAGE, "base_url"},
        /* a password in a URL ends up in logs */
        {"doubao", {.task_id = "t", .base_url = "http://me:pw@h"}, ERR_USAGE, "base_url"},
        {"doubao", {.base_url = "http://h"}, ERR_USAGE, "task_id"},
        {"doubao", {.base_url = "http://h", .task_id = ""}, ERR_USAGE, "task_id"},
        /* a token must not be able to add a header */
        {"doubao",
         {.base_url = "http://h", .task_id = "t", .token = "a\r\nX: y"},
         ERR_USAGE,
         "token"},
        {"doubao", {.base_url = "http://h", .task_id = "t", .token = "a\x7F"}, ERR_USAGE, "token"},
        {"zego-drive",
         {.base_url = "http://h", .task_id = "t", .secret = "s"},
         ERR_USAGE,
         "app_id"},
        {"zego-drive", {.base_url = "http://h", .task_id = "t", .app_id = 1}, ERR_USAGE, "secret"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request r;
        struct err e;
        assert_int_equal(request_open(&r, dialect_find(rows[i].upstream), &rows[i].o, &e),
                         rows[i].code);
        assert_string_equal(e.where, rows[i].where);
    }
}

static void an_at_sign_in_a_mount_path_is_no_password(void **state)
{
    (void)state;
    struct request r;
    struct task_options o = {.base_url = "http://h/a@b", .task_id = "t"};
    assert_int_equal(request_open(&r, dialect_find("doubao"), &o, NULL), 0);
    request_close(&r);
}

static void what_does_not_fit_a_request_is_a_limit(void **state)
{
    (void)state;
    static char text[REQUEST_URL_MAX + 1];
    struct request r;
    struct err e;
    memset(text, 'x', REQUEST_URL_MAX);
    struct task_options long_id = {.base_url = "http://h", .task_id = text};
    struct task_options long_token = {.base_url = "http://h", .task_id = "t", .token = text};
    assert_int_equal(request_open(&r, dialect_find("doubao"), &long_id, &e), ERR_LIMIT);
    assert_int_equal(request_open(&r, dialect_find("doubao"), &long_token, &e), ERR_LIMIT);
}

static void headers_are_found_by_name_in_any_case_and_trimmed(void **state)
{
    (void)state;
    struct http_reply r;
    http_reply_init(&r);
    buf_add_text(&r.head,
                 "Content-Type: text/html\r\nnot a header\r\nretry-after:\t 7 \r\n"
                 "Retry-After: 8\r\nX-Retry-After: 9\r\n");
    assert_true(span_is(http_header(&r, "Retry-After"), "7"));
    assert_true(span_is(http_header(&r, "content-type"), "text/html"));
    assert_int_equal(http_header(&r, "Retry").n, 0);
    http_reply_fini(&r);
    assert_int_equal(http_header(&r, "Retry-After").n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vector_signs_as_published),
        cmocka_unit_test(a_secret_beyond_the_limit_is_not_cut_but_refused),
        cmocka_unit_test(a_bearer_poll_puts_the_id_into_the_path_and_the_token_into_one_header),
        cmocka_unit_test(without_a_token_no_authorization_is_sent),
        cmocka_unit_test(a_zego_poll_is_signed_in_the_query_and_names_the_task_in_the_body),
        cmocka_unit_test(every_poll_has_a_fresh_nonce_and_a_seed_repeats_them),
        cmocka_unit_test(options_that_cannot_be_asked_with_are_refused_by_name),
        cmocka_unit_test(an_at_sign_in_a_mount_path_is_no_password),
        cmocka_unit_test(what_does_not_fit_a_request_is_a_limit),
        cmocka_unit_test(headers_are_found_by_name_in_any_case_and_trimmed),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
