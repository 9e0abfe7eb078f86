/* Schemas: type, const, enum, and the keywords of strings and numbers. */
#include "json_schema.h"
#include "json_schema_inner.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

/* -- Equality --------------------------------------------------------------------------------- */

static bool same_number(const struct json *a, const struct json *b)
{
    char x[64], y[64];
    double left = 0, right = 0;
    if (json_number_text(a, x, sizeof x) && json_number_text(b, y, sizeof y) && strcmp(x, y) == 0)
        return true;
    return json_double(a, &left) && json_double(b, &right) && !(left < right) && !(left > right);
}

bool schema_same(struct schema_check *k, const struct json *a, const struct json *b)
{
    enum json_kind kind = json_kind(a);
    size_t count = json_count(a), others = json_count(b);
    if (!schema_take_steps(k, 1 + (count + others) / SCHEMA_KEYS_A_STEP) || kind != json_kind(b)
        || count != others || kind == JSON_UNREADABLE)
        return false;
    if (kind == JSON_STRING)
        return strcmp(json_string(a), json_string(b)) == 0;
    if (kind == JSON_NUMBER)
        return same_number(a, b);
    const struct json *other = json_first(b);
    for (const struct json *v = json_first(a); v; v = json_next(v), other = json_next(other)) {
        bool by_key = kind == JSON_OBJECT;
        if (by_key && !schema_take_steps(k, count / SCHEMA_KEYS_A_STEP))
            return false;
        if (!schema_same(k, v, by_key ? json_get(b, json_key(v)) : other))
            return false;
    }
    return true;
}

/* -- Of any value ----------------------------------------------------------------------------- */

static bool is_beyond_double(const struct json *v)
{
    return json_kind(v) == JSON_UNREADABLE && json_written_kind(v) == JSON_NUMBER;
}

bool json_schema_is_integer(const struct json *v)
{
    double number = 0;
    int64_t whole = 0;
    return json_int64(v, &whole) || is_beyond_double(v)
        || (json_double(v, &number) && (number >= 9e15 || number <= -9e15));
}

static bool is_among(const struct json *v, unsigned types)
{
    switch (json_written_kind(v)) {
    case JSON_NULL: return types & 1U << SCHEMA_NULL;
    case JSON_FALSE:
    case JSON_TRUE: return types & 1U << SCHEMA_BOOLEAN;
    case JSON_NUMBER:
        return types & 1U << SCHEMA_NUMBER
            || (types & 1U << SCHEMA_INTEGER && json_schema_is_integer(v));
    case JSON_STRING: return types & 1U << SCHEMA_STRING;
    case JSON_ARRAY: return types & 1U << SCHEMA_ARRAY;
    case JSON_OBJECT: return types & 1U << SCHEMA_OBJECT;
    default: return false;
    }
}

static int check_type(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                      struct err *e)
{
    if (!s->types || is_among(v->value, s->types)
        || (s->nullable && json_kind(v->value) == JSON_NULL))
        return 0;
    const char *reason = json_unreadable(v->value);
    return schema_fail(k, "type", v, e, "is %s%s%s; the contract says %s%s",
                       json_kind_name(json_kind(v->value)), reason ? ": " : "",
                       reason ? reason : "", s->type,
                       s->types & (s->types - 1) ? " or another type" : "");
}

static int check_const(struct schema_check *k, const struct json_schema *s,
                       const struct json_doc *v, struct err *e)
{
    const char *text = json_string(s->constant);
    if (!s->constant || schema_same(k, s->constant, v->value))
        return 0;
    return schema_fail(k, "const", v, e, "is not the one value that the contract allows%s%s",
                       text ? ": " : "", text ? text : "");
}

static int check_enum(struct schema_check *k, const struct json_schema *s, const struct json_doc *v,
                      struct err *e)
{
    if (!s->values)
        return 0;
    for (const struct json *one = json_first(s->values); one && k->steps; one = json_next(one))
        if (schema_same(k, one, v->value))
            return 0;
    const char *text = json_string(v->value);
    return schema_fail(k, "enum", v, e, "is none of the %zu values that the contract lists%s%s",
                       json_count(s->values), text ? ": " : "", text ? text : "");
}

/* -- Of strings and numbers ------------------------------------------------------------------- */

/* How a measure lies beside a bound. */
enum bound { AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN };

static int check_against(struct schema_check *k, const char *keyword, const struct json *rule,
                         enum bound bound, double measure, const char *of, const struct json_doc *v,
                         struct err *e)
{
    static const char *const words[] = {"at least", "at most", "more than", "less than"};
    double number = 0;
    if (!json_double(rule, &number))
        return 0;
    bool good[] = {measure >= number, measure <= number, measure > number, measure < number};
    if (good[bound])
        return 0;
    return schema_fail(k, keyword, v, e, "%s is %.17g; the contract says %s %.17g", of, measure,
                       words[bound], number);
}

int schema_check_bound(struct schema_check *k, const char *keyword, const struct json *rule,
                       double measure, const char *of, const struct json_doc *v, struct err *e)
{
    return check_against(k, keyword, rule, keyword[1] == 'i' ? AT_LEAST : AT_MOST, measure, of, v,
                         e);
}

static int check_length(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    if (json_written_kind(v->value) != JSON_STRING || (!s->min_length && !s->max_length))
        return 0;
    double length = (double)json_length(v->value);
    int code = schema_check_bound(k, "minLength", s->min_length, length, "its length", v, e);
    return code ? code
                : schema_check_bound(k, "maxLength", s->max_length, length, "its length", v, e);
}

bool schema_matches(struct schema_check *k, const struct regex *regex, const char *text,
                    const struct json_doc *v, int *code)
{
    struct err own = {0};
    *code = regex_test(regex, span_of(text), &k->steps, &own);
    if (*code == ERR_NOT_FOUND) {
        *code = 0;
        return false;
    }
    if (*code && !k->steps)
        *code = schema_spend(k, v, 1);
    else if (*code)
        *code = schema_stop(k, v, own.code, own.what);
    return !*code;
}

static int check_pattern(struct schema_check *k, const struct json_schema *s,
                         const struct json_doc *v, struct err *e)
{
    int code = 0;
    const char *text = json_string(v->value);
    if (!s->regex || json_written_kind(v->value) != JSON_STRING
        || (text && schema_matches(k, s->regex, text, v, &code)))
        return 0;
    return code ? code
                : schema_fail(k, "pattern", v, e, "does not match the pattern of the contract: %s",
                              s->pattern);
}

/* What no number beyond a double fits: its bounds, of which the first is told. */
static int check_beyond(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    const struct {
        const char *keyword, *words;
        const struct json *rule;
    } bounds[] = {{"minimum", "at least", s->minimum},
                  {"maximum", "at most", s->maximum},
                  {"exclusiveMinimum", "more than", s->above},
                  {"exclusiveMaximum", "less than", s->below},
                  {"multipleOf", "a multiple of", s->multiple}};
    double bound = 0;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (json_double(bounds[i].rule, &bound))
            return schema_fail(k, bounds[i].keyword, v, e,
                               "it is beyond the range of a double; the contract says %s %.17g",
                               bounds[i].words, bound);
    return 0;
}

static int check_multiple(struct schema_check *k, const struct json_schema *s,
                          const struct json_doc *v, struct err *e)
{
    char number[64], multiple[64];
    if (!s->multiple || schema_is_multiple(v->value, s->multiple))
        return 0;
    json_number_text(v->value, number, sizeof number);
    json_number_text(s->multiple, multiple, sizeof multiple);
    return schema_fail(k, "multipleOf", v, e, "it is %s; the contract says a multiple of %s",
                       number, multiple);
}

static int check_range(struct schema_check *k, const struct json_schema *s,
                       const struct json_doc *v, struct err *e)
{
    double number = 0;
    if (is_beyond_double(v->value))
        return check_beyond(k, s, v, e);
    if (!json_double(v->value, &number))
        return 0;
    int code = check_against(k, "minimum", s->minimum, AT_LEAST, number, "it", v, e);
    if (!code)
        code = check_against(k, "maximum", s->maximum, AT_MOST, number, "it", v, e);
    if (!code)
        code = check_against(k, "exclusiveMinimum", s->above, MORE_THAN, number, "it", v, e);
    if (!code)
        code = check_against(k, "exclusiveMaximum", s->below, LESS_THAN, number, "it", v, e);
    return code ? code : check_multiple(k, s, v, e);
}

int schema_check_values(struct schema_check *k, const struct json_schema *s,
                        const struct json_doc *v, struct err *e)
{
    static schema_family *const keywords[] = {check_type,   check_const,   check_enum,
                                              check_length, check_pattern, check_range};
    int code = 0;
    for (size_t i = 0; !code && i < sizeof keywords / sizeof keywords[0]; i++)
        code = keywords[i](k, s, v, e);
    return code;
}

int schema_check_whole(struct schema_check *k, const struct json_schema *s,
                       const struct json_doc *v, struct err *e)
{
    static schema_family *const keywords[] = {check_const, check_enum, schema_check_whole_objects,
                                              schema_check_whole_arrays, schema_check_no};
    int code = 0;
    for (size_t i = 0; !code && i < sizeof keywords / sizeof keywords[0]; i++)
        code = keywords[i](k, s, v, e);
    return code;
}
