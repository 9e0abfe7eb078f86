/* Replies: what is read of an .http file, and every way in which it can be wrong. */
#include "loaders.h"

#include "mockserver/fixture/reply.h"

static struct reply parsed(const char *text)
{
    struct reply r;
    struct err e = {0};
    if (reply_parse(span_of(text), "queued", "queued.http", &r, &e))
        fail_msg("%s: %s", e.where, e.what);
    return r;
}

static void assert_span(struct span s, const char *text)
{
    if (!span_is(s, text))
        fail_msg("wanted \"%s\", got \"%.*s\"", text, (int)s.n, s.p);
}

static void the_head_may_end_its_lines_with_lf_or_crlf(void **state)
{
    static const char *const texts[] = {
        "HTTP/1.1 200 OK\nContent-Type: text/plain\nX-A:  b \n\nbody\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A:b\r\n\r\nbody\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct reply r = parsed(texts[i]);
        assert_string_equal(r.name, "queued");
        assert_int_equal(r.status, 200);
        assert_span(r.head, "Content-Type: text/plain\r\nX-A: b\r\n");
        assert_span(r.body, "body\n");
        reply_fini(&r);
    }
}

static void every_form_of_status_line_is_read(void **state)
{
    static const struct {
        const char *text;
        int status;
    } rows[] = {
        {"HTTP/1.1 200 OK\n\n", 200},
        {"HTTP/1.1 200\n\n", 200},   /* no reason, no space */
        {"HTTP/1.1 429 \n\n", 429},  /* what some servers send */
        {"HTTP/2 503\r\n\r\n", 503}, /* curl -i over HTTP/2 */
        {"HTTP/1.0 599 Odd reason phrase\n\n", 599},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reply r = parsed(rows[i].text);
        assert_int_equal(r.status, rows[i].status);
        assert_int_equal(r.head.n, 0);
        assert_int_equal(r.body.n, 0);
        assert_non_null(r.body.p);
        reply_fini(&r);
    }
}

static void framing_and_provenance_are_dropped_in_any_letter_case(void **state)
{
    (void)state;
    struct reply r = parsed("HTTP/1.1 200 OK\ncontent-length: 9\nTransfer-Encoding: chunked\n"
                            "CONNECTION: close\nKeep-Alive: timeout=5\nX-Provenance: doc; page 3\n"
                            "Server: x\n\nab");
    assert_span(r.head, "Server: x\r\n");
    assert_span(r.body, "ab");
    reply_fini(&r);
}

static void a_body_is_kept_to_the_byte(void **state)
{
    static const char bytes[] = "HTTP/1.1 200 OK\n\n\n\r\n\0\xff{\"a\": 1}\n\n";
    struct reply r;
    (void)state;
    assert_int_equal(reply_parse((struct span){bytes, sizeof bytes - 1}, "x", "x.http", &r, NULL),
                     0);
    assert_int_equal(r.body.n, sizeof bytes - 1 - 17);
    assert_memory_equal(r.body.p, bytes + 17, r.body.n);
    reply_fini(&r);
}

static void retry_after_is_read_in_seconds_only(void **state)
{
    static const struct {
        const char *header;
        int64_t ms;
    } rows[] = {
        {"Retry-After: 2", 2000},
        {"retry-after:0", 0},
        {"Retry-After: 86400", 86400000},
        {"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", -1}, /* the date form */
        {"Retry-After: soon", -1},
        {"Retry-After: -1", -1},
        {"Retry-After: 1.5", -1},
        {"Retry-After:", -1},
        {"Retry-After: 9223372036854775807", -1}, /* no such time in milliseconds */
        {"Server: x", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "HTTP/1.1 429 Too Many Requests\n%s\n\n", rows[i].header);
        struct reply r = parsed(text);
        if (r.retry_after_ms != rows[i].ms)
            fail_msg("%s: %lld", rows[i].header, (long long)r.retry_after_ms);
        reply_fini(&r);
    }
}

static void a_date_to_retry_after_counts_from_the_replys_own_date(void **state)
{
    static const struct {
        const char *until;
        int64_t ms;
    } rows[] = {
        {"Wed, 21 Oct 2015 07:28:21 GMT", 21000},
        {"Wed, 21 Oct 2015 07:28:00 GMT", 0},
        {"Wed, 21 Oct 2015 07:27:59 GMT", 0}, /* over */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "HTTP/1.1 429 Too Many Requests\nDate: Wed, 21 Oct 2015 07:28:00 "
                 "GMT\nRetry-After: %s\n\n",
                 rows[i].until);
        struct reply r = parsed(text);
        assert_int_equal(r.retry_after_ms, rows[i].ms);
        reply_fini(&r);
    }
}

/* -- Errors ----------------------------------------------------------------------------------- */

static const char good[] = "HTTP/1.1 200 OK\n"
                           "Content-Type: application/json\n"
                           "\n"
                           "{}";

static const struct broken rows[] = {
    /* nothing at all */
    {good, "", "x.http:1", "a status line must come first"},
    /* a status line that does not end */
    {good, "HTTP/1.1 200 OK", "x.http:1", "a status line must come first"},
    /* no status line */
    {"HTTP/1.1 200 OK\n", "", "x.http:1", "not a status line; \"HTTP/1.1 200 OK\" is one"},
    /* another protocol */
    {"HTTP/1.1", "ICY", "x.http:1", "not a status line"},
    /* a status of two digits */
    {"200", "20", "x.http:1", "not a status line"},
    /* a status of four digits */
    {"200", "2000", "x.http:1", "not a status line"},
    /* a word for a status */
    {"200", "2xx", "x.http:1", "not a status line"},
    /* a control character in the reason */
    {"OK", "O\x01K", "x.http:1", "not a status line"},
    /* the interim answer that curl -i may show first */
    {"200 OK", "100 Continue", "x.http:1", "the status is 100; it must be 200 to 599"},
    /* beyond the last class */
    {"200", "600", "x.http:1", "the status is 600"},
    /* the body follows without an empty line */
    {"json\n\n{}", "json\n{}\n", "x.http:3", "a header without a colon"},
    /* the head goes on to the end of the file */
    {"\n\n{}", "\n", "x.http:3", "the head does not end"},
    /* a last line without its end */
    {"\n\n{}", "", "x.http:2", "the head does not end"},
    /* folded headers are long dead */
    {"json\n", "json\n  ; charset=utf-8\n", "x.http:3", "a header on several lines"},
    /* no name */
    {"Content-Type:", ":", "x.http:2", "not the name of a header"},
    /* a space before the colon */
    {"Content-Type:", "Content-Type :", "x.http:2", "not the name of a header"},
    /* a name that is not ASCII */
    {"Content-Type:", "C\xc3\xb6ntent-Type:", "x.http:2", "not the name of a header"},
    /* a control character in a value */
    {"application/json", "a\rb", "x.http:2", "a control character in the header Content-Type"},
};

static void every_error_names_file_and_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = edited(good, rows[i].from, rows[i].to);
        struct reply r = {.status = 1};
        struct err e = {0};
        int code = reply_parse(span_of(text), "x", "replies/x.http", &r, &e);
        assert_error(&e, rows[i].to, rows[i].where, rows[i].what);
        assert_int_equal(code, ERR_SYNTAX);
        assert_int_equal(r.status, 0);
        assert_null(r.memory);
        free(text);
    }
}

static void limits_hold_to_the_byte_and_name_their_number(void **state)
{
    static char text[REPLY_BODY_MAX + REPLY_HEAD_MAX + 4096];
    struct reply r;
    struct err e = {0};
    (void)state;

    /* 64 headers are fine, framing not counted; 65 are not */
    size_t n = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\nContent-Length: 0\n");
    for (int i = 0; i < REPLY_HEADERS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "H%d: x\n", i);
    snprintf(text + n, sizeof text - n, "\n");
    r = parsed(text);
    reply_fini(&r);
    snprintf(text + n, sizeof text - n, "One: more\n\n");
    assert_int_equal(reply_parse(span_of(text), "x", "x.http", &r, &e), ERR_LIMIT);
    assert_error(&e, "65 headers", "x.http:67", "more than 64 headers");

    /* a body of 1 MiB is fine, one byte more is not */
    n = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\n\n");
    memset(text + n, 'x', REPLY_BODY_MAX + 1);
    assert_int_equal(reply_parse((struct span){text, n + REPLY_BODY_MAX}, "x", "x.http", &r, &e),
                     0);
    assert_int_equal(r.body.n, REPLY_BODY_MAX);
    reply_fini(&r);
    assert_int_equal(
        reply_parse((struct span){text, n + REPLY_BODY_MAX + 1}, "x", "x.http", &r, &e), ERR_LIMIT);
    assert_error(&e, "long body", "x.http:3", "the body is longer than 1048576 bytes");

    /* a head beyond 64 KiB */
    n = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\nA: ");
    memset(text + n, 'x', REPLY_HEAD_MAX);
    snprintf(text + n + REPLY_HEAD_MAX, 8, "\n\n");
    assert_int_equal(reply_parse(span_of(text), "x", "x.http", &r, &e), ERR_LIMIT);
    assert_error(&e, "long head", "x.http:2", "the head is longer than 65536 bytes");
}

static void a_name_outside_the_alphabet_is_refused(void **state)
{
    static const char *const names[] = {"", ".hidden", "a b", "a/b", "\xc3\xa4"};
    struct reply r;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct err e = {0};
        assert_int_equal(reply_parse(span_of(good), names[i], "x.http", &r, &e), ERR_CONTRACT);
        assert_error(&e, names[i], "x.http", "is not a name");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_may_end_its_lines_with_lf_or_crlf),
        cmocka_unit_test(every_form_of_status_line_is_read),
        cmocka_unit_test(framing_and_provenance_are_dropped_in_any_letter_case),
        cmocka_unit_test(a_body_is_kept_to_the_byte),
        cmocka_unit_test(retry_after_is_read_in_seconds_only),
        cmocka_unit_test(a_date_to_retry_after_counts_from_the_replys_own_date),
        cmocka_unit_test(every_error_names_file_and_line),
        cmocka_unit_test(limits_hold_to_the_byte_and_name_their_number),
        cmocka_unit_test(a_name_outside_the_alphabet_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
