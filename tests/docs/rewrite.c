/* How a table is found in a file and put in anew. */
#include "tables.h"

#include "base/json/json.h"
#include "harness/report/report.h"

#include <string.h>

enum { FILE_MAX = 1 << 20 };

/* The first line of text, its end included. */
static struct span line_of(struct span text)
{
    return span_cut(text, 0, span_find(text, '\n') + 1);
}

static struct span behind(struct span text, struct span line)
{
    return span_cut(text, line.n, text.n);
}

/* Where the line stands, from the beginning of the text; text.n when it stands nowhere. */
static size_t find_line(struct span text, const char *line)
{
    size_t at = 0;
    while (at < text.n) {
        struct span here = line_of(span_cut(text, at, text.n));
        if (span_is(span_trim(here), line))
            return at;
        at += here.n;
    }
    return at;
}

static int rewrite_rows(const struct table *table, struct span text, struct buf *out, struct err *e)
{
    size_t at = find_line(text, table->at);
    struct span rest = span_cut(text, at, text.n);
    rest = behind(rest, line_of(rest)); /* the names of the columns */
    if (at == text.n || !span_starts(rest, "|--") || find_line(rest, table->at) < rest.n)
        return err_set(e, ERR_NOT_FOUND, table->file,
                       "should have a table once that begins with %s", table->at);
    rest = behind(rest, line_of(rest)); /* the line below them */
    buf_add_span(out, span_cut(text, 0, text.n - rest.n));
    table->write(out);
    while (span_starts(rest, "|"))
        rest = behind(rest, line_of(rest));
    buf_add_span(out, rest);
    return 0;
}

/* How far the line at this place is indented. */
static size_t indent_at(struct span text, size_t at)
{
    size_t begin = at, n = 0;
    while (begin > 0 && text.p[begin - 1] != '\n')
        begin--;
    while (text.p[begin + n] == ' ')
        n++;
    return n;
}

static int rewrite_value(const struct table *table, struct span text, struct buf *out,
                         struct err *e)
{
    struct json_range old;
    struct buf value;
    int code = json_scan(text, NULL, e);
    if (code)
        return code;
    if (!json_find(text, table->at, &old))
        return err_set(e, ERR_NOT_FOUND, table->file, "should have a value at %s", table->at);
    size_t indent = indent_at(text, old.key_at);
    buf_init(&value, FILE_MAX);
    table->write(&value);
    buf_add_span(out, span_cut(text, 0, old.at));
    for (size_t i = 0; i < value.n; i++) {
        buf_add_char(out, value.p[i]);
        for (size_t k = 0; value.p[i] == '\n' && k < indent; k++)
            buf_add_char(out, ' ');
    }
    buf_add_span(out, span_cut(text, old.at + old.len, text.n));
    code = buf_err(&value, table->at, e);
    buf_fini(&value);
    return code;
}

int table_rewrite(const struct table *table, struct span text, struct buf *out, struct err *e)
{
    int code = table->at[0] == '/' ? rewrite_value(table, text, out, e)
                                   : rewrite_rows(table, text, out, e);
    return code ? code : buf_err(out, table->file, e);
}

int tables_rewrite(const char *file, struct span text, struct buf *out, struct err *e)
{
    int code = 0;
    buf_add_span(out, text);
    for (const struct table *t = tables(); t->file && !code; t++) {
        struct buf next;
        if (strcmp(t->file, file) != 0)
            continue;
        buf_init(&next, FILE_MAX);
        code = table_rewrite(t, buf_span(out), &next, e);
        buf_reset(out);
        buf_add_span(out, buf_span(&next));
        buf_fini(&next);
    }
    return code ? code : buf_err(out, file, e);
}

int rule_page_rewrite(const struct rule *rule, struct span text, struct buf *out, struct err *e)
{
    for (int i = 0; i < 3; i++)
        text = behind(text, line_of(text));
    buf_addf(out, "# %s\n\n%s: a client %s.\n", rule->name, report_level_name(rule->level),
             rule->demand);
    buf_add_span(out, text);
    return buf_err(out, rule->name, e);
}
