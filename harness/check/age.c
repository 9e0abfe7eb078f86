/* Dates of replies, and their distance from now. */
#include "age.h"

#include "base/text.h"
#include "checking.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, DAYS_MAX = 36500 };

bool check_age_read(const char *text, int64_t *max_s)
{
    char *end = NULL;
    int64_t ms = 0;
    long number = strtol(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && end[0] == 'd' && !end[1] && number > 0
        && number <= DAYS_MAX) {
        *max_s = (int64_t)number * DAY_S;
        return true;
    }
    if (!text_duration_ms(span_of(text), &ms) || ms < 1000)
        return false;
    *max_s = ms / 1000;
    return true;
}

/* "2026-11-28T15:00:00.000+01:00"; the offset is left aside: it moves an age by hours at most. */
static bool read_rfc3339(const char *text, int64_t *unix_s)
{
    struct tm tm = {0};
    int n = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
               &tm.tm_min, &tm.tm_sec, &n)
            != 6
        || n != 19)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    *unix_s = (int64_t)timegm(&tm);
    return true;
}

void check_age_of(struct checking *k, const struct check_age *age, struct span date,
                  const char *recorded)
{
    char what[ERR_WHAT_MAX];
    int64_t then = 0;
    if (!age->max_s)
        return;
    if (!text_http_date(date, &then) && !read_rfc3339(recorded, &then)) {
        checking_tell_at(k, CHECK_NOTE, 0, "says no date: how old it is, is not known");
        return;
    }
    int64_t old = age->now_s - then;
    if (old <= age->max_s)
        return;
    bool days = old >= 2 * DAY_S;
    snprintf(what, sizeof what, "is %" PRId64 " %s old: record it anew",
             old / (days ? DAY_S : HOUR_S), days ? "days" : "hours");
    checking_tell_at(k, CHECK_WARNING, 0, what);
}
