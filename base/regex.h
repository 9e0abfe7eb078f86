/* Regular expressions: the one door to PCRE2.
 *
 * A pattern is PCRE2's in UTF mode, which reads what ECMAScript writes too, \u00e9 and \u{1F600}
 * among it. \d, \w and \s are ASCII. `$` is the very end of the subject, not before a last line feed.
 *
 * Nothing that is matched can hang: a search is counted in steps, one for each item of the pattern
 * that is tried and one for each REGEX_STEP_BYTES of the subject that it passes or may have looked at.
 * Each limit below that is hit is an ERR_LIMIT that names its number.
 *
 * An open struct regex is never changed: many threads may search with it at once. Each search
 * takes and frees its own memory. */
#ifndef UNDERSTUDY_BASE_REGEX_H
#define UNDERSTUDY_BASE_REGEX_H

#include "err.h"
#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REGEX_PATTERN_MAX = 4096,    /* bytes of a pattern */
    REGEX_SUBJECT_MAX = 1 << 20, /* bytes of what is searched */
    REGEX_STEPS_MAX = 1000000,   /* steps of a search */
    REGEX_STEP_BYTES = 32,
    REGEX_DEPTH_MAX = 10000, /* places that a search can go back to */
    REGEX_HEAP_KIB_MAX = 8192
};

enum { REGEX_MULTI_LINE = 1 }; /* ^ and $ match at the start and the end of each line too */

struct regex;

/* Compiles. Free with regex_close (NULL is fine).
 *
 *   ERR_SYNTAX  it is no pattern; e->where is "byte N", e->what PCRE2's words
 *   ERR_LIMIT   it is longer than REGEX_PATTERN_MAX
 *   ERR_MEMORY
 *
 * On error *out is NULL. */
int regex_open(const char *pattern, unsigned flags, struct regex **out, struct err *e);
void regex_close(struct regex *re);

/* How many groups in parentheses the pattern has. */
size_t regex_group_count(const struct regex *re);

/* Finds the first match. groups[0] becomes the whole of it, groups[1] what the first parentheses hold,
 * and so on: parts of the subject. A group that took no part in the match, or that the pattern
 * does not have, is {NULL, 0}; groups beyond n are not told. groups may be NULL when n is 0.
 *
 *   0              found
 *   ERR_NOT_FOUND  nothing in the subject matches
 *   ERR_LIMIT      a limit was hit: whether there is a match is not known
 *   ERR_SYNTAX     the subject is not UTF-8; e->where is "byte N"
 *   ERR_MEMORY
 *
 * On error all groups are {NULL, 0}. */
int regex_find(const struct regex *re, struct span subject, struct span *groups, size_t n,
               struct err *e);

/* The same for who only wants to know whether there is a match, and counts the steps of several
 * searches together: *steps are left before, and after. ERR_LIMIT when they do not suffice; *steps
 * is 0 then. */
int regex_test(const struct regex *re, struct span subject, uint32_t *steps, struct err *e);

#endif
