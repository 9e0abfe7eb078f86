/* Small readers and writers of text that every room needs. */
#ifndef UNDERSTUDY_BASE_TEXT_H
#define UNDERSTUDY_BASE_TEXT_H

#include "buf.h"
#include "err.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>

/* "250ms", "5s", "1.5s", "10m", "1h" to milliseconds; at most 24 h. False on anything else. */
bool text_duration_ms(struct span text, int64_t *out);

/* Milliseconds for people: "250 ms", "5 s", "1 m 30 s". Returns out. */
const char *text_of_ms(int64_t ms, char *out, size_t out_size);

/* The word for so many things: text_count_word(n, "reply", "replies"). */
const char *text_count_word(uint64_t n, const char *one, const char *many);

/* The candidate nearest to word (edits, case ignored); NULL when none is near enough to be a
 * likely slip. candidates ends with NULL. */
const char *text_nearest(const char *word, const char *const *candidates);

/* Shell-style match of the whole text: * ? [..]; never more than linear-times-pattern work. */
bool text_glob(const char *pattern, const char *text);

/* True for [A-Za-z0-9._-]{1,100} that does not start with a dot: replies, scenarios, upstreams. */
bool text_is_name(struct span text);

/* Decodes %XX into out (terminated). False on a bad escape, a NUL, or when it does not fit. */
bool text_percent_decode(struct span text, char *out, size_t out_size);
/* Appends text with everything but RFC 3986 unreserved characters as %XX. */
void text_percent_encode(struct buf *out, struct span text);

/* HTTP-date (all three forms of RFC 9110 §5.6.7) to Unix seconds, and the preferred form back.
 * The name of the day is not compared with the date; a year of two digits is 1970 to 2069. Writers
 * give "" for years that four digits cannot say. */
bool text_http_date(struct span text, int64_t *unix_s);
const char *text_of_http_date(int64_t unix_s, char *out, size_t out_size);
/* RFC 3339 with milliseconds in UTC, as HAR wants: "2024-01-15T16:00:00.000Z". */
const char *text_of_rfc3339(int64_t unix_ms, char *out, size_t out_size);

/* A small seeded generator (splitmix64): same seed, same numbers, on every machine. */
uint64_t text_random(uint64_t *state);

#endif
