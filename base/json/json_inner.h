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

/* What a text holds, so that who builds a tree looks closer only where there is something to see. */
struct json_traits {
    bool odd_tokens; /* a number that json_number_is_long, or a string with a json_string_fault */
    bool repeated_keys; /* an object has a key twice */
};

/* As json_scan, or json_scan_strict when strict; *traits is for a text that passes. */
int json_scan_traits(struct span text, bool strict, size_t *at, struct json_traits *traits,
                     struct err *e);

/* Why a value that the grammar allows cannot be read. */
enum json_fault {
    JSON_FAULT_NONE,
    JSON_FAULT_HALF_PAIR, /* a string with an unpaired surrogate escape */
    JSON_FAULT_NUL,       /* a string with \u0000 */
    JSON_FAULT_RANGE,     /* a number beyond a double */
    JSON_FAULT_REPEATED,  /* its key stands more than once in its object */
    JSON_FAULT_KEY        /* its key has a JSON_FAULT_HALF_PAIR or JSON_FAULT_NUL */
};

/* The first fault of a scanned string, which is given with its quotes. */
enum json_fault json_string_fault(struct span string);

/* The next string (keys are strings too), number or word of a scanned text from *at on; *at moves
 * behind it. Empty at the end. */
struct span json_next_token(struct span text, size_t *at);

/* Rewrites a scanned text in place so that cJSON can read it: numbers that are too long for it become
 * shorter, and what a string cannot hold becomes U+FFFD. Nothing changes its place. */
void json_make_plain(char *text, size_t len);

/* cJSON as released copies a number into 63 bytes before it reads it and refuses longer ones. */
enum { JSON_PLAIN_NUMBER_MAX = 63 };

/* The code unit of the escape \uXXXX that begins at p; -1 when none does. */
int json_unit(const char *p, const char *end);

/* The next character of a scanned string, unescaped, as UTF-8 bytes. *p stands behind the opening
 * quote at first. Returns the number of bytes, 0 at the closing quote. \u0000 is one zero byte, half
 * a surrogate pair the three bytes that would be its UTF-8 if it had one. */
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
