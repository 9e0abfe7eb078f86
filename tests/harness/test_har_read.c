/* Reading HAR: what an entry must have, and what a body is. */
#include "base/buf.h"
#include "harness/distill/har_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ENTRY(request, response)                                                                   \
    "{\"log\":{\"entries\":[{\"request\":{" request "},\"response\":{" response "}}]}}"
#define GET_H "\"method\":\"GET\",\"url\":\"http://h\""

static void an_entry_needs_a_method_a_url_and_a_status(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *where;
    } cases[] = {
        {ENTRY(GET_H, "\"status\":0"), 0, ""},
        {ENTRY(GET_H, "\"status\":599"), 0, ""},
        {ENTRY("\"url\":\"http://h\"", "\"status\":200"), ERR_CONTRACT,
         "f.har: /log/entries/0: /request/method"},
        {ENTRY("\"method\":\"GET\"", "\"status\":200"), ERR_CONTRACT,
         "f.har: /log/entries/0: /request/url"},
        {ENTRY(GET_H, ""), ERR_CONTRACT, "f.har: /log/entries/0: /response/status"},
        {ENTRY(GET_H, "\"status\":-1"), ERR_CONTRACT, "/response/status"},
        {ENTRY(GET_H, "\"status\":600"), ERR_CONTRACT, "/response/status"},
        {"{\"log\":", ERR_SYNTAX, "f.har: "},
        {"{\"log\":{\"entries\":{}}}", ERR_CONTRACT, "f.har"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct recording r;
        struct err e = {0};
        int code = recording_parse(span_of(cases[i].text), "f.har", &r, &e);
        if (code != cases[i].code || !strstr(e.where, cases[i].where))
            fail_msg("case %zu: %d, %s: %s", i, code, e.where, e.what);
        assert_int_equal(r.count, code == 0);
        recording_fini(&r);
    }
}

static void a_body_is_what_its_encoding_says(void **state)
{
    (void)state;
    static const struct {
        const char *response, *body;
    } cases[] = {
        {"\"status\":200", ""},
        {"\"status\":200,\"content\":{\"encoding\":\"base64\"}", ""},
        {"\"status\":200,\"content\":{\"text\":\"YWI=\"}", "YWI="},
        {"\"status\":200,\"content\":{\"text\":\"YWI=\",\"encoding\":\"gzip\"}", "YWI="},
        {"\"status\":200,\"content\":{\"text\":\"YWI=\",\"encoding\":\"base64\"}", "ab"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        struct recording r;
        snprintf(text, sizeof text,
                 "{\"log\":{\"entries\":[{\"request\":{" GET_H "},\"response\":{%s}}]}}",
                 cases[i].response);
        assert_int_equal(recording_parse(span_of(text), "f.har", &r, NULL), 0);
        assert_true(span_is(r.exchanges[0].body, cases[i].body));
        recording_fini(&r);
    }
}

static void a_hundred_thousand_entries_are_read_and_no_more(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        struct buf text;
        struct recording r;
        struct err e = {0};
        buf_init(&text, HAR_BYTES_MAX);
        buf_add_text(&text, "{\"log\":{\"entries\":[0");
        for (int i = 1; i < HAR_EXCHANGES_MAX + more; i++)
            buf_add_text(&text, ",0");
        buf_add_text(&text, "]}}");
        int code = recording_parse(buf_span(&text), "f.har", &r, &e);
        assert_int_equal(code, more ? ERR_LIMIT : ERR_CONTRACT); /* which reads the first of them */
        assert_string_equal(
            e.what, more ? "has 100001 entries, at most 100000 are read" : "a string is wanted");
        buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_needs_a_method_a_url_and_a_status),
        cmocka_unit_test(a_body_is_what_its_encoding_says),
        cmocka_unit_test(a_hundred_thousand_entries_are_read_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
