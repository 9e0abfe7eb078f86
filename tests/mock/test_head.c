/* Heads of answers: status lines, lengths, and what is left of an answer that did not fit. */
#include "mockserver/answer/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* RFC 9110 §15, and those of RFC 6585, 7725, 8470 and 4918 that services send. */
static const char phrases[] =
    "200 OK\n201 Created\n202 Accepted\n204 No Content\n206 Partial Content\n301 Moved "
    "Permanently\n302 Found\n"
    "303 See Other\n304 Not Modified\n307 Temporary Redirect\n308 Permanent Redirect\n400 Bad "
    "Request\n"
    "401 Unauthorized\n402 Payment Required\n403 Forbidden\n404 Not Found\n405 Method Not Allowed\n"
    "406 Not Acceptable\n408 Request Timeout\n409 Conflict\n410 Gone\n411 Length Required\n413 "
    "Content Too Large\n"
    "414 URI Too Long\n415 Unsupported Media Type\n417 Expectation Failed\n421 Misdirected "
    "Request\n"
    "422 Unprocessable Content\n425 Too Early\n429 Too Many Requests\n431 Request Header Fields "
    "Too Large\n"
    "451 Unavailable For Legal Reasons\n500 Internal Server Error\n501 Not Implemented\n502 Bad "
    "Gateway\n"
    "503 Service Unavailable\n504 Gateway Timeout\n505 HTTP Version Not Supported\n507 "
    "Insufficient Storage\n";

static void a_status_has_its_registered_phrase_or_none(void **state)
{
    char all[sizeof phrases + 64] = "";
    size_t n = 0;
    (void)state;
    for (int status = 100; status < 600; status++)
        if (head_phrase(status)[0])
            n += (size_t)snprintf(all + n, sizeof all - n, "%d %s\n", status, head_phrase(status));
    assert_string_equal(all, phrases);
}

static void a_head_is_a_line_a_length_and_an_empty_line(void **state)
{
    static const struct {
        int status;
        const char *reason; /* NULL: the registered one */
        int64_t length;
        const char *head;
    } cases[] = {
        {200, NULL, 0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
        {200, NULL, 1048576, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n"},
        {204, NULL, HEAD_NO_LENGTH, "HTTP/1.1 204 No Content\r\n\r\n"},
        {299, NULL, 5, "HTTP/1.1 299 \r\nContent-Length: 5\r\n\r\n"},
        {200, "Fine by me", 5, "HTTP/1.1 200 Fine by me\r\nContent-Length: 5\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct plan p;
        struct span reason = span_of(cases[i].reason);
        plan_init(&p);
        head_begin(&p, cases[i].status, cases[i].reason ? &reason : NULL);
        head_end(&p, cases[i].length);
        assert_string_equal(p.answer.p, cases[i].head);
        assert_int_equal(p.body_at, strlen(cases[i].head));
        assert_int_equal(p.status, cases[i].status);
        head_send(&p);
        assert_int_equal(p.act_count, 1);
        assert_int_equal(p.acts[0].len, p.answer.n);
        plan_fini(&p);
    }
}

static void an_answer_that_does_not_fit_closes_without_a_byte(void **state)
{
    struct plan p;
    (void)state;
    plan_init(&p);
    head_begin(&p, 200, NULL);
    head_end(&p, 1);
    for (int i = 0; i <= 2097152; i++)
        buf_add_char(&p.answer, 'b');
    head_send(&p);
    assert_int_equal(p.answer.n, 0);
    assert_int_equal(p.body_at, 0);
    assert_int_equal(p.status, 0);
    assert_int_equal(p.act_count, 1);
    assert_int_equal(p.acts[0].kind, ACT_CLOSE);
    plan_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_has_its_registered_phrase_or_none),
        cmocka_unit_test(a_head_is_a_line_a_length_and_an_empty_line),
        cmocka_unit_test(an_answer_that_does_not_fit_closes_without_a_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
