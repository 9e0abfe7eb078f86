/* Buffers: growth by doubling, up to the maximum and never past it. */
#include "buf.h"

#include "plain.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256 };

/* What a buffer without memory points at, so that its text is "". Shared by all and never written:
 * such a buffer has room 0. */
static char nothing[1];

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.p = nothing, .max = max};
}

void buf_fini(struct buf *b)
{
    if (b->room > 0)
        free(b->p);
    buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
    b->n = 0;
    b->broken = ERR_OK;
    if (b->room > 0)
        b->p[0] = '\0';
}

/* Makes room for n more bytes and the terminator. False, and the buffer is broken, beyond the
 * maximum or without memory. */
static bool reserve(struct buf *b, size_t n)
{
    if (b->broken != ERR_OK)
        return false;
    if (n > b->max - b->n) {
        b->broken = ERR_LIMIT;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->room)
        return true;
    size_t room = b->room > 0 ? b->room : FIRST_ROOM;
    while (room < need && room <= SIZE_MAX / 2)
        room *= 2;
    if (room < need)
        room = need;
    char *p = realloc(b->room > 0 ? b->p : NULL, room);
    if (!p) {
        b->broken = ERR_MEMORY;
        return false;
    }
    b->p = p;
    b->room = room;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !reserve(b, n))
        return;
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_add_span(struct buf *b, struct span s)
{
    buf_add(b, s.p, s.n);
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_add_int(struct buf *b, int64_t value)
{
    char room[SPAN_INT_MAX];
    buf_add_span(b, span_of_int(value, room));
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_addv(b, format, args);
    va_end(args);
}

void buf_addv(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    char few[FIRST_ROOM];
    int n = vsnprintf(few, sizeof few, format, args);
    if (n >= 0 && (size_t)n < sizeof few) {
        buf_add(b, few, (size_t)n);
    } else if (n >= 0 && reserve(b, (size_t)n)) {
        (void)vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_add_plain(struct buf *out, struct span text)
{
    while (text.n > 0) {
        uint32_t point;
        size_t len = plain_read(text, &point);
        if (point == '\n')
            buf_add_char(out, ' ');
        else if (point == 0xfffd)
            buf_add_text(out, UTF8_REPLACEMENT);
        else if (!plain_drops(point))
            buf_add(out, text.p, len);
        text = span_cut(text, len, text.n);
    }
}

void buf_add_plain_url(struct buf *out, struct span url)
{
    while (url.n > 0) {
        uint32_t point;
        size_t len = plain_read(url, &point);
        bool odd = point <= ' ' || plain_drops(point) || utf8_len(url, NULL) == 0;
        for (size_t i = 0; i < len; i++)
            buf_addf(out, odd ? "%%%02X" : "%c", (unsigned char)url.p[i]);
        url = span_cut(url, len, url.n);
    }
}

void buf_move(struct buf *to, struct buf *from)
{
    enum err_code broken = from->broken;
    buf_add_span(to, buf_span(from));
    buf_break_with(to, from);
    buf_reset(from);
    from->broken = broken;
}

struct span buf_span(const struct buf *b)
{
    return (struct span){b->p, b->n};
}

int buf_err(const struct buf *b, const char *what, struct err *e)
{
    if (b->broken == ERR_OK)
        return 0;
    if (b->broken == ERR_LIMIT)
        return err_set(e, ERR_LIMIT, NULL, "%s is longer than %zu bytes", what, b->max);
    return err_set(e, ERR_MEMORY, NULL, "no memory for %s", what);
}

char *buf_take(struct buf *b)
{
    char *p = NULL;
    if (b->broken == ERR_OK && reserve(b, 0)) {
        p = b->p;
        p[b->n] = '\0';
        b->room = 0; /* the caller owns it now: buf_fini must not free it */
    }
    buf_fini(b);
    return p;
}
