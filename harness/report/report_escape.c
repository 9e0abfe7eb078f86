/* Escaping: reads characters one by one, and replaces those that a table names for each
 * kind of text. */
#include "report_escape.h"

#include "base/utf8.h"

#include <stdint.h>

struct replacement {
    char from;
    const char *to;
};

/* The character at the start of s (not empty), and its length in bytes. U+FFFD stands for a byte that begins none,
 * and for the last two characters of each plane, which XML does not take. */
static size_t read_character(struct span s, uint32_t *point)
{
    size_t len = utf8_read(s, point);
    if (len == 0 || (*point & 0xfffe) == 0xfffe)
        *point = 0xfffd;
    return len > 0 ? len : 1;
}

static bool is_dropped(uint32_t point)
{
    bool control = (point < 0x20 && point != '\t' && point != '\n')
        || (point >= 0x7f && point < 0xa0);
    bool turns = point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e)
        || (point >= 0x2066 && point <= 0x2069);
    return control || turns;
}

static const char *find(const struct replacement *table, uint32_t point)
{
    for (; table->to; table++)
        if ((uint32_t)table->from == point)
            return table->to;
    return NULL;
}

static void escape(struct buf *out, struct span text, const struct replacement *table)
{
    while (text.n > 0) {
        uint32_t point;
        size_t len = read_character(text, &point);
        const char *to = find(table, point);
        if (to)
            buf_add_text(out, to);
        else if (point == 0xfffd)
            buf_add_text(out, UTF8_REPLACEMENT);
        else if (!is_dropped(point))
            buf_add(out, text.p, len);
        text = span_cut(text, len, text.n);
    }
}

void escape_line(struct buf *out, struct span text)
{
    static const struct replacement table[] = {{'\n', " "}, {0, NULL}};
    escape(out, text, table);
}

void escape_markup(struct buf *out, struct span text)
{
    static const struct replacement table[] = {{'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},
                                               {'"', "&quot;"}, {'\'', "&#39;"}, {0, NULL}};
    escape(out, text, table);
}

void escape_attribute(struct buf *out, struct span text)
{
    static const struct replacement table[] = {{'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},
                                               {'"', "&quot;"}, {'\'', "&#39;"}, {'\n', "&#10;"},
                                               {'\t', "&#9;"},  {0, NULL}};
    escape(out, text, table);
}

void escape_command(struct buf *out, struct span text)
{
    static const struct replacement table[] = {{'%', "%25"}, {'\n', "%0A"}, {0, NULL}};
    escape(out, text, table);
}

void escape_property(struct buf *out, struct span text)
{
    static const struct replacement table[] = {
        {'%', "%25"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}, {0, NULL}};
    escape(out, text, table);
}
