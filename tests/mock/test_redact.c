/* Redaction: what is shown and recorded holds no secret, and every other byte stays. */
#include "mockserver/record/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void secret_parameters_lose_their_values_and_nothing_else_changes(void **state)
{
    static const struct {
        const char *target, *shown;
    } cases[] = {
        {"/a", "/a"},
        {"/a?", "/a?"},
        {"/a?b=1&&c&d=", "/a?b=1&&c&d="},
        {"/?Action=X&Signature=abc&AppId=1", "/?Action=X&Signature=REDACTED&AppId=1"},
        {"/?signature=abc", "/?signature=REDACTED"},
        {"/?token=a=b&x=?", "/?token=REDACTED&x=?"},
        {"/?to%6Ben=abc&toke=n", "/?to%6Ben=REDACTED&toke=n"},
        {"/Signature=abc?SignatureNonce=n", "/Signature=abc?SignatureNonce=n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        buf_init(&out, 4096);
        redact_target(&out, span_of(cases[i].target));
        assert_string_equal(out.p, cases[i].shown);
        buf_fini(&out);
    }
}

static void body_fields_lose_their_values_but_urls_keep_their_path(void **state)
{
    static const struct {
        const char *body, *shown;
    } cases[] = {
        {"{\"data\":{\"why\":\"secret\"},\"x\":1}", "{\"data\":{\"why\":\"REDACTED\"},\"x\":1}"},
        {"{\"data\": {\"why\" : null }}", "{\"data\": {\"why\" : null }}"},
        {"{\"data\":{\"why\":\"\"}}", "{\"data\":{\"why\":\"\"}}"},
        {"{\"data\":{\"why\":[1,{\"a\":2}]}}", "{\"data\":{\"why\":\"REDACTED\"}}"},
        {"{\"data\":{\"why\":\"https://h/p.mp4\"}}", "{\"data\":{\"why\":\"https://h/p.mp4\"}}"},
        {"{\"data\":{\"why\":\"https://h/p.mp4?X-Sig=1\"}}",
         "{\"data\":{\"why\":\"https://h/p.mp4?REDACTED\"}}"},
        {"{\"data\":{\"why\":\"https:\\/\\/h\\/p#f\"}}",
         "{\"data\":{\"why\":\"https:\\/\\/h\\/p#REDACTED\"}}"},
        {"{\"data\":{\"why\":\"https://u:pw@h/p\"}}", "{\"data\":{\"why\":\"REDACTED\"}}"},
        {"{\"list\":[{\"k\":\"a\"},{\"k\":\"b\",\"l\":3}]}",
         "{\"list\":[{\"k\":\"REDACTED\"},{\"k\":\"REDACTED\",\"l\":3}]}"},
        /* half a pair elsewhere, and a key twice: no copy is left */
        {"{\"data\":{\"x\":\"\\ud83d\",\"why\":\"a\",\"wh\\u0079\":\"b\"},\"data\":{\"why\":\"c\"}"
         "}",
         "{\"data\":{\"x\":\"\\ud83d\",\"why\":\"REDACTED\",\"wh\\u0079\":\"REDACTED\"},"
         "\"data\":{\"why\":\"REDACTED\"}}"},
        {"{\"other\":\"secret\"}", "{\"other\":\"secret\"}"},
        {"<html>secret</html>", "<html>secret</html>"},
        {"", ""},
    };
    struct json *pointers = NULL;
    (void)state;
    assert_int_equal(json_open(span_of("[\"/list/*/k\",\"/data/why\"]"), &pointers, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        buf_init(&out, 4096);
        redact_body(&out, span_of(cases[i].body), pointers);
        assert_string_equal(out.p, cases[i].shown);
        buf_fini(&out);
    }
    json_close(pointers);
}

static void a_list_of_any_length_loses_every_value(void **state)
{
    enum { ELEMENTS = 5000 };
    struct json *pointers = NULL;
    struct buf body, out;
    (void)state;
    assert_int_equal(json_open(span_of("[\"/*/k\",\"/*\",\"/*/k\"]"), &pointers, NULL), 0);
    buf_init(&body, 1 << 20);
    buf_init(&out, 1 << 20);
    for (int i = 0; i < ELEMENTS; i++)
        buf_addf(&body, "%s{\"k\":\"secret\"}", i ? "," : "[");
    buf_add_char(&body, ']');
    redact_body(&out, buf_span(&body), pointers);
    assert_int_equal(out.broken, ERR_OK);
    assert_null(strstr(out.p, "secret"));
    assert_int_equal(out.n, ELEMENTS * (sizeof "\"" REDACTED "\"," - 1) + 1);
    buf_fini(&out);
    buf_fini(&body);
    json_close(pointers);
}

static void a_secret_is_found_however_it_is_spelled(void **state)
{
    static const struct {
        const char *target, *text, *shown;
    } cases[] = {
        {"/?key=ab/cd+ef", "ab/cd+ef", REDACTED},
        {"/?key=ab/cd+ef", "ab%2fcd%2Bef", REDACTED},
        {"/?key=ab/cd+ef", "\"ab\\/cd\\u002Bef\"", "\"" REDACTED "\""},
        {"/?key=ab%2Fcd%2Bef", "ab/cd+ef or ab%2fcd+ef", REDACTED " or " REDACTED},
        {"/?key=abcdef", "%61%62%63%64%65%66", REDACTED},
        {"/?key=abcdef", "%61%62%63%64%65%6", "%61%62%63%64%65%6"},
        {"/?key=abcdef", "\\u0061bcde\\u006", "\\u0061bcde\\u006"},
        {"/?key=abcd%ef", "abcd%ef", REDACTED},
        {"/?key=ab\\cd\"ef", "ab\\\\cd\\\"ef", REDACTED}, /* as JSON has to */
        {"/?key=abcdef", "ab\\cdef", "ab\\cdef"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct redact_secrets s = {.count = 0};
        struct buf out;
        buf_init(&out, 4096);
        redact_collect_target(&s, span_of(cases[i].target));
        redact_text(&out, span_of(cases[i].text), &s);
        assert_string_equal(out.p, cases[i].shown);
        buf_fini(&out);
    }
}

static void more_secrets_than_are_kept_are_not_lost_silently(void **state)
{
    static struct redact_secrets s;
    (void)state;
    static char values[REDACT_SECRETS_MAX][24]; /* a value that is there already takes no room */
    for (int i = 0; i < REDACT_SECRETS_MAX; i++) {
        snprintf(values[i], sizeof values[i], "123456-%d", i);
        redact_collect_header(&s, span_of("X-Api-Key"), span_of(values[i]));
    }
    redact_collect_header(&s, span_of("X-Api-Key"), span_of("123456-0"));
    assert_false(s.dropped);
    redact_collect_header(&s, span_of("X-Api-Key"), span_of("12345"));
    assert_false(s.dropped);
    redact_collect_header(&s, span_of("X-Api-Key"), span_of("123456"));
    assert_true(s.dropped);
    assert_int_equal(s.count, REDACT_SECRETS_MAX);
}

static void a_secret_is_replaced_wherever_it_shows(void **state)
{
    struct redact_secrets s = {.count = 0};
    struct buf out;
    (void)state;
    redact_collect_header(&s, span_of("authorization"), span_of("Bearer sk-123456"));
    redact_collect_header(&s, span_of("X-Api-Key"), span_of("sk-123456-long"));
    redact_collect_header(&s, span_of("Cookie"), span_of("abc"));
    redact_collect_header(&s, span_of("Accept"), span_of("application/json"));
    redact_collect_target(&s, span_of("/?Signature=0123456789&Action=GetDriveStatus"));
    assert_int_equal(s.count, 3);

    buf_init(&out, 4096);
    redact_text(
        &out,
        span_of("bad token sk-123456 or sk-123456-long, abc; 0123456789GetDriveStatus sk-12345"),
        &s);
    assert_string_equal(out.p,
                        "bad token REDACTED or REDACTED, abc; REDACTEDGetDriveStatus sk-12345");
    buf_fini(&out);
}

static void a_programs_log_shows_no_value_of_a_secret_header(void **state)
{
    static const struct {
        const char *log, *shown;
    } rows[] = {
        {"> Authorization: Bearer sk-123456\r\n> Accept: a/b\nagain sk-123456",
         "> Authorization: Bearer REDACTED\r\n> Accept: a/b\nagain REDACTED"},
        {"{'authorization': 'Bearer sk-123456', 'X-Api-Key': '0123456789'}",
         "{'authorization': 'Bearer REDACTED', 'X-Api-Key': 'REDACTED'}"},
        {"[(\"Authorization\", \"Bearer sk-123456\")]",
         "[(\"Authorization\", \"Bearer REDACTED\")]"},
        {"{\\\"Cookie\\\":\\\"id=0123456\\\"}", "{\\\"Cookie\\\":\\\"REDACTED\\\"}"},
        {"sent Authorization: Bearer sk-123456 to the host\n(sk-123456)",
         "sent Authorization: Bearer REDACTED\n(REDACTED)"},
        {"Authorization is missing, Cookie too\nAuthorization:", NULL},
        {"Accept: 0123456789", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redact_secrets s = {.count = 0};
        struct buf out;
        buf_init(&out, 4096);
        redact_collect_log(&s, span_of(rows[i].log));
        redact_text(&out, span_of(rows[i].log), &s);
        assert_string_equal(out.p, rows[i].shown ? rows[i].shown : rows[i].log);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_parameters_lose_their_values_and_nothing_else_changes),
        cmocka_unit_test(body_fields_lose_their_values_but_urls_keep_their_path),
        cmocka_unit_test(a_list_of_any_length_loses_every_value),
        cmocka_unit_test(a_secret_is_found_however_it_is_spelled),
        cmocka_unit_test(more_secrets_than_are_kept_are_not_lost_silently),
        cmocka_unit_test(a_secret_is_replaced_wherever_it_shows),
        cmocka_unit_test(a_programs_log_shows_no_value_of_a_secret_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
