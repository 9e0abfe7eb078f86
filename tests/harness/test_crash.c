/* Crashes: the runtime's own exit code and its mark as the last thing on standard error; everything else is
 * a report. */
#include "harness/external/crash.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TRACEBACK                                                                                  \
    "Traceback (most recent call last):\n  File \"a.py\", line 4, in <module>\n    f()\n"
#define KEY_ERROR TRACEBACK "KeyError: 'result'\n"
#define NODE "/a.js:1\nthrow x\n^\n\nTypeError: boom\n    at f (/a.js:1:1)\n\nNode.js v20.1.0\n"
#define JAVA                                                                                       \
    "Exception in thread \"main\" java.lang.IllegalStateException: boom\n\tat A.f(A.java:1)\n"
#define RUBY "a.rb:1:in `f': boom (RuntimeError)\n\tfrom a.rb:1:in `<main>'\n"
#define GO "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:2 +0x2e\n"
#define PHP                                                                                        \
    "PHP Fatal error:  Uncaught Exception: boom in /a.php:1\nStack trace:\n#0 {main}\n"            \
    "  thrown in /a.php on line 1\n"

static void what_an_end_tells(void **state)
{
    (void)state;
    static const struct {
        int exit_code;
        const char *errors, *line;
    } rows[] = {
        /* Python */
        {1, KEY_ERROR, "KeyError: 'result'"},
        {1, "log\n" KEY_ERROR "\n\n", "KeyError: 'result'"},
        {1, TRACEBACK "AssertionError\n", "AssertionError"},
        {1, TRACEBACK "requests.exceptions.ReadTimeout: slow\r\n",
         "requests.exceptions.ReadTimeout: slow"},
        {1,
         KEY_ERROR
         "\nDuring handling of the above exception, another exception occurred:\n\n" TRACEBACK
         "TypeError: x\n",
         "TypeError: x"},
        {1, TRACEBACK "pydantic.ValidationError: 1 error\nstatus\n  must be a string\n",
         "pydantic.ValidationError: 1 error"},
        {1, TRACEBACK "  [Previous line repeated 900 more times]\nRecursionError: deep\n",
         "RecursionError: deep"},
        {1,
         "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1\n"
         "  | ExceptionGroup: unhandled errors (1 sub-exception)\n  +-+---------------- 1 "
         "----------------\n"
         "    | Traceback (most recent call last):\n    |   File \"a.py\", line 2\n    | KeyError: "
         "'x'\n"
         "    +------------------------------------\n",
         "ExceptionGroup: unhandled errors (1 sub-exception)"},
        {1, KEY_ERROR "failed: the task has failed\n", ""}, /* logged before a report */
        {1, KEY_ERROR "error: two\nlines of it\n", ""},
        {1, "Exception in thread Thread-1 (poll):\n" KEY_ERROR, ""},
        {1, TRACEBACK, ""},
        {1, "Traceback (most recent call last):", ""},
        {1, "KeyError: 'result'\n", ""},
        {2, KEY_ERROR, ""}, /* another exit code: its own */
        {0, KEY_ERROR, ""},
        {1, "the task has failed\n", ""}, /* sys.exit("...") */
        /* Node */
        {1, NODE, "TypeError: boom"},
        {1,
         "\n/b.js:1\nthrow \"abc\"\n^\nabc\n(Use `node --trace-uncaught ...` to show where the "
         "exception was "
         "thrown)\n\nNode.js v20.20.2\n",
         "abc"},
        {1,
         "/a.js:1\n\nTypeError: fetch failed\n    at f (a:1) {\n  [cause]: Error: refused\n      "
         "at g (b:2) {\n"
         "    errno: -111\n  }\n}\n\nNode.js v20.20.2",
         "TypeError: fetch failed"},
        {1, NODE "bye\n", ""},
        {1, "TypeError: boom\n    at f (/a.js:1:1)\n", ""}, /* console.error(e) */
        {3, NODE, ""},
        /* Java */
        {1, JAVA, "Exception in thread \"main\" java.lang.IllegalStateException: boom"},
        {1, JAVA "Caused by: java.lang.RuntimeException: why\n\tat A.g(A.java:2)\n\t... 3 more\n",
         "Exception in thread \"main\" java.lang.IllegalStateException: boom"},
        {1, "Exception in thread \"main\" E", "Exception in thread \"main\" E"},
        {1, JAVA "failed: x\n", ""},
        {1, "Exception in thread \"worker\" E: x\n\tat A.f(A.java:1)\n", ""},
        {143, JAVA, "signal"},
        /* Ruby */
        {1, RUBY, "a.rb:1:in `f': boom (RuntimeError)"},
        {1, "a.rb:1:in 'Task#f': boom (RuntimeError)\n", "a.rb:1:in 'Task#f': boom (RuntimeError)"},
        {1,
         "b.rb:1:in `<main>': undefined method `foo' for nil:NilClass (NoMethodError)\n\nnil.foo\n "
         "  ^^^^\n",
         "b.rb:1:in `<main>': undefined method `foo' for nil:NilClass (NoMethodError)"},
        {1,
         "b.rb:1:in `<main>': undefined method `foo' for nil (NoMethodError)\n\n  nil.foo\n     "
         "^^^^\n",
         "b.rb:1:in `<main>': undefined method `foo' for nil (NoMethodError)"},
        {1, RUBY "failed: x\n", ""},
        /* Go */
        {2, GO, "panic: boom"},
        {2,
         "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 "
         "[select]:\nmain.main()\n\t/a.go:2\n",
         "fatal error: all goroutines are asleep - deadlock!"},
        {1, GO "exit status 2\n", "panic: boom"}, /* go run */
        {1, GO, ""},
        {2, GO "failed: x\n", ""},
        {2, "panic: boom\n", ""},
        {2, "usage: poll URL\n", ""},
        {1, "exit status 2\n", ""},
        /* PHP */
        {255, PHP, "PHP Fatal error:  Uncaught Exception: boom in /a.php:1"},
        {255, "PHP Fatal error:  Allowed memory size exhausted in /a.php on line 3",
         "PHP Fatal error:  Allowed memory size exhausted in /a.php on line 3"},
        {255, PHP "failed: x\n", ""},
        {1, PHP, ""},
        /* Perl */
        {255, "boom at a.pl line 1.\n", "boom at a.pl line 1."},
        {255, "boom at a.pl line 12, <STDIN> line 7.\n", "boom at a.pl line 12, <STDIN> line 7."},
        {255, "boom at a.pl line .\n", ""},
        {255, "boom\n", ""}, /* die "boom\n": its own words */
        {1, "boom at a.pl line 1.\n", ""},
        /* anybody */
        {255, "", ""},
        {1, "", ""},
        {1, "\n", ""},
        {0, "", ""},
        {125, "", ""},
        {126, "", "executed"},
        {127, "", "not found"},
        {128, "", ""},
        {129, "", "signal 1 (HUP)"},
        {139, "", "signal 11 (SEGV)"},
        {192, "", "signal 64"},
        {193, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char why[128];
        struct span line;
        crash_read(rows[i].exit_code, span_of(rows[i].errors), &line, why, sizeof why);
        bool told = rows[i].line[0] ? strstr(why, rows[i].line) != NULL : why[0] == '\0';
        if (!told || (line.n && !span_is(line, rows[i].line)))
            fail_msg("row %zu: %d, %s: wanted \"%s\", got \"%s\"", i, rows[i].exit_code,
                     rows[i].errors, rows[i].line, why);
    }
}

static void a_long_line_is_cut(void **state)
{
    (void)state;
    char errors[600] = TRACEBACK "Error: ";
    char why[128];
    struct span line;
    memset(errors + strlen(errors), 'x', 400);
    crash_read(1, span_of(errors), &line, why, sizeof why);
    assert_int_equal(strlen(why), strlen("uncaught exception: ") + 90);
    assert_int_equal(line.n, strlen("Error: ") + 400);
}

static void some_exit_codes_are_known(void **state)
{
    (void)state;
    assert_non_null(strstr(crash_hint(13), "a promise that never settled"));
    assert_null(crash_hint(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_end_tells),
        cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(some_exit_codes_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
