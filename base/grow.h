/* Growing lists: room for one more element, doubled when it runs out.
 *
 * The list, its count and its room are the caller's; a list begins as NULL, 0 and 0, and is freed
 * with free. For example
 *
 *     struct job *list = grow(jobs->list, jobs->count, &jobs->room, sizeof *list, JOBS_MAX);
 *     if (!list)
 *         return false;
 *     jobs->list = list;
 *     jobs->list[jobs->count++] = job;
 */
#ifndef UNDERSTUDY_BASE_GROW_H
#define UNDERSTUDY_BASE_GROW_H

#include <stddef.h>
#include <stdint.h>

/* Returns the list with room for at least count + 1 elements of size bytes; it may have moved, and
 * *room says how many it holds now. NULL when count has reached max (SIZE_MAX: no maximum) or memory
 * is out: then list and *room are as they were, and the list is still the caller's to use and free.
 * count is at most *room, size not 0. */
__attribute__((warn_unused_result)) void *grow(void *list, size_t count, size_t *room, size_t size,
                                               size_t max);

#endif
