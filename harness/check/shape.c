/* Compares values with schemas. */
#include "shape.h"

#include "base/json/json_doc.h"
#include "base/json/json_ref.h"
#include "base/json/json_schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { POINTER_MAX = 64 << 10 };

struct comparing {
    const struct contract *contract;
    shape_report *report; /* NULL: only counted */
    void *arg;
    struct shape_counts counts;
    unsigned depth;
    unsigned steps;
    bool too_much; /* one of the bounds was met: nothing is looked at any more */
};

static void compare(struct comparing *c, const struct json *schema, const struct json_doc *v,
                    bool whole);

__attribute__((format(printf, 4, 5))) static void say(struct comparing *c, enum check_level level,
                                                      const struct json_doc *v, const char *format,
                                                      ...)
{
    char what[ERR_WHAT_MAX];
    struct buf pointer;
    va_list args;
    c->counts.of[level]++;
    if (!c->report)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    buf_init(&pointer, POINTER_MAX);
    json_doc_add_pointer(v, &pointer);
    c->report(level, pointer.broken ? "" : pointer.p, what, c->arg);
    buf_fini(&pointer);
}

/* False when there have been too many: the caller then goes back. */
static bool step(struct comparing *c)
{
    if (++c->steps > SHAPE_STEPS_MAX)
        c->too_much = true;
    return !c->too_much;
}

bool shape_is_nearer(const struct shape_counts *a, const struct shape_counts *b)
{
    uint32_t misses_a = a->of[CHECK_WRONG] + a->of[CHECK_WARNING];
    uint32_t misses_b = b->of[CHECK_WRONG] + b->of[CHECK_WARNING];
    uint32_t all_a = misses_a + a->of[CHECK_NOTE], all_b = misses_b + b->of[CHECK_NOTE];
    if (!misses_a != !misses_b)
        return !misses_a;
    return all_a != all_b ? all_a < all_b : a->of[CHECK_WRONG] < b->of[CHECK_WRONG];
}

/* -- Types ------------------------------------------------------------------------------------ */

static const char *type_of(const struct json *v)
{
    enum json_kind kind = json_written_kind(v);
    return kind == JSON_TRUE || kind == JSON_FALSE ? "boolean" : json_kind_name(kind);
}

static bool fits_type(const struct json *types, const struct json *v)
{
    bool several = json_kind(types) == JSON_ARRAY;
    if (!types)
        return true;
    for (const struct json *t = several ? json_first(types) : types; t;
         t = several ? json_next(t) : NULL) {
        const char *type = json_string(t);
        if (type
            && (strcmp(type, "integer") == 0 ? json_schema_is_integer(v)
                                             : strcmp(type, type_of(v)) == 0))
            return true;
    }
    return false;
}

static void say_type(struct comparing *c, const struct json *types, const struct json_doc *v)
{
    bool several = json_kind(types) == JSON_ARRAY;
    const char *first = json_string(several ? json_first(types) : types);
    say(c, CHECK_WRONG, v, "is %s; the contract says %s%s", type_of(v->value),
        first ? first : "nothing", several && json_count(types) > 1 ? " or another type" : "");
}

/* -- Fields that nobody names ----------------------------------------------------------------- */

enum naming { NAMES_NOTHING, NAMES_OTHERS, NAMES_IT };

/* What a schema, with all that it is put together from, says of a field of that name. */
static enum naming naming_of(struct comparing *c, const struct json *schema, const char *key,
                             unsigned depth)
{
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
    const struct json *ref = json_ref_target(c->contract->document, schema);
    if (!step(c) || depth > JSON_SCHEMA_DEPTH_MAX)
        return NAMES_IT;
    const struct json *properties = json_get(schema, "properties");
    enum json_kind others = json_kind(json_get(schema, "additionalProperties"));
    enum naming most = properties || others == JSON_FALSE ? NAMES_OTHERS : NAMES_NOTHING;
    if (json_get(properties, key) || others == JSON_TRUE || others == JSON_OBJECT)
        return NAMES_IT;
    if (ref) {
        enum naming n = naming_of(c, ref, key, depth + 1);
        most = n > most ? n : most;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const struct json *one = json_first(json_get(schema, lists[i])); one;
             one = json_next(one)) {
            enum naming n = naming_of(c, one, key, depth + 1);
            most = n > most ? n : most;
        }
    return most;
}

/* -- Objects, lists and alternatives ---------------------------------------------------------- */

static void compare_members(struct comparing *c, const struct json *schema,
                            const struct json_doc *v, bool whole)
{
    const struct json *properties = json_get(schema, "properties");
    const struct json *others = json_get(schema, "additionalProperties");
    for (const struct json *key = json_first(json_get(schema, "required")); key && step(c);
         key = json_next(key))
        if (json_string(key) && !json_get(v->value, json_string(key)))
            say(c, CHECK_WARNING, v, "has no \"%s\", which the contract requires",
                json_string(key));
    for (struct json_doc member = json_doc_first(v); member.value && step(c);
         json_doc_next(&member)) {
        const struct json *own = json_get(properties, member.key);
        if (own || json_kind(others) == JSON_OBJECT)
            compare(c, own ? own : others, &member, true);
        else if (whole && naming_of(c, schema, member.key, c->depth) == NAMES_OTHERS)
            say(c, CHECK_NOTE, &member, "is a field that the contract does not name");
    }
}

/* Compares with the alternative that differs least; one of another type only when all are. */
static void compare_nearest(struct comparing *c, const struct json *list, const struct json_doc *v)
{
    const struct json *nearest = NULL;
    struct shape_counts least = {0};
    bool nearest_fits = false;
    for (const struct json *one = json_first(list); one && step(c); one = json_next(one)) {
        const struct json *schema = json_ref_resolve(c->contract->document, one, NULL);
        bool fits = fits_type(json_get(schema, "type"), v->value);
        struct comparing dry = *c;
        dry.report = NULL;
        dry.counts = (struct shape_counts){0};
        compare(&dry, one, v, true);
        c->steps = dry.steps;
        c->too_much = dry.too_much;
        if (nearest && (fits != nearest_fits ? !fits : !shape_is_nearer(&dry.counts, &least)))
            continue;
        nearest = one;
        least = dry.counts;
        nearest_fits = fits;
    }
    if (nearest)
        compare(c, nearest, v, false);
}

/* A value that is no object and no list: its const, enum, pattern and bounds. */
static void compare_plain(struct comparing *c, const struct json *schema, const struct json_doc *v)
{
    struct err e = {0};
    if (!step(c))
        return;
    uint32_t left = SHAPE_STEPS_MAX - c->steps;
    int code = json_schema_check_within(json_schemas_find(c->contract->schemas, schema), v->value,
                                        &left, NULL, &e);
    c->steps = SHAPE_STEPS_MAX - left;
    if (code == ERR_CONTRACT)
        say(c, CHECK_WARNING, v, "%s", e.what);
    else if (code)
        c->too_much = true;
}

/* schema is an object. whole: no other schema says more of the same value. */
static void compare_with(struct comparing *c, const struct json *schema, const struct json_doc *v,
                         bool whole)
{
    const struct json *types = json_get(schema, "type");
    struct shape_counts before = c->counts;
    if (!fits_type(types, v->value)) {
        say_type(c, types, v);
        return;
    }
    const struct json *ref = json_ref_target(c->contract->document, schema);
    if (ref)
        compare(c, ref, v, false);
    for (const struct json *one = json_first(json_get(schema, "allOf")); one; one = json_next(one))
        compare(c, one, v, false);
    compare_nearest(c, json_get(schema, "anyOf"), v);
    compare_nearest(c, json_get(schema, "oneOf"), v);
    if (json_kind(v->value) == JSON_OBJECT)
        compare_members(c, schema, v, whole);
    else if (json_kind(v->value) == JSON_ARRAY)
        for (struct json_doc one = json_doc_first(v); one.value && step(c); json_doc_next(&one))
            compare(c, json_get(schema, "items"), &one, true);
    else if (memcmp(&before, &c->counts, sizeof before) == 0)
        compare_plain(c, schema, v);
}

static void compare(struct comparing *c, const struct json *schema, const struct json_doc *v,
                    bool whole)
{
    if (!step(c))
        return;
    if (json_kind(schema) == JSON_FALSE)
        say(c, CHECK_WRONG, v, "must not be there: the contract says so");
    if (json_kind(schema) != JSON_OBJECT)
        return;
    if (++c->depth > JSON_SCHEMA_DEPTH_MAX)
        c->too_much = true;
    else
        compare_with(c, schema, v, whole);
    c->depth--;
}

int shape_compare(const struct contract *contract, const struct json *schema,
                  const struct json *value, shape_report *report, void *arg,
                  struct shape_counts *out, struct err *e)
{
    struct comparing c = {.contract = contract, .report = report, .arg = arg};
    struct json_doc root = json_doc_root(NULL, value, "");
    compare(&c, schema, &root, true);
    *out = c.counts;
    if (!c.too_much)
        return 0;
    return err_set(e, ERR_LIMIT, "",
                   "to compare it with the contract takes more than %d steps or %d levels",
                   SHAPE_STEPS_MAX, JSON_SCHEMA_DEPTH_MAX);
}
