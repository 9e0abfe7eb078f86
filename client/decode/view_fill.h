/* Filling a view, for decoders and refusals. */
#ifndef UNDERSTUDY_CLIENT_DECODE_VIEW_FILL_H
#define UNDERSTUDY_CLIENT_DECODE_VIEW_FILL_H

#include "client/client.h"
#include "fields.h"

#include <stddef.h>
#include <stdint.h>

/* Everything absent: zero, and a progress of -1. */
void view_clear(struct task_view *out);
/* Copies into a place of the view; ERR_LIMIT at pointer when it does not fit. */
void view_text(struct reading *r, const char *pointer, const char *text, char *out,
               size_t out_size);
/* Copies a text for people. One that does not fit is cut at a character and ends in an ellipsis
 * (U+2026); out_size is at least that character's 4 bytes. */
void view_cut(const char *text, char *out, size_t out_size);
void view_int(int64_t n, char *out, size_t out_size);

#endif
