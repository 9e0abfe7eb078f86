/* Writes JSON: strings, and values with the commas and line ends between them. */
#include "json_inner.h"

#include "base/plain.h"
#include "base/utf8.h"
#include "json.h"

#include <math.h>
#include <string.h>

/* How a byte is written in a string: 0 as it is, 'u' as \u00XX, else this letter
 * behind a backslash. */
static char escape_of(unsigned char c)
{
    static const char escapes[128] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n',  ['\r'] = 'r',
        ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\',
    };
    if (c >= sizeof escapes)
        return 0;
    return c < 0x20 && escapes[c] == 0 ? 'u' : escapes[c];
}

void json_add_string(struct buf *b, struct span text)
{
    buf_add_char(b, '"');
    while (text.n > 0 && b->broken == ERR_OK) {
        size_t plain = 0;
        while (plain < text.n && (unsigned char)text.p[plain] < 0x80
               && escape_of((unsigned char)text.p[plain]) == 0)
            plain++;
        buf_add(b, text.p, plain);
        text = span_cut(text, plain, text.n);
        if (text.n == 0)
            break;
        unsigned char c = (unsigned char)text.p[0];
        uint32_t point = c;
        size_t len = utf8_read(text, &point);
        /* Readers of JSON see the same character, but a terminal does not obey it. */
        if (c >= 0x80 && len > 0 && plain_drops(point))
            buf_addf(b, "\\u%04x", (unsigned)point);
        else if (c >= 0x80)
            buf_add_span(b, len > 0 ? span_cut(text, 0, len) : span_of(UTF8_REPLACEMENT));
        else if (escape_of(c) == 'u')
            buf_addf(b, "\\u%04x", (unsigned)c);
        else
            buf_add(b, (const char[2]){'\\', escape_of(c)}, 2);
        text = span_cut(text, len > 0 ? len : 1, text.n);
    }
    buf_add_char(b, '"');
}

void json_write_init(struct json_writer *w, struct buf *out, bool pretty)
{
    *w = (struct json_writer){.out = out, .pretty = pretty};
}

static void new_line(struct json_writer *w)
{
    if (!w->pretty)
        return;
    buf_add_char(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        buf_add(w->out, "  ", 2);
}

/* Writes what belongs before a key or an element: a comma and a line end, where there
 * must be one. */
static void begin(struct json_writer *w)
{
    if (w->after_key || w->depth == 0) {
        w->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << (w->depth - 1);
    if (w->used & bit)
        buf_add_char(w->out, ',');
    w->used |= bit;
    new_line(w);
}

void json_write_open(struct json_writer *w, char bracket)
{
    begin(w);
    if (w->depth == JSON_DEPTH_MAX) {
        if (w->out->broken == ERR_OK)
            w->out->broken = ERR_LIMIT;
        return;
    }
    buf_add_char(w->out, bracket);
    w->used &= ~(UINT64_C(1) << w->depth);
    w->depth++;
}

void json_write_close(struct json_writer *w, char bracket)
{
    if (w->depth == 0)
        return;
    w->depth--;
    if (w->used >> w->depth & 1)
        new_line(w);
    buf_add_char(w->out, bracket);
}

void json_write_key(struct json_writer *w, const char *key)
{
    begin(w);
    json_add_string(w->out, span_of(key));
    buf_add_text(w->out, w->pretty ? ": " : ":");
    w->after_key = true;
}

void json_write_raw(struct json_writer *w, struct span json)
{
    begin(w);
    buf_add_span(w->out, json);
}

void json_write_span(struct json_writer *w, struct span text)
{
    begin(w);
    json_add_string(w->out, text);
}

void json_write_text(struct json_writer *w, const char *text)
{
    if (text)
        json_write_span(w, span_of(text));
    else
        json_write_null(w);
}

void json_write_int(struct json_writer *w, int64_t value)
{
    begin(w);
    buf_add_int(w->out, value);
}

void json_write_double(struct json_writer *w, double value)
{
    char text[32];
    if (!isfinite(value)) {
        json_write_null(w); /* JSON cannot say infinity or NaN */
        return;
    }
    json_number_write(value, text);
    json_write_raw(w, span_of(text));
}

void json_write_bool(struct json_writer *w, bool value)
{
    json_write_raw(w, span_of(value ? "true" : "false"));
}

void json_write_null(struct json_writer *w)
{
    json_write_raw(w, span_of("null"));
}

void json_member_text(struct json_writer *w, const char *key, const char *text)
{
    json_write_key(w, key);
    json_write_text(w, text);
}

void json_member_span(struct json_writer *w, const char *key, struct span text)
{
    json_write_key(w, key);
    json_write_span(w, text);
}

void json_member_int(struct json_writer *w, const char *key, int64_t value)
{
    json_write_key(w, key);
    json_write_int(w, value);
}

void json_member_double(struct json_writer *w, const char *key, double value)
{
    json_write_key(w, key);
    json_write_double(w, value);
}

void json_member_bool(struct json_writer *w, const char *key, bool value)
{
    json_write_key(w, key);
    json_write_bool(w, value);
}
