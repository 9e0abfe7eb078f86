/* A head line by line: what two readers could read in two ways is refused. */
#include "client/http/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_status_line_is_one_of_http_1(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool good;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\n", true},
        {"HTTP/1.0 200\n", true},
        {"HTTP/1.1 200", true},
        {"HTTP/1.1 200 ", true},
        {"HTTP/1.1 200x", false},
        {"HTTP/1.1 2x0", false},
        {"HTTP/1./ 200", false},
        {"HTTP/1.: 200", false},
        {"HTTP/2 200", false},
        {"HTTP/1.1 101 x", false},
        {"HTTP/1.1 20", false},
        {"\r\n", false},
        {"\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct framing f;
        if ((framing_status_line(&f, span_of(rows[i].line)) == NULL) != rows[i].good)
            fail_msg("\"%s\"", rows[i].line);
    }
}

static void a_header_line_is_a_header_or_goes_on_with_one(void **state)
{
    (void)state;
    static const struct {
        bool may_fold;
        const char *line, *wrong; /* NULL: nothing is */
    } rows[] = {
        {false, "Name: value\r\n", NULL},
        {false, "Name:\n", NULL},
        {false, "Na me: value\r\n", "no header"},
        {false, "Na\x7fme: value\r\n", "no header"},
        {false, "Na~me: value\r\n", NULL},
        {false, ": value\r\n", "no header"},
        {false, "value\r\n", "no header"},
        {false, "Name: a\rb\r\n", "CR inside"},
        {true, " more\r\n", NULL},
        {true, "\tmore\r\n", NULL},
        {false, "\tmore\r\n", "cannot be folded"},
        {false, "Content-Length: 12\r\n", NULL},
        {false, "Content-Length:\r\n", "not a number"},
        {false, "Content-Length: /2\r\n", "not a number"},
        {false, "Content-Length: +2\r\n", "not a number"},
        {false, "Content-Length: 2x\r\n", "not a number"},
        {false, "Content-Length: 99999999999999999999\r\n", "not a number"},
        {false, "Transfer-Encoding: Chunked\r\n", NULL},
        {false, "Transfer-Encoding: gzip\r\n", "not asked for"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct framing f = {.may_fold = rows[i].may_fold};
        const char *wrong = framing_header(&f, span_of(rows[i].line));
        if ((wrong == NULL) != (rows[i].wrong == NULL) || (wrong && !strstr(wrong, rows[i].wrong)))
            fail_msg("\"%s\": %s", rows[i].line, wrong ? wrong : "nothing wrong");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_line_is_one_of_http_1),
        cmocka_unit_test(a_header_line_is_a_header_or_goes_on_with_one),
    };
    return cmocka_run_group_tests_name("framing", tests, NULL, NULL);
}
