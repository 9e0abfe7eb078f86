/* What the JSON files of this folder share: scanned characters, number tokens, pointer
 * segments. Everything here works on a text that has passed the scan, or is about to; nobody
 * else needs it. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_INNER_H
#define UNDERSTUDY_BASE_JSON_JSON_INNER_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As json_scan; also tells whether json_number_is_long is true for any number of the text, so that
 * who builds a tree pays for exact numbers only when there are any. */
int json_scan_numbers(struct span text, size_t *at, bool *long_numbers, struct err *e);

/* The next character of a scanned string, unescaped, as UTF-8 bytes. *p stands behind the opening
 * quote at first. Returns the number of bytes, 0 at the closing quote. */
size_t json_next_char(const char **p, const char *end, char out[4]);

/* Length of the number at s.p[0] by its bytes alone: digits, signs, point, exponent. */
size_t json_number_len(struct span s);

/* True for a token whose value a double's 15 digits may not hold, or that has an exponent. */
bool json_number_is_long(struct span token);

/* False when the value is beyond the range of a double. The token is a valid JSON number. */
bool json_number_double(struct span token, double *out);

/* Exact, also for 1.5e1. False for fractions and for what 64 bits cannot hold. */
bool json_number_int64(struct span token, int64_t *out);

/* The shortest text that reads back as the same double. */
void json_number_write(double value, char out[32]);

/* Takes the next segment of a JSON Pointer. False at its end, and for what is no pointer. */
bool json_segment_next(const char **pointer, struct span *segment);
/* The next byte of a segment with ~0 and ~1 decoded; -1 at its end, -2 for a wrong escape. */
int json_segment_byte(struct span *segment);
bool json_segment_index(struct span segment, size_t *index);

#endif
