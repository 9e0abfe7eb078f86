/* From struct err, which all our code uses, to struct task_failure, which callers of client.h see.
 * The codes have the same numbers and the texts the same sizes, which the assertions below hold. */
#include "view.h"

#include <string.h>

#define SAME(name) _Static_assert((int)TASK_FAILURE_##name == (int)ERR_##name, #name)
SAME(SYNTAX);
SAME(CONTRACT);
SAME(LIMIT);
SAME(MEMORY);
SAME(FILE);
SAME(NOT_FOUND);
SAME(USAGE);
SAME(NETWORK);
SAME(TIMEOUT);
SAME(CANCELLED);
_Static_assert(sizeof(((struct task_failure *)0)->where) == ERR_WHERE_MAX, "where");
_Static_assert(sizeof(((struct task_failure *)0)->what) == ERR_WHAT_MAX, "what");

int failure_from_err(struct task_failure *f, const struct err *e)
{
    if (f) {
        f->code = (enum task_failure_code)e->code;
        memcpy(f->where, e->where, sizeof f->where);
        memcpy(f->what, e->what, sizeof f->what);
    }
    return (int)e->code;
}
