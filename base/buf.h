/* Buffers: bytes that grow up to a maximum, which each buffer must have.
 *
 * Always terminated by a NUL that is not counted. Once an append fails (maximum or memory) the
 * buffer is `broken`: later appends do nothing, so a chain of appends is checked once, by buf_err.
 * Not thread safe. */
#ifndef UNDERSTUDY_BASE_BUF_H
#define UNDERSTUDY_BASE_BUF_H

#include "err.h"
#include "span.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
    char *p;              /* never NULL after buf_init: an empty buffer points at "" */
    size_t n;             /* bytes, without the terminator */
    size_t room;          /* bytes allocated; 0: none */
    size_t max;           /* what n never exceeds */
    enum err_code broken; /* ERR_OK, ERR_LIMIT or ERR_MEMORY */
};

void buf_init(struct buf *b, size_t max); /* allocates nothing */
void buf_fini(struct buf *b);             /* frees; the buffer is empty and usable again */
void buf_reset(struct buf *b);            /* empty, keeps its memory, no longer broken */

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_add_span(struct buf *b, struct span s);
static inline void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t value);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Appends a text from outside as one line of plain text (plain.h): line ends become spaces, what is
 * not UTF-8 becomes U+FFFD, and what plain_drops is left out. */
void buf_add_plain(struct buf *b, struct span text);
/* Appends a URL as one word of a line: blanks, what plain_drops and what is not UTF-8 are
 * percent-encoded, byte by byte. */
void buf_add_plain_url(struct buf *b, struct span url);

/* Breaks b as part is broken, when it is: for what was made of a part's bytes, some of which are missing then. */
static inline void buf_break_with(struct buf *b, const struct buf *part)
{
    if (part->broken != ERR_OK)
        b->broken = part->broken;
}

/* Moves all bytes of from to the end of to. A from that is broken stays so, and breaks to: a piece is missing for good. */
void buf_move(struct buf *to, struct buf *from);

struct span buf_span(const struct buf *b); /* lent: until the next change of the buffer */

/* 0, or the code and sentence of what broke the buffer; what names the thing being built. */
int buf_err(const struct buf *b, const char *what, struct err *e);

/* Moves the bytes out (caller frees with free); NULL when broken. The buffer is empty after. */
char *buf_take(struct buf *b);

#endif
