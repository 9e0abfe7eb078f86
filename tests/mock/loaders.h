/* Helpers of the loaders' tests: a good text, edited in one spot, and what the error must say. */
#ifndef UNDERSTUDY_TESTS_MOCK_LOADERS_H
#define UNDERSTUDY_TESTS_MOCK_LOADERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One broken file: the good text with `from` replaced by `to`. */
struct broken {
    const char *from;
    const char *to;
    const char *where; /* the end of e->where: ":LINE:COLUMN" */
    const char *what;  /* words in e->what */
};

/* Caller frees. */
static inline char *edited(const char *good, const char *from, const char *to)
{
    const char *at = strstr(good, from);
    if (!at)
        fail_msg("the good text has no \"%s\"", from);
    size_t room = strlen(good) + strlen(to) + 1;
    char *text = malloc(room);
    assert_non_null(text);
    snprintf(text, room, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return text;
}

static inline void assert_error(const struct err *e, const char *row, const char *where,
                                const char *what)
{
    size_t n = strlen(e->where), m = strlen(where);
    if (e->code == ERR_OK || n < m || strcmp(e->where + n - m, where) != 0
        || !strstr(e->what, what))
        fail_msg("row \"%s\"\n  wanted %s  %s\n  got    %s  %s", row, where, what, e->where,
                 e->what);
}

#endif
