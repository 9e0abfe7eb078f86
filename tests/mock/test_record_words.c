/* What `mockserver record` takes as an upstream. */
#include "mockserver/record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void an_upstream_is_a_name_and_a_url(void **state)
{
    (void)state;
    static struct recorder recorder;
    char long_url[RECORD_URL_MAX + 16];
    memset(long_url, 'x', sizeof long_url - 1);
    long_url[sizeof long_url - 1] = '\0';
    memcpy(long_url, "long=http://", 12);
    const struct {
        const char *word, *base; /* NULL: refused */
    } cases[] = {
        {"a=http://h", "http://h"},
        {"b=https://h:8443/x/", "https://h:8443/x"},
        {"c=http://h///", "http://h"},
        {"u=https://me:pass%40word@h:1/x",
         "https://h:1/x"},        /* the password is for the way out only */
        {"a=http://other", NULL}, /* twice */
        {"http://h", NULL},
        {"=http://h", NULL},
        {"d d=http://h", NULL},
        {"d=", NULL},
        {"d=/", NULL},
        {"d=http://", NULL},
        {"d=https://", NULL},
        {"d=ftp://h", NULL},
        {"d=http://h?q", NULL},
        {"d=http://h#f", NULL},
        {long_url, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = {0};
        uint32_t before = recorder.count;
        int code = recorder_add(&recorder, cases[i].word, &e);
        if (code != (cases[i].base ? 0 : ERR_USAGE)
            || recorder.count != before + (cases[i].base != NULL))
            fail_msg("%s: code %d, %s", cases[i].word, code, e.what);
        if (cases[i].base)
            assert_string_equal(recorder.upstreams[before].base, cases[i].base);
        else
            assert_memory_equal(e.where, cases[i].word, strnlen(cases[i].word, 100));
    }
}

static void an_error_shows_no_password(void **state)
{
    (void)state;
    static struct recorder recorder;
    struct err e = {0};
    assert_int_equal(recorder_add(&recorder, "a=https://me:pass-word@h/x", NULL), 0);
    assert_string_equal(recorder.upstreams[0].fetch_base, "https://me:pass-word@h/x");
    assert_int_equal(recorder_add(&recorder, "a=https://me:pass-word@h/x", &e), ERR_USAGE);
    assert_string_equal(e.where, "a=...@h/x");
    assert_int_equal(recorder_add(&recorder, "b=ftp://me:pass-word@h/x", &e), ERR_USAGE);
    assert_null(strstr(e.where, "pass-word"));
    assert_null(strstr(e.what, "pass-word"));
}

static void there_may_be_sixteen_upstreams(void **state)
{
    (void)state;
    static struct recorder recorder;
    struct err e = {0};
    for (int i = 0; i < RECORD_UPSTREAMS_MAX; i++) {
        char word[32];
        snprintf(word, sizeof word, "u%d=http://h", i);
        assert_int_equal(recorder_add(&recorder, word, NULL), 0);
    }
    assert_int_equal(recorder_add(&recorder, "more=http://h", &e), ERR_USAGE);
    assert_string_equal(e.what, "more than 16 upstreams");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upstream_is_a_name_and_a_url),
        cmocka_unit_test(an_error_shows_no_password),
        cmocka_unit_test(there_may_be_sixteen_upstreams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
