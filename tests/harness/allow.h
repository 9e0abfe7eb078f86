/* A process that may have less than it has: for tests of what is done without. */
#ifndef UNDERSTUDY_TESTS_HARNESS_ALLOW_H
#define UNDERSTUDY_TESTS_HARNESS_ALLOW_H

#include <sys/resource.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* How much of it this process may have from now on; returns how much it might before. */
static inline rlim_t allow(__rlimit_resource_t what, rlim_t count)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(what, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = count;
    assert_int_equal(setrlimit(what, &limit), 0);
    return before;
}

#endif
