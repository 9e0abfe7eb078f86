/* Escaping: reads characters one by one, and replaces those that a table names for each
 * kind of text. */
#include "report_escape.h"

#include "base/plain.h"
#include "base/utf8.h"

#include <stdint.h>

struct replacement {
    char from;
    const char *to;
};

/* As plain_read. XML does not take the last two characters of each plane either. */
static size_t read_character(struct span s, uint32_t *point)
{
    size_t len = plain_read(s, point);
    if ((*point & 0xfffe) == 0xfffe)
        *point = 0xfffd;
    return len;
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
        else if (!plain_drops(point))
            buf_add(out, text.p, len);
        text = span_cut(text, len, text.n);
    }
}

void escape_line(struct buf *out, struct span text)
{
    buf_add_plain(out, text);
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
