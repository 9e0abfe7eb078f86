/* Errors with line and column, and readers for one value each. */
#include "json_doc.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { POINTER_MAX = 64 << 10, NAME_MAX_SHOWN = 80, HINT_MAX = 256 };

static void where_of(const struct json_doc_file *file, size_t at, char *out, size_t out_size)
{
    unsigned line = 1, column = 1;
    json_line_column(file->text, at, &line, &column);
    snprintf(out, out_size, "%s:%u:%u", file->path, line, column);
}

static int open_file(const struct json_doc_file *file, bool strict, struct json **out,
                     struct err *e)
{
    struct err cause = {0};
    int (*scan)(struct span, size_t *, struct err *) = strict ? json_scan_strict : json_scan;
    int code = strict ? json_open_strict(file->text, out, &cause)
                      : json_open(file->text, out, &cause);
    if (code == ERR_OK)
        return 0;
    size_t at = 0;
    char where[ERR_WHERE_MAX];
    const char *saved_wrong = span_trim(file->text).n ? text_saved_wrong(file->text)
                                                      : "the file is empty";
    if (scan(file->text, &at, NULL) == 0)
        return err_set(e, cause.code, file->path, "%s", cause.what);
    where_of(file, saved_wrong ? 0 : at, where, sizeof where);
    return err_set(e, cause.code, where, "%s", saved_wrong ? saved_wrong : cause.what);
}

int json_doc_open(const struct json_doc_file *file, struct json **out, struct err *e)
{
    return open_file(file, true, out, e);
}

int json_doc_open_grammar(const struct json_doc_file *file, struct json **out, struct err *e)
{
    return open_file(file, false, out, e);
}

struct json_doc json_doc_root(const struct json_doc_file *file, const struct json *value,
                              const char *pointer)
{
    return (struct json_doc){.file = file, .value = value, .pointer = pointer};
}

struct json_doc json_doc_get(const struct json_doc *object, const char *key)
{
    return (struct json_doc){
        .file = object->file, .value = json_get(object->value, key), .up = object, .key = key};
}

struct json_doc json_doc_first(const struct json_doc *list_or_object)
{
    const struct json *value = json_first(list_or_object->value);
    return (struct json_doc){
        .file = list_or_object->file, .value = value, .up = list_or_object, .key = json_key(value)};
}

void json_doc_next(struct json_doc *p)
{
    p->value = json_next(p->value);
    p->key = json_key(p->value);
    p->index++;
}

/* -- Errors ----------------------------------------------------------------------------------- */

void json_doc_add_pointer(const struct json_doc *p, struct buf *out)
{
    if (!p->up) {
        buf_add_text(out, p->pointer);
        return;
    }
    json_doc_add_pointer(p->up, out);
    buf_add_char(out, '/');
    if (!p->key) {
        buf_addf(out, "%zu", p->index);
        return;
    }
    for (const char *c = p->key; *c; c++) {
        if (*c == '~' || *c == '/')
            buf_add_text(out, *c == '~' ? "~0" : "~1");
        else
            buf_add_char(out, *c);
    }
}

/* Writes "FILE:LINE:COLUMN" of the value that the JSON Pointer `rest` names below p ("" is p
 * itself; key_side: of its key). When there is no such value, of the nearest one around it; when
 * that cannot be found, FILE alone. */
static void find_where(const struct json_doc *p, const char *rest, bool key_side, char *out,
                       size_t out_size)
{
    while (!p->value && p->up)
        p = p->up;
    struct buf pointer;
    buf_init(&pointer, POINTER_MAX);
    json_doc_add_pointer(p, &pointer);
    size_t least = pointer.n;
    buf_add_text(&pointer, rest);

    struct json_range found = {0};
    bool there = !pointer.broken && json_find(p->file->text, pointer.p, &found);
    while (!there && !pointer.broken && pointer.n > least) {
        while (pointer.n > least && pointer.p[--pointer.n] != '/')
            ;
        pointer.p[pointer.n] = '\0';
        there = json_find(p->file->text, pointer.p, &found);
    }
    if (there)
        where_of(p->file, key_side ? found.key_at : found.at, out, out_size);
    else
        snprintf(out, out_size, "%s", p->file->path);
    buf_fini(&pointer);
}

__attribute__((format(printf, 5, 0))) static int error_at(const struct json_doc *p, bool key_side,
                                                          enum err_code code, struct err *e,
                                                          const char *format, va_list args)
{
    char where[ERR_WHERE_MAX], what[ERR_WHAT_MAX];
    find_where(p, "", key_side, where, sizeof where);
    vsnprintf(what, sizeof what, format, args);
    return err_set(e, code, where, "%s", what);
}

int json_doc_error(const struct json_doc *p, enum err_code code, struct err *e, const char *format,
                   ...)
{
    va_list args;
    va_start(args, format);
    int result = error_at(p, false, code, e, format, args);
    va_end(args);
    return result;
}

int json_doc_key_error(const struct json_doc *p, struct err *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = error_at(p, true, ERR_CONTRACT, e, format, args);
    va_end(args);
    return result;
}

int json_doc_adopt(const struct json_doc *p, enum err_code fallback, struct err *e)
{
    if (!e)
        return (int)fallback;
    char where[ERR_WHERE_MAX];
    find_where(p, e->where, false, where, sizeof where);
    snprintf(e->where, sizeof e->where, "%s", where);
    return (int)e->code;
}

const char *json_doc_hint(const char *word, const char *const *words, char *out, size_t out_size)
{
    const char *nearest = text_nearest(word, words);
    if (nearest) {
        snprintf(out, out_size, "; did you mean \"%s\"?", nearest);
        return out;
    }
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; words[i] && n < out_size; i++)
        n += (size_t)snprintf(out + n, out_size - n, "%s\"%s\"", i ? ", " : "; known are ",
                              words[i]);
    return out;
}

/* What an error calls the value. */
static const char *name_of(const struct json_doc *p, char *out)
{
    if (p->key)
        snprintf(out, NAME_MAX_SHOWN, "\"%s\"", p->key);
    else if (p->up)
        snprintf(out, NAME_MAX_SHOWN, "element %zu", p->index + 1);
    else
        snprintf(out, NAME_MAX_SHOWN, "%s", p->pointer[0] ? p->pointer : "the file");
    return out;
}

/* -- Readers ---------------------------------------------------------------------------------- */

int json_doc_kind(const struct json_doc *p, enum json_kind kind, struct err *e)
{
    if (json_kind(p->value) == kind)
        return 0;
    char name[NAME_MAX_SHOWN];
    name_of(p, name);
    if (!p->value)
        return json_doc_error(p, ERR_CONTRACT, e, "%s is missing", name);
    return json_doc_error(p, ERR_CONTRACT, e, "%s must be %s %s, not %s", name,
                          strchr("ao", json_kind_name(kind)[0]) ? "an" : "a", json_kind_name(kind),
                          json_kind_name(json_kind(p->value)));
}

int json_doc_object(const struct json_doc *object, const struct json_doc_field *fields, void *out,
                    struct err *e)
{
    int code = json_doc_kind(object, JSON_OBJECT, e);
    if (code)
        return code;
    const char *known[JSON_DOC_FIELDS_MAX + 1] = {0};
    for (size_t i = 0; fields[i].key && i < JSON_DOC_FIELDS_MAX; i++)
        known[i] = fields[i].key;
    for (struct json_doc p = json_doc_first(object); p.value; json_doc_next(&p)) {
        size_t row = 0;
        while (known[row] && strcmp(known[row], p.key) != 0)
            row++;
        char hint[HINT_MAX];
        if (!known[row])
            return json_doc_key_error(&p, e, "unknown key \"%s\"%s", p.key,
                                      json_doc_hint(p.key, known, hint, sizeof hint));
    }
    for (const struct json_doc_field *row = fields; row->key; row++) {
        struct json_doc p = json_doc_get(object, row->key);
        if (!p.value && row->required)
            return json_doc_error(&p, ERR_CONTRACT, e, "\"%s\" is missing", row->key);
        if (!p.value || !row->read)
            continue;
        code = row->read(&p, out, e);
        if (code)
            return code;
    }
    return 0;
}

int json_doc_text(const struct json_doc *p, const char **out, struct err *e)
{
    int code = json_doc_kind(p, JSON_STRING, e);
    if (code)
        return code;
    char name[NAME_MAX_SHOWN];
    const char *text = json_string(p->value);
    if (!text[0])
        return json_doc_error(p, ERR_CONTRACT, e, "%s must not be empty", name_of(p, name));
    *out = text;
    return 0;
}

int json_doc_int(const struct json_doc *p, int64_t min, int64_t max, int64_t *out, struct err *e)
{
    int code = json_doc_kind(p, JSON_NUMBER, e);
    if (code)
        return code;
    char name[NAME_MAX_SHOWN];
    int64_t value = 0;
    if (!json_int64(p->value, &value) || value < min || value > max)
        return json_doc_error(p, ERR_CONTRACT, e, "%s must be a whole number of %lld to %lld",
                              name_of(p, name), (long long)min, (long long)max);
    *out = value;
    return 0;
}

int json_doc_bool(const struct json_doc *p, bool *out, struct err *e)
{
    char name[NAME_MAX_SHOWN];
    if (!json_bool(p->value, out))
        return json_doc_error(p, ERR_CONTRACT, e, "%s must be true or false, not %s",
                              name_of(p, name), json_kind_name(json_kind(p->value)));
    return 0;
}

int json_doc_duration(const struct json_doc *p, int64_t *ms, struct err *e)
{
    const char *text = NULL;
    int code = json_doc_text(p, &text, e);
    if (code)
        return code;
    char name[NAME_MAX_SHOWN];
    if (!text_duration_ms(span_of(text), ms))
        return json_doc_error(p, ERR_CONTRACT, e,
                              "%s is \"%s\"; a duration is a number and ms, s, m or h, at most 24h",
                              name_of(p, name), text);
    return 0;
}

int json_doc_word(const struct json_doc *p, const char *const *words, size_t *out, struct err *e)
{
    const char *text = "";
    int code = json_doc_text(p, &text, e);
    if (code)
        return code;
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return 0;
        }
    }
    char name[NAME_MAX_SHOWN], hint[HINT_MAX];
    return json_doc_error(p, ERR_CONTRACT, e, "%s cannot be \"%s\"%s", name_of(p, name), text,
                          json_doc_hint(text, words, hint, sizeof hint));
}

bool json_doc_is_pointer(const char *text)
{
    bool good = text[0] == '/' || !text[0];
    for (const char *c = text; good && *c; c++)
        good = *c != '~' || c[1] == '0' || c[1] == '1';
    return good;
}

int json_doc_pointer(const struct json_doc *p, const char **out, struct err *e)
{
    int code = json_doc_kind(p, JSON_STRING, e);
    if (code)
        return code;
    const char *text = json_string(p->value);
    if (!json_doc_is_pointer(text))
        return json_doc_error(p, ERR_CONTRACT, e,
                              "\"%s\" is not a JSON Pointer: it starts with / and ~ is written ~0",
                              text);
    *out = text;
    return 0;
}
