/* Claims about assets: URLs are moved and restored by their text, and what is fetched is noted. */
#include "raw.h"

#include "base/hash.h"

#include "mockserver/answer/asset_url.h"
#include "mockserver/wire/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BASE "http://127.0.0.1:41234/run-1"
#define ESCAPED "http:\\/\\/127.0.0.1:41234\\/run-1"

/* -- URLs in text --------------------------------------------------------------------------------- */

typedef void rewrite(struct buf *out, struct span text, const char *base);

static void check(rewrite *rewrite_text, const char *text, const char *base, const char *want)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    rewrite_text(&out, span_of(text), base);
    if (strcmp(out.p, want) != 0)
        fail_msg("%s\n wanted %s\n got    %s", text, want, out.p);
    buf_fini(&out);
}

static void strings_that_begin_with_a_url_are_moved_and_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *body, *moved;
    } rows[] = {
        {"{\"u\":\"https://a.example/v.mp4?s=1&t=%2B#x\"}",
         "{\"u\":\"" BASE "/https/a.example/v.mp4?s=1&t=%2B#x\"}"},
        {"[\"http://a.example\",\"https://b.example/\"]",
         "[\"" BASE "/http/a.example\",\"" BASE "/https/b.example/\"]"},
        {"{\"u\":\"https:\\/\\/a.example\\/v.mp4\"}",
         "{\"u\":\"" ESCAPED "\\/https\\/a.example\\/v.mp4\"}"},
        {"{\"u\":\"https:\\u002F\\u002fa.example\\/v.mp4\"}",
         "{\"u\":\"https:\\u002F\\u002fa.example\\/v.mp4\"}"}, /* of two spellings: nobody writes it */
        {"{\"u\":\"https:\\u002F\\u002Fa.example\"}",
         "{\"u\":\"http:\\u002F\\u002F127.0.0.1:41234\\u002Frun-1\\u002Fhttps\\u002Fa.example\"}"},
        {"\"https://cut.exam", "\"" BASE "/https/cut.exam"},
        {"<a href=\"http://a.example\">", "<a href=\"" BASE "/http/a.example\">"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(asset_url_move, rows[i].body, BASE, rows[i].moved);
        check(asset_url_restore, rows[i].moved, BASE, rows[i].body);
    }
}

static void other_text_stays_as_it_is(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "{\"u\":\"see https://a.example\"}",
        "{\"u\":\"ftp://a.example\",\"v\":\"https\",\"w\":\"https:\",\"x\":\"https:/\"}",
        "https://a.example",
        "\"",
        "\"h",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        check(asset_url_move, bodies[i], BASE, bodies[i]);
    static const char *const texts[] = {
        "",
        "http://127.0.0.1:41234/run-10/https/a.example",
        "http://127.0.0.1:41234/run-1",
        BASE "/ftp/a.example",
        BASE "/https",
        "h",
        "hhttp://127.0.0.1:4123",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check(asset_url_restore, texts[i], BASE, texts[i]);
    check(asset_url_restore, BASE "/https/a.example", "", BASE "/https/a.example");
}

static void output_with_several_urls_is_restored_everywhere(void **state)
{
    (void)state;
    check(asset_url_restore, "url: " BASE "/https/a.example/v\n(" BASE "/http/b.example/)hh", BASE,
          "url: https://a.example/v\n(http://b.example/)hh");
}

static void a_target_names_its_session_and_url_or_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *target, *session, *url; /* url NULL: no such target */
    } rows[] = {
        {"/run-1/https/a.example/v.mp4?x=/http/y", "run-1", "https://a.example/v.mp4?x=/http/y"},
        {"/run-1/http/a.example", "run-1", "http://a.example"},
        {"/run-1/https/", NULL, NULL},
        {"/run-1/https", NULL, NULL},
        {"/run-1/ftp/a.example", NULL, NULL},
        {"//https/a.example", NULL, NULL},
        {"/", NULL, NULL},
        {"run-1/https/a.example", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span session;
        struct buf url;
        buf_init(&url, 1024);
        bool is_one = asset_url_of_target(span_of(rows[i].target), &session, &url);
        if (is_one != (rows[i].url != NULL) || strcmp(url.p, is_one ? rows[i].url : "") != 0
            || (is_one && !span_is(session, rows[i].session)))
            fail_msg("%s: %s", rows[i].target, url.p);
        buf_fini(&url);
    }
}

/* -- The port --------------------------------------------------------------------------------------- */

static struct clock_manual a_clock;

static int set_up(void **state)
{
    static const struct assets_options options = {.secrets = {"sk-secret", "0123abcd"}};
    struct err e;
    struct assets *a = NULL;
    clock_manual_init(&a_clock, 5000);
    if (assets_open(&options, &a_clock.clock, &a, &e) != 0)
        return -1;
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    assets_close(*state);
    clock_manual_fini(&a_clock);
    return 0;
}

/* The status of the answer to a request; its body, from after the head, in body. */
static int ask(const struct assets *a, const char *line, const char *headers, const char *content,
               char *body, size_t *body_size)
{
    char text[4096];
    char answer[4096];
    int status = 0;
    int fd = raw_connect(assets_address(a));
    assert_true(fd >= 0);
    int n = snprintf(
        text, sizeof text,
        "%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s", line,
        strlen(content), headers, content);
    assert_true(raw_send(fd, text, (size_t)n));
    bool reset;
    size_t got = raw_read_all(fd, answer, sizeof answer, &reset);
    close(fd);
    assert_int_equal(sscanf(answer, "HTTP/1.1 %d", &status), 1);
    const char *end = strstr(answer, "\r\n\r\n");
    assert_non_null(end);
    *body_size = got - (size_t)(end + 4 - answer);
    memcpy(body, end + 4, *body_size);
    return status;
}

static int status_of(const struct assets *a, const char *line, const char *headers,
                     const char *content)
{
    char body[4096];
    size_t body_size;
    return ask(a, line, headers, content, body, &body_size);
}

static uint32_t count_of(struct assets *a, const char *session)
{
    struct downloads d;
    struct err e;
    assert_int_equal(assets_downloads(a, session, &d, &e), 0);
    uint32_t count = d.count;
    downloads_fini(&d);
    return count;
}

static void get_gets_a_movie_and_head_its_head(void **state)
{
    char body[4096];
    size_t n;
    assert_int_equal(ask(*state, "GET /run-1/https/a.example/v.mp4", "", "", body, &n), 200);
    assert_int_equal(n, 20 + 116);
    assert_memory_equal(body + 4, "ftyp", 4);
    assert_memory_equal(body + 20 + 4, "moov", 4);
    assert_int_equal(hash32_add(HASH32_START, body, n), 0x37b70256);
    assert_int_equal(ask(*state, "HEAD /run-1/https/a.example/v.mp4", "", "", body, &n), 200);
    assert_int_equal(n, 0);
}

static void what_is_no_download_is_refused_and_not_noted(void **state)
{
    assert_int_equal(status_of(*state, "POST /run-1/https/a.example/v.mp4", "", ""), 405);
    assert_int_equal(status_of(*state, "GET /run-1/ftp/a.example/v.mp4", "", ""), 404);
    assert_int_equal(count_of(*state, "run-1"), 0);
}

static void each_session_is_told_its_own_downloads_in_order(void **state)
{
    struct downloads d;
    struct err e;
    assert_int_equal(status_of(*state, "GET /run-1/https/a.example/1", "", ""), 200);
    assert_int_equal(status_of(*state, "GET /run-10/https/a.example/2", "", ""), 200);
    clock_manual_advance(&a_clock, 250);
    assert_int_equal(status_of(*state, "GET /run-1/http/b.example/3?q=1", "", ""), 200);
    assert_int_equal(assets_downloads(*state, "run-1", &d, &e), 0);
    assert_int_equal(d.count, 2);
    assert_string_equal(d.list[0].url, "https://a.example/1");
    assert_int_equal(d.list[0].began_ms, 5000);
    assert_string_equal(d.list[1].url, "http://b.example/3?q=1");
    assert_int_equal(d.list[1].began_ms, 5250);
    downloads_fini(&d);
    assert_int_equal(count_of(*state, "run-10"), 1);
    assert_int_equal(count_of(*state, "run"), 0);
}

static void a_session_that_floods_leaves_room_for_the_others(void **state)
{
    for (int i = 0; i < ASSETS_SESSION_MAX; i++)
        assert_int_equal(status_of(*state, "GET /run-1/https/a.example/v", "", ""), 200);
    assert_int_equal(status_of(*state, "GET /run-1/https/a.example/v", "", ""), 503);
    assert_int_equal(status_of(*state, "GET /run-2/https/a.example/v", "", ""), 200);
    assert_int_equal(count_of(*state, "run-1"), ASSETS_SESSION_MAX);
    assert_int_equal(count_of(*state, "run-2"), 1);
}

static void a_secret_is_seen_wherever_it_shows(void **state)
{
    static const struct {
        const char *line, *headers, *content, *leak;
    } rows[] = {
        {"GET /run-1/https/a.example/v", "Authorization: Bearer sk-other\r\n", "", NULL},
        {"GET /run-1/https/a.example/v", "Authorization: Bearer sk-secret\r\n", "",
         "its header Authorization"},
        {"GET /run-1/https/a.example/v", "Cookie: a=0123abcd; b\r\n", "", "its header Cookie"},
        {"GET /run-1/https/a.example/v?token=sk-secret", "", "", "its URL"},
        {"GET /run-1/https/a.example/v", "", "key=0123abcd", "its body"},
    };
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct downloads d;
        struct err e;
        assert_int_equal(status_of(*state, rows[i].line, rows[i].headers, rows[i].content), 200);
        assert_int_equal(assets_downloads(*state, "run-1", &d, &e), 0);
        assert_int_equal(d.count, i + 1);
        const char *leak = d.list[i].leak;
        if ((leak == NULL) != (rows[i].leak == NULL)
            || (leak != NULL && strcmp(leak, rows[i].leak) != 0))
            fail_msg("%s %s: %s", rows[i].line, rows[i].headers, leak != NULL ? leak : "no leak");
        downloads_fini(&d);
    }
}

#define WITH_PORT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_that_begin_with_a_url_are_moved_and_come_back),
        cmocka_unit_test(other_text_stays_as_it_is),
        cmocka_unit_test(output_with_several_urls_is_restored_everywhere),
        cmocka_unit_test(a_target_names_its_session_and_url_or_is_none),
        WITH_PORT(get_gets_a_movie_and_head_its_head),
        WITH_PORT(what_is_no_download_is_refused_and_not_noted),
        WITH_PORT(each_session_is_told_its_own_downloads_in_order),
        WITH_PORT(a_session_that_floods_leaves_room_for_the_others),
        WITH_PORT(a_secret_is_seen_wherever_it_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
