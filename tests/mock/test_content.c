/* Claims about content: which part of it a request gets. */
#include "mockserver/answer/content.h"
#include "mockserver/answer/movie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char FILM[] = "0123456789";
static const struct render_values NONE = {.id = "", .reason = ""};

/* The answer to a request with these headers, NULL ones left out; the caller ends the plan. */
static void asked(const char *method, const char *range, const char *condition,
                  const struct reply *reply, const struct render_values *v, struct plan *p)
{
    struct header headers[2];
    size_t n = 0;
    if (range)
        headers[n++] = (struct header){span_of("Range"), span_of(range)};
    if (condition)
        headers[n++] = (struct header){span_of("If-Range"), span_of(condition)};
    struct message m = {.method = span_of(method),
                        .target_text = span_of("/"),
                        .headers = headers,
                        .header_count = n};
    plan_init(p);
    message_open(&m);
    content_write(p, reply, &m, v);
    message_close(&m);
}

static void a_range_gets_its_part_and_what_is_none_gets_the_whole(void **state)
{
    (void)state;
    static const struct {
        const char *range;
        int status;
        const char *part, *where;
    } rows[] = {
        {NULL, 200, FILM, NULL},
        {"bytes=0-0", 206, "0", "bytes 0-0/10"},
        {"bytes=3-5", 206, "345", "bytes 3-5/10"},
        {"BYTES=3-5", 206, "345", "bytes 3-5/10"},
        {"bytes=9-", 206, "9", "bytes 9-9/10"},
        {"bytes=0-9", 206, FILM, "bytes 0-9/10"},
        {"bytes=8-10", 206, "89", "bytes 8-9/10"},
        {"bytes=8-999999999999999999", 206, "89", "bytes 8-9/10"},
        {"bytes=-1", 206, "9", "bytes 9-9/10"},
        {"bytes=-10", 206, FILM, "bytes 0-9/10"},
        {"bytes=-11", 206, FILM, "bytes 0-9/10"},
        {"bytes=10-", 416, "", "bytes */10"},
        {"bytes=10-20", 416, "", "bytes */10"},
        {"bytes=-0", 416, "", "bytes */10"},
        {"bytes=5-3", 200, FILM, NULL},
        {"bytes=-", 200, FILM, NULL},
        {"bytes=", 200, FILM, NULL},
        {"bytes=a-b", 200, FILM, NULL},
        {"bytes=1-b", 200, FILM, NULL},
        {"bytes=+1-2", 200, FILM, NULL},
        {"bytes=0-1,3-4", 200, FILM, NULL},
        {"bytes=1-9999999999999999999", 200, FILM, NULL}, /* nobody can count so far */
        {"lines=1-2", 200, FILM, NULL},
    };
    const struct reply film = {.status = 200, .body = span_of(FILM)};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan p;
        asked("GET", rows[i].range, NULL, &film, &NONE, &p);
        struct span head = {p.answer.p, p.body_at};
        struct span body = {p.answer.p + p.body_at, p.answer.n - p.body_at};
        bool placed = rows[i].where && memmem(head.p, head.n, rows[i].where, strlen(rows[i].where));
        if (p.status != rows[i].status || !span_is(body, rows[i].part) || placed != !!rows[i].where)
            fail_msg("%s: %.*s", rows[i].range ? rows[i].range : "none", (int)p.answer.n,
                     p.answer.p);
        plan_fini(&p);
    }
}

static void only_a_get_without_a_condition_has_a_range(void **state)
{
    (void)state;
    const struct reply film = {.status = 200, .body = span_of(FILM)};
    const struct reply error = {.status = 502, .body = span_of(FILM)};
    struct plan p;
    asked("GET", "bytes=3-5", "\"tag\"", &film, &NONE, &p);
    assert_int_equal(p.status, 200);
    plan_fini(&p);
    asked("POST", "bytes=3-5", NULL, &film, &NONE, &p);
    assert_int_equal(p.status, 200);
    plan_fini(&p);
    asked("GET", "bytes=3-5", NULL, &error, &NONE, &p);
    assert_int_equal(p.status, 502);
    plan_fini(&p);
    const struct render_values head = {.id = "", .reason = "", .no_body = true};
    asked("HEAD", "bytes=3-5", NULL, &film, &head, &p);
    assert_int_equal(p.status, 200);
    assert_int_equal(p.answer.n, p.body_at);
    assert_non_null(memmem(p.answer.p, p.answer.n, "Content-Length: 10\r\n", 20));
    plan_fini(&p);
}

static void without_a_reply_it_is_a_film(void **state)
{
    (void)state;
    struct plan p;
    asked("GET", "bytes=4-7", NULL, NULL, &NONE, &p);
    assert_memory_equal(p.answer.p + p.body_at, "ftyp", 4);
    assert_non_null(memmem(p.answer.p, p.answer.n, "Content-Type: video/mp4\r\n", 25));
    plan_fini(&p);
    asked("GET", NULL, NULL, NULL, &NONE, &p);
    assert_int_equal(p.answer.n - p.body_at, movie().n);
    plan_fini(&p);
}

static void a_redirect_leads_to_where_urls_are_moved(void **state)
{
    (void)state;
    static const char head[] = "X-A: b\r\nlocation: https://cdn.test/f.mp4?s=1\r\nX-C: d\r\n";
    const struct reply elsewhere = {.status = 302, .head = {head, sizeof head - 1}};
    struct render_values v = {.id = "", .reason = "", .asset_base = "http://127.0.0.1:9/run-0"};
    struct plan p;
    asked("GET", NULL, NULL, &elsewhere, &v, &p);
    static const char moved[] =
        "\r\nX-A: b\r\nLocation: http://127.0.0.1:9/run-0/https/cdn.test/f.mp4?s=1"
        "\r\nX-C: d\r\n";
    assert_non_null(memmem(p.answer.p, p.answer.n, moved, sizeof moved - 1));
    assert_int_equal(p.status, 302);
    plan_fini(&p);
    v.asset_base = NULL;
    asked("GET", NULL, NULL, &elsewhere, &v, &p);
    assert_non_null(memmem(p.answer.p, p.answer.n, head, sizeof head - 1));
    plan_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_gets_its_part_and_what_is_none_gets_the_whole),
        cmocka_unit_test(only_a_get_without_a_condition_has_a_range),
        cmocka_unit_test(without_a_reply_it_is_a_film),
        cmocka_unit_test(a_redirect_leads_to_where_urls_are_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
