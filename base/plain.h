/* Plain text: what comes from outside (a service's reasons, names in files, what a client prints)
 * made safe for a terminal or a log. A control character may recolour a terminal, a line end forge
 * a line, a character that turns the direction of text show another name than is there. Pure
 * functions, for any thread. buf_add_plain and buf_add_plain_url (buf.h) go by it. */
#ifndef UNDERSTUDY_BASE_PLAIN_H
#define UNDERSTUDY_BASE_PLAIN_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at the start of s (not empty), and its length in bytes. U+FFFD stands for a byte that
 * begins none. */
size_t plain_read(struct span s, uint32_t *point);

/* Whether a character has no place in plain text: controls but for line feed and tab, line and
 * paragraph separators, and what turns the direction of text. */
bool plain_drops(uint32_t point);

/* Makes a text one line where it stands: a question mark for each character that has no place in it,
 * and for each byte that begins none. It never grows, and no memory is needed. */
void plain_in_place(char *text);

#endif
