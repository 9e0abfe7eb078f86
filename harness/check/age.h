/* How old a recorded reply is. */
#ifndef UNDERSTUDY_HARNESS_CHECK_AGE_H
#define UNDERSTUDY_HARNESS_CHECK_AGE_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct check_age {
    int64_t max_s; /* 0: any age is good */
    int64_t now_s; /* Unix */
};

/* "90d", "12h" or a duration of base/text.h. False when it is none. */
bool check_age_read(const char *text, int64_t *max_s);

struct checking;

/* Warns of a reply that is too old: by its Date header, else by recorded, the time that its file tells as RFC 3339 says
 * ("2026-11-28T15:00:00Z"); both may be empty: then a note says so. */
void check_age_of(struct checking *k, const struct check_age *age, struct span date,
                  const char *recorded);

#endif
