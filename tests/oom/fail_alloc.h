/* Memory that fails when it is told to. The target fail_alloc brings the linker options that put this
 * between our code and the allocator: ours and cJSON's allocations come through here, those inside
 * shared libraries do not. One thread. */
#ifndef UNDERSTUDY_TESTS_OOM_FAIL_ALLOC_H
#define UNDERSTUDY_TESTS_OOM_FAIL_ALLOC_H

#include <stdbool.h>

enum fail_how { FAIL_ONCE, FAIL_FOR_GOOD };

/* From now on allocation number nth (from 1) fails, once or with all that follow. */
void fail_alloc_at(unsigned nth, enum fail_how how);

/* Memory works again. Returns how many allocations were refused since fail_alloc_at. */
unsigned fail_alloc_stop(void);

/* Allocations asked for since the program began, refused ones included. */
unsigned long fail_alloc_calls(void);

/* Blocks that were allocated and not yet freed: the same before and after what keeps nothing. */
long fail_alloc_live(void);

#endif
