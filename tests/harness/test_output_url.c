/* The URL in a client's output: the right one is found however it is printed, a longer one is another, and
 * the work is bounded whatever stands there. */
#include "base/buf.h"
#include "harness/external/output_url.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define URL "https://e.example/right.mp4"

struct printed_row {
    const char *output, *url;
};

enum { URL_SIZE = 128 };

static void find_all(const char *expected, const struct printed_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char url[URL_SIZE] = "?";
        output_url_find(span_of(rows[i].output), expected, url, sizeof url);
        if (!span_is(span_of(url), rows[i].url))
            fail_msg("row %zu: %s: wanted \"%s\", found \"%s\"", i, rows[i].output, rows[i].url,
                     url);
    }
}

static void the_expected_url_is_found_however_it_is_printed(void **state)
{
    (void)state;
    static const struct printed_row rows[] = {
        {URL, URL},
        {"  " URL "  \n", URL},
        {URL "\r\n", URL},
        {"url\t" URL "\tdone", URL},
        {"video:" URL "\n", URL}, /* no blank in front */
        {"url=" URL, URL},
        /* a sentence */
        {"Done, see " URL ".", URL},
        {"saved " URL "...", URL},
        {"url=" URL ", took 3s", URL},
        {URL "; next", URL},
        {URL ": done", URL},
        {"is it " URL "?", URL},
        {"ready: " URL "!", URL},
        {"(see " URL ").", URL},
        {"(" URL ")", URL},
        {"[" URL "]", URL},
        {"[video](" URL ") is ready", URL},
        {"{" URL "}", URL},
        {"<" URL ">", URL},
        {"<a href=\"" URL "\">x</a>", URL},
        /* quotes and marks */
        {"\"" URL "\"", URL},
        {"'" URL "'", URL},
        {"`" URL "`", URL},
        {"{'url': '" URL "', 'n': 1}", URL},
        {"['" URL "','https://b']", URL},
        {"[\"https://b\",\"" URL "\"]", URL},
        {"b'" URL "\\n'", URL},
        {"**" URL "**", URL},
        {"**Video: " URL "**", URL},
        {"_" URL "_", URL},
        {"~~" URL "~~", URL},
        {"|" URL "|", URL},
        /* lists */
        {"https://a," URL ",https://b", URL},
        {"https://a;" URL ";https://b", URL},
        {"https://a|" URL, URL},
        {URL "\nhttps://b/last.mp4\n", URL}, /* not the last one */
        /* colours and links of terminals */
        {"\x1b[32m" URL "\x1b[0m\n", URL},
        {"\x1b[1;38;5;42m" URL "\x1b[m", URL},
        {"\x1b]8;;" URL "\x1b\\video\x1b]8;;\x1b\\", URL},
        {"\x1b]8;id=1;" URL "\x07"
         "video\x1b]8;;\x07",
         URL},
        {"\x1b]8;;https://b\x07" URL "\x1b]8;;\x07", URL},
        {"\b" URL "\b", URL},
        /* JSON */
        {"{\"url\":\"" URL "\"}", URL},
        {"{\"url\":\"https:\\/\\/e.example\\/right.mp4\"}", URL},
        {"{\"url\":\"https:\\u002F\\u002Fe.example\\u002fright.mp4\"}", URL},
        {"{\"url\":\"https\\u003a//e.example/right\\u002emp4\"}", URL},
        {"\"{\\\"url\\\":\\\"" URL "\\\"}\"", URL}, /* JSON within JSON */
        {"\"{\\\"url\\\":\\\"https:\\\\\\/\\\\\\/e.example\\\\\\/right.mp4\\\"}\"", URL},
        {"\"" URL "\\u0022", URL},
        {"\"" URL "\\nbye\"", URL},
        {"url=\"" URL "\\\"\"", URL},
        /* other scripts */
        {"\xe8\xa7\x86\xe9\xa2\x91\xef\xbc\x9a" URL "\xef\xbc\x8c\xe5\xae\x8c\xe6\x88\x90", URL},
        {"\xe3\x80\x8c" URL "\xe3\x80\x8d", URL},
        {URL "\xe3\x80\x82", URL},
        {"\xe2\x80\x9c" URL "\xe2\x80\x9d", URL},
        {URL "\xe2\x80\xa6", URL},
        {"\xef\xbb\xbf" URL "\xe2\x80\x8b", URL}, /* byte order mark, zero-width blank */
        {"\xff" URL "\xff", URL},
    };
    find_all(URL, rows, sizeof rows / sizeof rows[0]);
}

static void a_longer_url_is_another_one(void **state)
{
    (void)state;
    static const struct printed_row rows[] = {
        {URL ".part", URL ".part"},
        {URL "/", URL "/"},
        {URL "#", URL "#"},
        {URL "?a=1", URL "?a=1"},
        {URL "&", URL "&"},
        {URL "%20", URL "%20"},
        {URL ",x", URL ",x"},
        {URL "_", URL "_"},
        {URL "~x", URL "~x"},
        {"_" URL "_b.mp4_", URL "_b.mp4"},
        {URL "\\/x", URL "/x"},
        {URL "\\u0026x", URL "&x"},
        {"https://b/?next=" URL, "https://b/?next=" URL},
        {"https://b/" URL, "https://b/" URL},
        {"https://e.example/right.mp", "https://e.example/right.mp"},
        {"https://e.example/Right.mp4", "https://e.example/Right.mp4"},
        {"http://e.example/right.mp4", "http://e.example/right.mp4"},
    };
    find_all(URL, rows, sizeof rows / sizeof rows[0]);
}

static void without_the_expected_one_the_last_url_is_told(void **state)
{
    (void)state;
    static const struct printed_row rows[] = {
        {"", ""},
        {"http", ""},
        {"httpx://a https:/b http:// https://", ""},
        {"http://a https://b", "https://b"},
        {"https://a.\nno more", "https://a"},
        {"https://a http://", "https://a"}, /* the last that is one */
        {"httphttp://a", "http://a"},
        {"HTTP/1.1 200 http://a", "http://a"},
        {"HTTPS://A/x", "https://A/x"},
        {"https://a/x_(1).mp4)", "https://a/x_(1).mp4"},
        {"http://[::1]:80/x]", "http://[::1]:80/x"},
        {"https://a/?l[]=1&m={x}", "https://a/?l[]=1&m="},
        {"https://a/it's", "https://a/it's"},
        {"https://a/\\\\\\\\\\\\\\\\/b", "https://a/"}, /* more escapes than anybody writes */
        {"https://a/\\u00", "https://a/"},
        {"https://a/\\u12zz", "https://a/"},
        {"https://a/\\", "https://a/"},
    };
    find_all(URL, rows, sizeof rows / sizeof rows[0]);
    find_all(NULL, rows, sizeof rows / sizeof rows[0]);
}

/* Somebody's own fixture may expect anything. */
static void an_expected_url_may_hold_and_end_with_what_ends_others(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "https://e/a.",           "https://e/a)",  "https://e/x)(y",       "https://e/it's'",
        "https://e/\xe8\xa7\x86", "https://e/a b", "https://e/a,http://b", "https://e/a|b\"c",
        "https://e/a]b",          "https://e/a!?",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char output[URL_SIZE], url[URL_SIZE];
        for (int quoted = 0; quoted < 2; quoted++) {
            snprintf(output, sizeof output, quoted ? "('%s')" : "%s\n", expected[i]);
            output_url_find(span_of(output), expected[i], url, sizeof url);
            assert_string_equal(url, expected[i]);
        }
    }
}

static void what_only_begins_like_such_a_url_is_read_as_any_other(void **state)
{
    (void)state;
    static const struct printed_row rows[] = {
        {"https://e/a b", "https://e/a"},
        {"https://e/a b)c'e", "https://e/a"},
        {"https://e/a b)c'de", "https://e/a"}, /* longer */
        {"https://e/a b)c'd e", "https://e/a b)c'd"},
    };
    find_all("https://e/a b)c'd", rows, sizeof rows / sizeof rows[0]);
}

static void bytes_behind_a_nul_are_looked_at_too(void **state)
{
    (void)state;
    char url[URL_SIZE];
    output_url_find((struct span){"http://a\0http://b", 17}, NULL, url, sizeof url);
    assert_string_equal(url, "http://b");
    output_url_find((struct span){"http://a\0http://b", 17}, "http://a", url, sizeof url);
    assert_string_equal(url, "http://a");
}

static void one_that_has_no_room_is_not_told(void **state)
{
    (void)state;
    char url[10];
    output_url_find(span_of("http://a/ http://ab http://abcde"), NULL, url, sizeof url);
    assert_string_equal(url, "http://ab");
    output_url_find(span_of("http://abc"), "http://abc", url, sizeof url);
    assert_string_equal(url, "");
}

/* The worst that a client can print: one word in which a URL, or an escape, may start everywhere. */
static void the_work_grows_with_the_output_and_no_faster(void **state)
{
    (void)state;
    static const char *const words[] = {"http",
                                        "http://",
                                        "https://a",
                                        "http ",
                                        "h",
                                        "x",
                                        ",h",
                                        ",http:/",
                                        ";http://",
                                        "h\\",
                                        "http:\\\\\\\\\\\\\\",
                                        "\\u002",
                                        "https://a\\u002",
                                        "(",
                                        "HtTpS:",
                                        "https://\\\\\\\\\\\\\\u00"};
    enum { BYTES = 1 << 20 };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int in_url = 0; in_url < 2; in_url++) {
            struct buf output;
            char url[URL_SIZE];
            buf_init(&output, BYTES + 64);
            buf_add_text(&output, in_url ? "https://a/" : "");
            while (output.n < BYTES)
                buf_add_text(&output, words[i]);
            size_t looked = output_url_find(buf_span(&output), "http://http://", url, sizeof url);
            if (looked > OUTPUT_URL_LOOKS * output.n)
                fail_msg("%s: %zu looks at %zu bytes", words[i], looked, output.n);
            buf_fini(&output);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_expected_url_is_found_however_it_is_printed),
        cmocka_unit_test(a_longer_url_is_another_one),
        cmocka_unit_test(without_the_expected_one_the_last_url_is_told),
        cmocka_unit_test(an_expected_url_may_hold_and_end_with_what_ends_others),
        cmocka_unit_test(what_only_begins_like_such_a_url_is_read_as_any_other),
        cmocka_unit_test(bytes_behind_a_nul_are_looked_at_too),
        cmocka_unit_test(one_that_has_no_room_is_not_told),
        cmocka_unit_test(the_work_grows_with_the_output_and_no_faster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
