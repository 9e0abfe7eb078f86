/* Typed reading of a JSON object's members, with the pointer of the first that is wrong. */
#include "fields.h"

#include "base/span.h"

#include <stdio.h>
#include <string.h>

enum { PERCENT_MAX = 100 };

static const int64_t MILLISECONDS_FROM = 100000000000; /* 1e11: the year 5138 in seconds */
static const int64_t TIME_MAX_MS = 253402300799999;    /* the last millisecond of year 9999 */

/* The pointer is only built when something is wrong, from the chain of parents. */
static size_t pointer_write(const struct fields *f, char *out, size_t out_size)
{
    if (!f->parent)
        return 0;
    size_t at = pointer_write(f->parent, out, out_size);
    int n = f->key ? snprintf(out + at, out_size - at, "/%s", f->key)
                   : snprintf(out + at, out_size - at, "/%zu", f->index);
    return (size_t)n >= out_size - at ? out_size - 1 : at + (size_t)n;
}

void field_fail(const struct fields *f, const char *key, enum err_code code, const char *what)
{
    if (f->reading->code != 0)
        return;
    struct fields here = {.parent = f, .key = key};
    char where[ERR_WHERE_MAX] = "";
    pointer_write(key ? &here : f, where, sizeof where);
    f->reading->code = err_set(f->reading->e, code, where, "%s", what);
}

static void wrong_kind(const struct fields *f, const char *key, const char *wanted,
                       const struct json *got)
{
    char what[ERR_WHAT_MAX];
    const char *reason = json_unreadable(got);
    snprintf(what, sizeof what, "should be %s, is %s%s%s", wanted, json_kind_name(json_kind(got)),
             reason ? ": " : "", reason ? reason : "");
    field_fail(f, key, ERR_CONTRACT, what);
}

static const struct json *member(const struct fields *f, const char *key)
{
    const struct json *v = json_get(f->object, key);
    return json_kind(v) == JSON_NULL ? NULL : v;
}

/* The member when it is of that kind; NULL, said when strict, when it is of another. */
static const struct json *member_of(const struct fields *f, const char *key, enum json_kind kind,
                                    const char *wanted, bool strict)
{
    const struct json *v = member(f, key);
    if (!v || json_kind(v) == kind)
        return v;
    if (strict)
        wrong_kind(f, key, wanted, v);
    return NULL;
}

struct fields fields_of(const struct json *root, struct reading *reading)
{
    struct fields f = {.object = root, .reading = reading};
    if (json_kind(root) != JSON_OBJECT) {
        wrong_kind(&f, NULL, "an object", root);
        f.object = NULL;
    }
    return f;
}

struct fields field_object(const struct fields *f, const char *key)
{
    return (struct fields){.object = member_of(f, key, JSON_OBJECT, "an object", true),
                           .parent = f,
                           .key = key,
                           .reading = f->reading};
}

struct fields note_object(const struct fields *f, const char *key)
{
    return (struct fields){.object = member_of(f, key, JSON_OBJECT, "an object", false),
                           .parent = f,
                           .key = key,
                           .reading = f->reading};
}

struct fields field_list(const struct fields *f, const char *key, const struct json **first)
{
    *first = json_first(member_of(f, key, JSON_ARRAY, "a list", true));
    return (struct fields){.parent = f, .key = key, .reading = f->reading};
}

struct fields fields_item(const struct fields *list, const struct json *item, size_t index)
{
    struct fields f = {.object = item, .parent = list, .index = index, .reading = list->reading};
    if (json_kind(item) != JSON_OBJECT) {
        wrong_kind(&f, NULL, "an object", item);
        f.object = NULL;
    }
    return f;
}

bool field_has(const struct fields *f, const char *key)
{
    return member(f, key);
}

void field_need(const struct fields *f, const char *key)
{
    if (!field_has(f, key))
        field_fail(f, key, ERR_CONTRACT, "is missing");
}

static const char *text_or_empty(const struct json *v)
{
    const char *text = json_string(v);
    return text ? text : "";
}

const char *field_text(const struct fields *f, const char *key)
{
    return text_or_empty(member_of(f, key, JSON_STRING, "a string", true));
}

const char *note_text(const struct fields *f, const char *key)
{
    return text_or_empty(member(f, key));
}

void field_word(const struct fields *f, const char *key, char *out, size_t out_size)
{
    const struct json *v = member(f, key);
    out[0] = '\0';
    if (!v)
        return;
    if (json_kind(v) != JSON_STRING && json_kind(v) != JSON_NUMBER) {
        wrong_kind(f, key, "a string", v);
        return;
    }
    const char *text = json_string(v);
    bool fits = text ? span_copy(span_of(text), out, out_size) : json_number_text(v, out, out_size);
    if (!fits) {
        char what[ERR_WHAT_MAX];
        snprintf(what, sizeof what, "is longer than %zu bytes", out_size - 1);
        field_fail(f, key, ERR_LIMIT, what);
    }
}

/* True when the value is an integer, spells one, or says none ("" counts as 0). */
static bool read_int(const struct json *v, int64_t *out)
{
    *out = 0;
    if (!v || json_int64(v, out))
        return true;
    const char *text = json_string(v);
    long long n = 0;
    if (!text || (text[0] != '\0' && !span_int64(span_trim(span_of(text)), &n)))
        return false;
    *out = n;
    return true;
}

int64_t field_int(const struct fields *f, const char *key)
{
    int64_t n;
    const struct json *v = member(f, key);
    if (!read_int(v, &n))
        wrong_kind(f, key, "an integer", v);
    return n;
}

int64_t note_int(const struct fields *f, const char *key)
{
    int64_t n;
    read_int(member(f, key), &n);
    return n;
}

bool value_time_ms(const struct json *v, int64_t *out)
{
    int64_t n;
    double fraction;
    *out = 0;
    if (read_int(v, &n)) {
        if (n > 0 && n <= TIME_MAX_MS)
            *out = n >= MILLISECONDS_FROM ? n : n * 1000;
        return true;
    }
    if (!json_double(v, &fraction))
        return false;
    if (fraction > 0 && fraction < (double)MILLISECONDS_FROM)
        *out = (int64_t)(fraction * 1000);
    return true;
}

int64_t field_time_ms(const struct fields *f, const char *key)
{
    int64_t ms;
    const struct json *v = member(f, key);
    if (!value_time_ms(v, &ms))
        wrong_kind(f, key, "a time", v);
    return ms;
}

int64_t note_time_ms(const struct fields *f, const char *key)
{
    int64_t ms;
    value_time_ms(member(f, key), &ms);
    return ms;
}

double note_double(const struct fields *f, const char *key)
{
    double d = 0;
    return json_double(member(f, key), &d) ? d : 0;
}

bool note_bool(const struct fields *f, const char *key)
{
    bool b = false;
    return json_bool(member(f, key), &b) && b;
}

const struct json *note_list(const struct fields *f, const char *key)
{
    return member_of(f, key, JSON_ARRAY, "a list", false);
}

int note_percent(const struct fields *f, const char *key)
{
    return value_percent(member(f, key));
}

int value_percent(const struct json *v)
{
    double d = -1;
    const char *text = json_string(v);
    if (text) {
        struct span s = span_trim(span_of(text));
        long long n = -1;
        if (s.n > 0 && s.p[s.n - 1] == '%')
            s.n--;
        d = span_int64(s, &n) ? (double)n : -1;
    } else if (!json_double(v, &d)) {
        return -1;
    }
    return d >= 0 && d <= PERCENT_MAX ? (int)d : -1;
}
