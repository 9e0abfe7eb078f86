/* Small readers and writers of text that every room needs. All are thread safe: nothing is
 * kept between calls. Functions that take out and out_size write at most out_size bytes,
 * the terminator included. */
#ifndef UNDERSTUDY_BASE_TEXT_H
#define UNDERSTUDY_BASE_TEXT_H

#include "buf.h"
#include "err.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>

/* Durations as people write them to milliseconds, 0..24 h: digits, perhaps a point and more digits,
 * and one of ms, s, m and h without a space: "250ms", "5s", "1.5s", "10m", "1h". False, and *out is
 * 0, on anything else, and on what is no whole number of milliseconds. */
bool text_duration_ms(struct span text, int64_t *out);

/* Milliseconds for people: "250 ms", "5 s", "1 m 30 s". Returns out. */
const char *text_of_ms(int64_t ms, char *out, size_t out_size);

/* The word for so many things: text_count_word(n, "reply", "replies"). */
const char *text_count_word(uint64_t n, const char *one, const char *many);

/* The candidate that the fewest edits make of word (case ignored), for "did you mean"; NULL when
 * none is near enough to be a likely typing slip: at most one edit for three letters, or one.
 * candidates ends with NULL; words longer than 63 bytes are not compared. */
const char *text_nearest(const char *word, const char *const *candidates);

/* Shell-style match of the whole text, by bytes: * any run, ? any byte, [a-z] and [!a-z] a class; a
 * "[" that is never closed stands for itself. At most text length times pattern length steps. */
bool text_glob(const char *pattern, const char *text);

/* True for [A-Za-z0-9._-]{1,100} that does not start with a dot: replies, scenarios, upstreams. */
bool text_is_name(struct span text);

/* 0 to 15; -1 for what is no hexadecimal digit. */
int text_hex_value(char c);

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

/* A moment: Unix seconds, and 10^-18 of a second behind them. */
struct text_moment {
    int64_t s;
    uint64_t atto;
};
/* Reads RFC 3339 and what programs write in its stead: a fraction of any length behind a point or comma
 * (digits beyond the eighteenth are dropped), a space for the T, "+0100" and "+01" for "+01:00", no zone for
 * UTC, no seconds. False, and *out is 0, on anything else. */
bool text_rfc3339(struct span text, struct text_moment *out);

/* Why a file that a person saved cannot be read, when the way it was saved is why: with a byte order
 * mark, as UTF-16 or compressed. NULL when it is not. Only the first bytes are looked at. */
const char *text_saved_wrong(struct span file);

/* A small seeded generator (splitmix64): same seed, same numbers, on every machine. */
uint64_t text_random(uint64_t *state);

#endif
