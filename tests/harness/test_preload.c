/* The library that goes into clients of others on a fast clock: what is no wait, it leaves as it is. */
#include "harness/external/clockwait.h"
#include "harness/external/process.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern char **environ;

enum { PLENTY_MS = 60000, OUTPUT_MAX = 1 << 16 };

/* speed NULL: without the library. */
static void run(const char *speed, struct process *out)
{
    const char *const argv[] = {ODD_LIBC, NULL};
    struct err e = {0};
    if (speed) {
        assert_int_equal(setenv("LD_PRELOAD", clockwait_path(), 1), 0);
        assert_int_equal(setenv("UNDERSTUDY_CLOCKWAIT", speed, 1), 0);
    }
    if (process_run((char *const *)(uintptr_t)argv, environ, PLENTY_MS, OUTPUT_MAX, out, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    assert_false(out->stopped);
    unsetenv("LD_PRELOAD");
    unsetenv("UNDERSTUDY_CLOCKWAIT");
}

static void what_returns_at_once_returns_the_same_at_any_speed(void **state)
{
    (void)state;
    static const char *const speeds[] = {"1", "7", "100", "", "none", "-3"};
    struct process plain;
    run(NULL, &plain);
    assert_true(plain.output.n > 1000);
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        struct process p;
        run(speeds[i], &p);
        if (strcmp(p.output.p, plain.output.p) != 0)
            fail_msg("speed \"%s\":\n%s", speeds[i], p.output.p);
        process_fini(&p);
    }
    process_fini(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_returns_at_once_returns_the_same_at_any_speed),
    };
    return cmocka_run_group_tests_name("preload", tests, NULL, NULL);
}
