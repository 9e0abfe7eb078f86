/* The errors of the tree, told to those who know client.h alone. */
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

int failure_tell(struct task_failure *f, const struct err *e)
{
    if (f) {
        f->code = (enum task_failure_code)e->code;
        memcpy(f->where, e->where, sizeof f->where);
        memcpy(f->what, e->what, sizeof f->what);
    }
    return (int)e->code;
}
