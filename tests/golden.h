/* What a test prints is held against a file. With UPDATE_GOLDEN=1 in the environment the file is written anew: look at
 * what has changed before it is committed. */
#ifndef UNDERSTUDY_TESTS_GOLDEN_H
#define UNDERSTUDY_TESTS_GOLDEN_H

#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GOLDEN_MAX = 4 << 20 };

/* path: from the project's folder. Fails with the first line that differs. */
static inline void demand_golden(const char *path, const struct buf *got)
{
    struct buf wanted;
    buf_init(&wanted, GOLDEN_MAX);
    if (getenv("UPDATE_GOLDEN"))
        assert_int_equal(file_write(path, buf_span(got), NULL), 0);
    if (file_read(path, &wanted, NULL) != 0)
        fail_msg("there is no %s", path);
    size_t at = 0, line = 1, begin = 0;
    for (; at < wanted.n && at < got->n && wanted.p[at] == got->p[at]; at++)
        if (wanted.p[at] == '\n') {
            line++;
            begin = at + 1;
        }
    if (at < wanted.n || at < got->n)
        fail_msg("%s:%zu: wanted\n%.*s\ngot\n%.*s", path, line,
                 (int)strcspn(wanted.p + begin, "\n"), wanted.p + begin,
                 (int)strcspn(got->p + begin, "\n"), got->p + begin);
    buf_fini(&wanted);
}

#endif
