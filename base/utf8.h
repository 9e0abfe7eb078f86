/* UTF-8 as RFC 3629 has it: nothing longer than needed, no surrogates, nothing beyond U+10FFFF.
 * U+0000 is a character like any other. Pure functions, for any thread; none reads past its span. */
#ifndef UNDERSTUDY_BASE_UTF8_H
#define UNDERSTUDY_BASE_UTF8_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* U+FFFD: what a text shows for a byte that begins no character. */
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* Length of the character at s.p[0]; 0 when there is none, then *good leading bytes could still
 * have begun one. s.n > 0; good may be NULL. */
size_t utf8_len(struct span s, size_t *good);

/* As utf8_len, and the character itself. Leaves *code as it was when there is none. */
size_t utf8_read(struct span s, uint32_t *code);

/* Writes a character in its shortest form and returns its length. code <= 0x10FFFF; a surrogate is
 * written like any other, though no reader will take it. */
size_t utf8_write(uint32_t code, char out[4]);

/* True when the whole text is characters, as an empty one is. */
bool utf8_is_valid(struct span text);

/* How many characters a valid text has. */
size_t utf8_count(struct span text);

/* The length, at most most, to which text can be cut without leaving a part of a character. */
size_t utf8_cut(struct span text, size_t most);

#endif
