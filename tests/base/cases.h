/* What every test of the ground includes: cmocka in its order, and the length of a table. */
#ifndef UNDERSTUDY_TESTS_BASE_CASES_H
#define UNDERSTUDY_TESTS_BASE_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#endif
