/* Escaping: whatever a client printed, a report keeps its shape. */
#include "base/buf.h"
#include "harness/report/report.h"
#include "harness/report/report_escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    void (*escape)(struct buf *out, struct span text);
    const char *text, *wanted;
} rows[] = {
    {escape_markup, "a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;"},
    {escape_markup, "]]></pre>", "]]&gt;&lt;/pre&gt;"},
    {escape_markup, "line\nline\t.", "line\nline\t."},
    {escape_attribute, "line\n\"x\"\t", "line&#10;&quot;x&quot;&#9;"},
    {escape_command, "50%\n::error::x", "50%25%0A::error::x"},
    {escape_property, "a:b,c%\n", "a%3Ab%2Cc%25%0A"},
    {escape_line, "a\nb\tc\r", "a b\tc"},
    {escape_line, "\033[31mred\007\177", "[31mred"}, /* no escape sequence reaches a terminal */
    {escape_line,
     "\xc2\x9b"
     "31m",
     "31m"}, /* nor one that starts with a C1 control */
    {escape_line,
     "\xe2\x80\xae"
     "exe",
     "exe"}, /* text that turns around */
    {escape_line, "\xe4\xb8\xad\xf0\x9f\x98\x80",
     "\xe4\xb8\xad\xf0\x9f\x98\x80"},                        /* what is UTF-8 stays */
    {escape_line, "\xff.\xc3", "\xef\xbf\xbd.\xef\xbf\xbd"}, /* no first byte; cut short */
    {escape_line, "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},   /* overlong */
    {escape_line, "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
    {escape_markup, "\xef\xbf\xbe", "\xef\xbf\xbd"}, /* U+FFFE is no XML character */
    {escape_line, "\xf4\x90\x80\x80",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* beyond U+10FFFF */
};

static void text_of_others_stays_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out, 1024);
        rows[i].escape(&out, span_of(rows[i].text));
        if (strcmp(out.p, rows[i].wanted) != 0)
            fail_msg("row %zu: \"%s\", wanted \"%s\"", i, out.p, rows[i].wanted);
        buf_fini(&out);
    }
}

static void a_nul_does_not_end_a_text(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1024);
    escape_markup(&out, (struct span){"a\0<", 3});
    assert_string_equal(out.p, "a&lt;");
    buf_fini(&out);
}

/* What --report is given, and how it is refused; NULL: it is taken. */
static const struct {
    struct args_list words;
    const char *refused;
    int count;
} orders[] = {
    {{{0}, 0}, NULL, 1},                   /* the table */
    {{{"junit=a", "html=b"}, 2}, NULL, 3}, /* files, and the table */
    {{{"tap", "json=a"}, 2}, NULL, 2},     /* tap takes the table's place */
    {{{"tap=a", "tap=b"}, 2}, NULL, 3},
    {{{"tap", "github"}, 2}, "both go to standard output", 0},
    {{{"json=a", "html=a"}, 2}, "both go to a", 0},
    {{{"jnuit=a"}, 1}, "nearest: junit", 0},
    {{{"html="}, 1}, "needs a file: html=FILE", 0},
    {{{"html=/"}, 1}, "needs a file: html=FILE", 0}, /* a folder */
    {{{"tap=1", "tap=2", "tap=3", "tap=4", "tap=5", "tap=6", "tap=7", "tap=8", "tap=9"}, 9},
     "at most 8 reports",
     0},
};

static void reports_are_taken_or_refused_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct reports rs;
        struct err e = {0};
        int failed = reports_open(&orders[i].words, &rs, &e);
        if ((failed != 0) != (orders[i].refused != NULL))
            fail_msg("row %zu: %s", i, e.what);
        if (failed != 0)
            assert_non_null(strstr(e.what, orders[i].refused));
        else
            assert_int_equal(rs.count, orders[i].count);
        reports_fini(&rs);
    }
}

static void a_report_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    struct reports rs;
    struct err e = {0};
    assert_int_equal(reports_open(&(struct args_list){{"junit=/dev/null/x.xml"}, 1}, &rs, &e), 0);
    reports_begin(&rs, &(struct report_options){.seed = 1});
    assert_int_equal(reports_end(&rs, &e), ERR_FILE);
    reports_fini(&rs);
}

static void a_long_story_keeps_what_is_around_its_finding(void **state)
{
    (void)state;
    char told[21] = "";
    for (uint32_t i = 0; i < 20; i++)
        told[i] = report_poll_is_told(i, 20, 10, 2, 3) ? 'x' : '.';
    assert_string_equal(told, "xx.....xxxxx.....xxx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_others_stays_text),
        cmocka_unit_test(a_nul_does_not_end_a_text),
        cmocka_unit_test(reports_are_taken_or_refused_with_a_reason),
        cmocka_unit_test(a_report_that_cannot_be_written_is_an_error),
        cmocka_unit_test(a_long_story_keeps_what_is_around_its_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
