/* A secret is seen in whatever way a client writes it. */
#include "mockserver/message/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *what, *text;
    bool shown;
} rows[] = {
    {"as it is", "Bearer sk-Tok3n/77", true},
    {"in the middle of a word", "xxsk-Tok3n/77yy", true},
    {"another one", "Bearer sk-Tok3n/78", false},
    {"in other letters", "Bearer SK-TOK3N/77", false},
    {"a part of it", "sk-Tok3n/7", false},
    {"percent-encoded", "?key=sk-Tok3n%2f77&x=1", true},
    {"every byte of it", "?key=%73%6B%2D%54%6F%6B%33%6E%2F%37%37", true},
    {"percent-encoded twice", "?key=sk-Tok3n%252F77", true},
    {"percent-encoded four times", "?key=sk-Tok3n%2525252F77", true},
    {"more often than anybody looks", "?key=sk-Tok3n%252525252F77", false},
    {"in base64", "?key=c2stVG9rM24vNzc=", true},
    {"in base64 without padding", "?key=c2stVG9rM24vNzc", true},
    {"as the password of Basic credentials", "Basic dXNlcjpzay1Ub2szbi83Nw==", true},
    {"as the user of Basic credentials", "Basic c2stVG9rM24vNzc6eA==", true},
    {"other Basic credentials", "Basic dXNlcjpub2JvZHkgYXQgYWxs", false},
    {"in base64, percent-encoded", "?key=c2stVG9rM24vNzc%3D", true},
    {"in hex", "?key=736b2d546f6b336e2f3737", true},
    {"in hex of capitals", "?key=00736B2D546F6B336E2F3737", true},
    {"in hex, but for a digit", "?key=736b2d546f6b336e2f3738", false},
    {"nothing", "", false},
    {"a percent sign that encodes nothing", "100%", false},
};

static void a_secret_is_seen_however_it_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (secret_is_shown(span_of(rows[i].text), "sk-Tok3n/77") != rows[i].shown)
            fail_msg("%s: %s", rows[i].what, rows[i].text);
}

static void no_secret_is_shown_by_nothing(void **state)
{
    (void)state;
    assert_false(secret_is_shown(span_of("text"), NULL));
    assert_false(secret_is_shown(span_of("text"), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_seen_however_it_is_written),
        cmocka_unit_test(no_secret_is_shown_by_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
