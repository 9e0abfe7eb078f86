/* Schemas: checks a value against a subset of JSON Schema 2020-12, a row a keyword. */
#include "contract.h"
#include "place.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Schemas may refer to themselves; values end, circles of allOf do not. */
enum { SCHEMA_DEPTH_MAX = 128, POINTER_MAX = 64 << 10 };

struct checking {
    const struct contract *contract;
    unsigned depth;
};

static int check(struct checking *k, const struct json *schema, const struct place *v,
                 struct err *e);

__attribute__((format(printf, 3, 4))) static int fail(const struct place *v, struct err *e,
                                                      const char *format, ...)
{
    char what[ERR_WHAT_MAX];
    struct buf pointer;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    buf_init(&pointer, POINTER_MAX);
    place_add_pointer(v, &pointer);
    err_set(e, ERR_CONTRACT, pointer.broken ? "" : pointer.p, "%s", what);
    buf_fini(&pointer);
    return ERR_CONTRACT;
}

/* -- Values ----------------------------------------------------------------------------------- */

static bool same(const struct json *a, const struct json *b)
{
    enum json_kind kind = json_kind(a);
    double left = 0, right = 0;
    if (kind != json_kind(b) || json_count(a) != json_count(b))
        return false;
    if (kind == JSON_STRING)
        return strcmp(json_string(a), json_string(b)) == 0;
    if (kind == JSON_NUMBER) {
        char x[64], y[64];
        if (json_number_text(a, x, sizeof x) && json_number_text(b, y, sizeof y)
            && strcmp(x, y) == 0)
            return true;
        return json_double(a, &left) && json_double(b, &right) && !(left < right)
            && !(left > right);
    }
    if (kind == JSON_OBJECT) {
        for (const struct json *v = json_first(a); v; v = json_next(v))
            if (!same(v, json_get(b, json_key(v))))
                return false;
        return true;
    }
    const struct json *other = json_first(b);
    for (const struct json *v = json_first(a); v; v = json_next(v), other = json_next(other))
        if (!same(v, other))
            return false;
    return true;
}

/* Characters, not bytes. */
static int64_t length_of(const char *text)
{
    int64_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool is_type(const struct json *v, const char *type)
{
    enum json_kind kind = json_kind(v);
    double number = 0;
    int64_t whole = 0;
    if (strcmp(type, "boolean") == 0)
        return kind == JSON_TRUE || kind == JSON_FALSE;
    if (strcmp(type, "integer") != 0)
        return strcmp(type, json_kind_name(kind)) == 0;
    return json_int64(v, &whole)
        || (json_double(v, &number) && (number >= 9e15 || number <= -9e15));
}

/* -- Keywords: rule is the keyword's value in the schema ---------------------------------------- */

typedef int keyword_check(struct checking *k, const struct json *schema, const struct json *rule,
                          const struct place *v, struct err *e);

static int check_type(struct checking *k, const struct json *schema, const struct json *rule,
                      const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    bool several = json_kind(rule) == JSON_ARRAY;
    const struct json *type = several ? json_first(rule) : rule;
    const char *first = json_string(type);
    for (; type; type = several ? json_next(type) : NULL)
        if (json_string(type) && is_type(v->value, json_string(type)))
            return 0;
    return fail(v, e, "is %s; the contract says %s%s", json_kind_name(json_kind(v->value)),
                first ? first : "nothing", several ? " or another type" : "");
}

static int check_const(struct checking *k, const struct json *schema, const struct json *rule,
                       const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    const char *text = json_string(rule);
    return same(rule, v->value) ? 0
                                : fail(v, e, "is not the one value that the contract allows%s%s",
                                       text ? ": " : "", text ? text : "");
}

static int check_enum(struct checking *k, const struct json *schema, const struct json *rule,
                      const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    for (const struct json *one = json_first(rule); one; one = json_next(one))
        if (same(one, v->value))
            return 0;
    const char *text = json_string(v->value);
    return fail(v, e, "is none of the %zu values that the contract lists%s%s", json_count(rule),
                text ? ": " : "", text ? text : "");
}

static int check_required(struct checking *k, const struct json *schema, const struct json *rule,
                          const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    if (json_kind(v->value) != JSON_OBJECT)
        return 0;
    for (const struct json *key = json_first(rule); key; key = json_next(key)) {
        const char *name = json_string(key);
        if (name && !json_get(v->value, name))
            return fail(v, e, "\"%s\" is missing", name);
    }
    return 0;
}

static int check_properties(struct checking *k, const struct json *schema, const struct json *rule,
                            const struct place *v, struct err *e)
{
    (void)schema;
    int code = 0;
    for (const struct json *one = json_first(rule); !code && one; one = json_next(one)) {
        struct place member = place_get(v, json_key(one));
        if (member.value)
            code = check(k, one, &member, e);
    }
    return code;
}

static int check_additional(struct checking *k, const struct json *schema, const struct json *rule,
                            const struct place *v, struct err *e)
{
    const struct json *known = json_get(schema, "properties");
    int code = 0;
    if (json_kind(v->value) != JSON_OBJECT)
        return 0;
    for (struct place p = place_first(v); !code && p.value; place_next(&p)) {
        if (json_get(known, p.key))
            continue;
        code = json_kind(rule) == JSON_FALSE ? fail(&p, e, "is not in the contract")
                                             : check(k, rule, &p, e);
    }
    return code;
}

static int check_items(struct checking *k, const struct json *schema, const struct json *rule,
                       const struct place *v, struct err *e)
{
    (void)schema;
    int code = 0;
    if (json_kind(v->value) != JSON_ARRAY)
        return 0;
    for (struct place p = place_first(v); !code && p.value; place_next(&p))
        code = check(k, rule, &p, e);
    return code;
}

/* The bounds of one kind of measure: a least or a most. */
static int check_bound(const struct json *rule, double measure, bool least, const char *of,
                       const struct place *v, struct err *e)
{
    double bound = 0;
    if (!json_double(rule, &bound) || (least ? measure >= bound : measure <= bound))
        return 0;
    return fail(v, e, "%s is %.17g; the contract says at %s %.17g", of, measure,
                least ? "least" : "most", bound);
}

static int check_min_length(struct checking *k, const struct json *schema, const struct json *rule,
                            const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    const char *text = json_string(v->value);
    return text ? check_bound(rule, (double)length_of(text), true, "its length", v, e) : 0;
}

static int check_max_length(struct checking *k, const struct json *schema, const struct json *rule,
                            const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    const char *text = json_string(v->value);
    return text ? check_bound(rule, (double)length_of(text), false, "its length", v, e) : 0;
}

static int check_minimum(struct checking *k, const struct json *schema, const struct json *rule,
                         const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    double number = 0;
    return json_double(v->value, &number) ? check_bound(rule, number, true, "it", v, e) : 0;
}

static int check_maximum(struct checking *k, const struct json *schema, const struct json *rule,
                         const struct place *v, struct err *e)
{
    (void)k, (void)schema;
    double number = 0;
    return json_double(v->value, &number) ? check_bound(rule, number, false, "it", v, e) : 0;
}

static int check_all(struct checking *k, const struct json *schema, const struct json *rule,
                     const struct place *v, struct err *e)
{
    (void)schema;
    int code = 0;
    for (const struct json *one = json_first(rule); !code && one; one = json_next(one))
        code = check(k, one, v, e);
    return code;
}

/* How many of the schemas the value satisfies; *first tells why the first did not. */
static size_t count_good(struct checking *k, const struct json *rule, const struct place *v,
                         struct err *first)
{
    size_t good = 0;
    for (const struct json *one = json_first(rule); one; one = json_next(one)) {
        struct err own = {0};
        good += check(k, one, v, &own) == 0;
        if (first->code == ERR_OK)
            *first = own;
    }
    return good;
}

static int check_any(struct checking *k, const struct json *schema, const struct json *rule,
                     const struct place *v, struct err *e)
{
    (void)schema;
    struct err first = {0};
    if (count_good(k, rule, v, &first))
        return 0;
    return err_set(e, ERR_CONTRACT, first.where, "%s (and no alternative fits)", first.what);
}

static int check_one(struct checking *k, const struct json *schema, const struct json *rule,
                     const struct place *v, struct err *e)
{
    (void)schema;
    struct err first = {0};
    size_t good = count_good(k, rule, v, &first);
    if (good == 1)
        return 0;
    if (good)
        return fail(v, e, "fits %zu alternatives of the contract; it must fit one", good);
    return err_set(e, ERR_CONTRACT, first.where, "%s (and no alternative fits)", first.what);
}

static const struct {
    const char *keyword;
    keyword_check *check;
} keywords[] = {
    {"type", check_type},
    {"const", check_const},
    {"enum", check_enum},
    {"required", check_required},
    {"properties", check_properties},
    {"additionalProperties", check_additional},
    {"items", check_items},
    {"minLength", check_min_length},
    {"maxLength", check_max_length},
    {"minimum", check_minimum},
    {"maximum", check_maximum},
    {"allOf", check_all},
    {"anyOf", check_any},
    {"oneOf", check_one},
};

static int check(struct checking *k, const struct json *schema, const struct place *v,
                 struct err *e)
{
    schema = contract_resolve(k->contract, schema);
    if (json_kind(schema) == JSON_FALSE)
        return fail(v, e, "the contract allows nothing here");
    if (k->depth == SCHEMA_DEPTH_MAX) {
        fail(v, e, "the contract's schema is nested more than %d deep", SCHEMA_DEPTH_MAX);
        return e ? (int)(e->code = ERR_LIMIT) : ERR_LIMIT;
    }
    k->depth++;
    int code = 0;
    for (size_t i = 0; !code && i < sizeof keywords / sizeof keywords[0]; i++) {
        const struct json *rule = json_get(schema, keywords[i].keyword);
        if (rule)
            code = keywords[i].check(k, schema, rule, v, e);
    }
    k->depth--;
    return code;
}

int contract_check(const struct contract *c, const struct json *schema, const struct json *value,
                   struct err *e)
{
    struct checking k = {.contract = c};
    struct place root = place_root(NULL, value, "");
    return check(&k, schema, &root, e);
}
