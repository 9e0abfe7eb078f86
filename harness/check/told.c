/* Findings in their forms. */
#include "told.h"

#include "base/file.h"
#include "base/json/json.h"
#include "base/text.h"
#include "harness/report/report_escape.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 64 << 20 };

static const char *const level_names[] = {"wrong", "warning", "note", NULL};
static const char *const form_names[] = {"text", "json", "github", NULL};

const char *check_level_name(enum check_level level)
{
    return level_names[level];
}

static size_t index_of(const char *word, size_t n, const char *const *words)
{
    size_t i = 0;
    while (words[i] && !span_is((struct span){word, n}, words[i]))
        i++;
    return i;
}

bool check_level_read(const char *name, enum check_level *out, struct err *e)
{
    size_t i = index_of(name, strlen(name), level_names);
    const char *near = text_nearest(name, level_names);
    if (level_names[i])
        *out = (enum check_level)i;
    else
        err_set(e, ERR_USAGE, "--fail-on", "\"%s\" is not wrong, warning or note%s%s", name,
                near ? "; nearest: " : "", near ? near : "");
    return level_names[i];
}

int check_told_open(const struct args_list *words, struct check_told *t, struct err *e)
{
    unsigned printed = 0;
    *t = (struct check_told){0};
    for (int i = 0; i < CHECK_FORMS; i++)
        buf_init(&t->forms[i].out, BYTES_MAX);
    for (int i = 0; i < words->count; i++) {
        const char *word = words->values[i];
        size_t n = strcspn(word, "="), form = index_of(word, n, form_names);
        const char *near = text_nearest(word, form_names);
        if (!form_names[form])
            return err_set(e, ERR_USAGE, "--report", "\"%s\" is not text, json or github%s%s", word,
                           near ? "; nearest: " : "", near ? near : "");
        if (word[n] && (!word[n + 1] || form == CHECK_TEXT))
            return err_set(e, ERR_USAGE, "--report", "\"%s\": %s", word,
                           form == CHECK_TEXT ? "text is printed" : "the file has no name");
        t->forms[form].wanted = true;
        t->forms[form].path = word[n] ? word + n + 1 : NULL;
        printed += !word[n];
    }
    if (printed > 1)
        return err_set(e, ERR_USAGE, "--report",
                       "one report can be printed: give the others a file");
    t->forms[CHECK_TEXT].wanted = t->forms[CHECK_TEXT].wanted || printed == 0;
    t->prints_text = t->forms[CHECK_TEXT].wanted;
    return 0;
}

void check_told_fini(struct check_told *t)
{
    for (int i = 0; i < CHECK_FORMS; i++)
        buf_fini(&t->forms[i].out);
}

/* -- Places ----------------------------------------------------------------------------------- */

struct place {
    struct span file;
    long line, column; /* 0: not known */
};

/* Takes ":NUMBER" from the end. */
static long take_number(struct span *text)
{
    size_t at = text->n;
    while (at && isdigit((unsigned char)text->p[at - 1]))
        at--;
    if (at == text->n || at < 2 || text->p[at - 1] != ':')
        return 0;
    long number = strtol(text->p + at, NULL, 10);
    text->n = at - 1;
    return number;
}

static struct place place_of(const char *where)
{
    struct place p = {.file = span_of(where)};
    const char *entry = strstr(where, ": /"); /* in a recording */
    if (entry) {
        p.file.n = (size_t)(entry - where);
        return p;
    }
    long last = take_number(&p.file), before = take_number(&p.file);
    p.line = before ? before : last;
    p.column = before ? last : 0;
    return p;
}

/* -- Forms ------------------------------------------------------------------------------------ */

void check_told_what(struct buf *out, const struct check_finding *f)
{
    buf_add_text(out, f->e->what);
    if (f->rule[0])
        buf_addf(out, " (contract: %s)", f->rule);
}

static void add_json(struct check_told *t, const struct check_finding *f)
{
    struct place place = place_of(f->e->where);
    struct buf *out = &t->forms[CHECK_JSON].out;
    struct json_writer w;
    buf_add_text(out, out->n ? ",\n    " : "\n    ");
    json_write_init(&w, out, false);
    json_write_open(&w, '{');
    json_member_text(&w, "level", check_level_name(f->level));
    json_member_span(&w, "file", place.file);
    json_member_text(&w, "where", f->e->where);
    if (place.line)
        json_member_int(&w, "line", place.line);
    if (place.column)
        json_member_int(&w, "column", place.column);
    json_member_text(&w, "what", f->e->what);
    json_member_text(&w, "value", f->value);
    json_member_text(&w, "rule", f->rule);
    json_write_close(&w, '}');
}

static void add_github(struct check_told *t, const struct check_finding *f)
{
    static const char *const commands[] = {"error", "warning", "notice"};
    struct place place = place_of(f->e->where);
    struct buf *out = &t->forms[CHECK_GITHUB].out;
    struct buf what;
    if (f->level == CHECK_NOTE && !t->notes)
        return;
    buf_init(&what, BYTES_MAX);
    check_told_what(&what, f);
    buf_addf(out, "::%s file=", commands[f->level]);
    escape_property(out, place.file);
    if (place.line)
        buf_addf(out, ",line=%ld", place.line);
    if (place.column)
        buf_addf(out, ",col=%ld", place.column);
    buf_add_text(out, ",title=harness check::");
    escape_command(out, buf_span(&what));
    buf_add_char(out, '\n');
    buf_break_with(out, &what);
    buf_fini(&what);
}

void check_told_add(struct check_told *t, const struct check_finding *f)
{
    t->counts[f->level]++;
    if (t->forms[CHECK_JSON].wanted)
        add_json(t, f);
    if (t->forms[CHECK_GITHUB].wanted)
        add_github(t, f);
}

static void end_json(struct check_told *t)
{
    struct buf whole;
    struct buf *out = &t->forms[CHECK_JSON].out;
    buf_init(&whole, BYTES_MAX);
    buf_addf(&whole,
             "{\n  \"format\": 1,\n  \"wrong\": %u,\n  \"warnings\": %u,\n  \"notes\": %u,\n"
             "  \"findings\": [",
             t->counts[CHECK_WRONG], t->counts[CHECK_WARNING], t->counts[CHECK_NOTE]);
    buf_add_span(&whole, buf_span(out));
    buf_add_text(&whole, out->n ? "\n  ]\n}\n" : "]\n}\n");
    buf_break_with(&whole, out);
    buf_fini(out);
    *out = whole;
}

int check_told_end(struct check_told *t, struct buf **printed, struct err *e)
{
    int first = 0;
    *printed = NULL;
    if (t->forms[CHECK_JSON].wanted)
        end_json(t);
    if (t->forms[CHECK_GITHUB].wanted)
        buf_addf(&t->forms[CHECK_GITHUB].out,
                 "::notice title=harness check::%u wrong, %u warnings, %u notes\n",
                 t->counts[CHECK_WRONG], t->counts[CHECK_WARNING], t->counts[CHECK_NOTE]);
    for (int i = CHECK_JSON; i < CHECK_FORMS; i++) {
        struct buf *out = &t->forms[i].out;
        if (!t->forms[i].wanted)
            continue;
        int code = buf_err(out, "the report", first ? NULL : e);
        if (!code && t->forms[i].path)
            code = file_write(t->forms[i].path, buf_span(out), first ? NULL : e);
        else if (!code)
            *printed = out;
        first = first ? first : code;
    }
    return first;
}
