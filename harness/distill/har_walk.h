/* Walks JSON text without building anything, as large as it may be: where values begin and end.
 *
 * Only what stands between values is checked: brackets, commas, colons, quotes. What a string or a number holds is
 * for who opens it (json.h), so a byte that is wrong in one entry of a recording keeps nobody from reading another.
 * Pure functions, any thread. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_WALK_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_WALK_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

enum { HAR_WALK_DEPTH_MAX = 1024 };

/* Checks that the text is one value and blanks. False: *at is the first byte that does not fit, and *why says
 * what is wrong, in a sentence's part. */
bool har_walk_check(struct span text, size_t *at, const char **why);

/* The rest is for texts that have passed it, and values in them. */

/* The value without the blanks around it. */
struct span har_walk_root(struct span text);

/* The next element of an array, *at being 0 at first and then for the next call. False at its end, and for what is
 * no array. */
bool har_walk_element(struct span array, size_t *at, struct span *value);

/* The value that a path of keys ("request/url") leads to through objects; of a key that stands twice, the first. Empty when there
 * is none. Keys are compared as they are written, without escapes. */
struct span har_walk_find(struct span value, const char *path);

#endif
