/* Compares values with schemas. */
#include "shape.h"

#include "base/json/json_doc.h"
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

static void add_rule(struct comparing *c, const struct json *schema, const char *keyword,
                     struct buf *out)
{
    const struct json_schema *read = json_schemas_find(c->contract->schemas, schema);
    buf_init(out, POINTER_MAX);
    if (!read)
        return;
    json_schema_place(read, out);
    buf_addf(out, "%s%s", keyword[0] ? "/" : "", keyword);
}

/* inner: a pointer from v on; rule: the place of the keyword. */
static void tell(struct comparing *c, enum check_level level, const struct json_doc *v,
                 const char *inner, const char *rule, const char *what)
{
    struct buf pointer;
    c->counts.of[level]++;
    if (!c->report)
        return;
    buf_init(&pointer, POINTER_MAX);
    json_doc_add_pointer(v, &pointer);
    buf_add_text(&pointer, inner);
    c->report(level, pointer.broken ? "" : pointer.p, rule, what, c->arg);
    buf_fini(&pointer);
}

/* schema and keyword: what says otherwise. NULL: nothing does. */
__attribute__((format(printf, 6, 7))) static void say(struct comparing *c, enum check_level level,
                                                      const struct json_doc *v,
                                                      const struct json *schema,
                                                      const char *keyword, const char *format, ...)
{
    char what[ERR_WHAT_MAX];
    struct buf rule;
    va_list args;
    if (!c->report) {
        c->counts.of[level]++;
        return;
    }
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    add_rule(c, schema, keyword, &rule);
    tell(c, level, v, "", rule.broken ? "" : rule.p, what);
    buf_fini(&rule);
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

static void say_type(struct comparing *c, const struct json *schema, const struct json_doc *v)
{
    const struct json *types = json_get(schema, "type");
    bool several = json_kind(types) == JSON_ARRAY;
    const char *first = json_string(several ? json_first(types) : types);
    say(c, CHECK_WRONG, v, schema, "type", "is %s; the contract says %s%s", type_of(v->value),
        first ? first : "nothing", several && json_count(types) > 1 ? " or another type" : "");
}

/* -- Fields that nobody names ----------------------------------------------------------------- */

enum naming { NAMES_NOTHING, NAMES_OTHERS, NAMES_IT };

static const struct json *others_of(const struct json *schema)
{
    const struct json *own = json_get(schema, "additionalProperties");
    return own ? own : json_get(schema, "unevaluatedProperties");
}

static const struct json *next_pattern(struct comparing *c, const struct json *schema,
                                       const char *key, size_t *from)
{
    uint32_t left = SHAPE_STEPS_MAX - c->steps;
    if (!json_get(schema, "patternProperties"))
        return NULL;
    const struct json *own = json_schema_pattern(json_schemas_find(c->contract->schemas, schema),
                                                 key, from, &left);
    c->steps = SHAPE_STEPS_MAX - left;
    c->too_much = c->too_much || left == 0;
    return own;
}

static bool matches_pattern(struct comparing *c, const struct json *schema, const char *key)
{
    size_t from = 0;
    return next_pattern(c, schema, key, &from);
}

static enum naming most_naming(struct comparing *c, const struct json *schema, const char *key,
                               unsigned depth, enum naming most);

/* What a schema, with all that it is put together from, says of a field of that name. */
static enum naming naming_of(struct comparing *c, const struct json *schema, const char *key,
                             unsigned depth)
{
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
    static const char *const singles[] = {"if", "then", "else"};
    const struct json *ref = json_schemas_target(c->contract->schemas, schema);
    if (!step(c) || depth > JSON_SCHEMA_DEPTH_MAX)
        return NAMES_IT;
    const struct json *properties = json_get(schema, "properties");
    enum json_kind others = json_kind(others_of(schema));
    bool others_named = properties || json_get(schema, "patternProperties") || others == JSON_FALSE;
    enum naming most = others_named ? NAMES_OTHERS : NAMES_NOTHING;
    if (json_get(properties, key) || others == JSON_TRUE || others == JSON_OBJECT
        || matches_pattern(c, schema, key))
        return NAMES_IT;
    most = most_naming(c, ref, key, depth, most);
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
        most = most_naming(c, json_get(schema, singles[i]), key, depth, most);
    for (const struct json *one = json_first(json_get(schema, "dependentSchemas")); one;
         one = json_next(one))
        most = most_naming(c, one, key, depth, most);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const struct json *one = json_first(json_get(schema, lists[i])); one;
             one = json_next(one))
            most = most_naming(c, one, key, depth, most);
    return most;
}

static enum naming most_naming(struct comparing *c, const struct json *schema, const char *key,
                               unsigned depth, enum naming most)
{
    enum naming own = json_kind(schema) == JSON_OBJECT ? naming_of(c, schema, key, depth + 1)
                                                       : NAMES_NOTHING;
    return own > most ? own : most;
}

/* -- Objects, lists and alternatives ---------------------------------------------------------- */

/* Whether the schema for other fields is for a member: unevaluatedProperties is not for those that what stands
 * beside it names. */
static bool is_for_others(struct comparing *c, const struct json *schema,
                          const struct json_doc *member)
{
    static const char *const beside[] = {"allOf", "anyOf", "oneOf"};
    if (json_get(schema, "additionalProperties"))
        return true;
    enum naming most = most_naming(c, json_schemas_target(c->contract->schemas, schema),
                                   member->key, c->depth, NAMES_NOTHING);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++)
        for (const struct json *one = json_first(json_get(schema, beside[i])); one;
             one = json_next(one))
            most = most_naming(c, one, member->key, c->depth, most);
    return most != NAMES_IT;
}

static void compare_members(struct comparing *c, const struct json *schema,
                            const struct json_doc *v, bool whole)
{
    const struct json *properties = json_get(schema, "properties");
    const struct json *others = others_of(schema);
    for (const struct json *key = json_first(json_get(schema, "required")); key && step(c);
         key = json_next(key))
        if (json_string(key) && !json_get(v->value, json_string(key)))
            say(c, CHECK_WARNING, v, schema, "required",
                "has no \"%s\", which the contract requires", json_string(key));
    for (struct json_doc member = json_doc_first(v); member.value && step(c);
         json_doc_next(&member)) {
        const struct json *own = json_get(properties, member.key);
        bool matched = false;
        size_t from = 0;
        for (const struct json *one; (one = next_pattern(c, schema, member.key, &from));
             matched = true)
            compare(c, one, &member, true);
        if (own
            || (!matched && json_kind(others) == JSON_OBJECT && is_for_others(c, schema, &member)))
            compare(c, own ? own : others, &member, true);
        else if (whole && !matched && naming_of(c, schema, member.key, c->depth) == NAMES_OTHERS)
            say(c, CHECK_NOTE, &member, NULL, "", "is a field that the contract does not name");
    }
    for (struct json_doc one =
             json_doc_first(&(struct json_doc){.value = json_get(schema, "dependentSchemas")});
         one.value && step(c); json_doc_next(&one))
        if (json_get(v->value, one.key))
            compare(c, one.value, v, false);
}

/* The end of a row of $refs. */
static const struct json *resolve(const struct comparing *c, const struct json *schema)
{
    const struct json *to = schema;
    for (unsigned i = 0; to && i < JSON_SCHEMA_DEPTH_MAX; i++) {
        schema = to;
        to = json_schemas_target(c->contract->schemas, schema);
    }
    return schema;
}

/* Compares with the alternative that differs least; one of another type only when all are. */
static void compare_nearest(struct comparing *c, const struct json *list, const struct json_doc *v)
{
    const struct json *nearest = NULL;
    struct shape_counts least = {0};
    bool nearest_fits = false;
    for (const struct json *one = json_first(list); one && step(c); one = json_next(one)) {
        bool fits = fits_type(json_get(resolve(c, one), "type"), v->value);
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

typedef int engine(const struct json_schema *schema, const struct json *value, uint32_t *steps,
                   struct buf *at, struct err *e);

/* What the engine of schemas says against a value: a warning, at the place below it that it names. */
static void ask(struct comparing *c, engine *check, const struct json *schema,
                const struct json_doc *v, const char *only)
{
    struct err e = {0};
    struct buf at;
    if (!step(c))
        return;
    uint32_t left = SHAPE_STEPS_MAX - c->steps;
    buf_init(&at, POINTER_MAX);
    int code = check(json_schemas_find(c->contract->schemas, schema), v->value, &left, &at, &e);
    c->steps = SHAPE_STEPS_MAX - left;
    if (code && code != ERR_CONTRACT) {
        c->too_much = true;
    } else if (code && (!only || strstr(at.p, only))) {
        tell(c, CHECK_WARNING, v, e.where, at.p, e.what);
    }
    buf_fini(&at);
}

/* if, then and else. */
static void compare_if(struct comparing *c, const struct json *schema, const struct json_doc *v)
{
    const struct json *condition = json_get(schema, "if");
    if (!condition || !step(c))
        return;
    uint32_t left = SHAPE_STEPS_MAX - c->steps;
    int code = json_schema_check_within(json_schemas_find(c->contract->schemas, condition),
                                        v->value, &left, NULL, NULL);
    c->steps = SHAPE_STEPS_MAX - left;
    if (code && code != ERR_CONTRACT)
        c->too_much = true;
    else
        compare(c, json_get(schema, code ? "else" : "then"), v, false);
}

static void compare_elements(struct comparing *c, const struct json *schema,
                             const struct json_doc *v)
{
    const struct json *prefix = json_first(json_get(schema, "prefixItems"));
    for (struct json_doc one = json_doc_first(v); one.value && step(c); json_doc_next(&one)) {
        compare(c, prefix ? prefix : json_get(schema, "items"), &one, true);
        prefix = json_next(prefix);
    }
}

/* schema is an object. whole: no other schema says more of the same value. */
static void compare_with(struct comparing *c, const struct json *schema, const struct json_doc *v,
                         bool whole)
{
    const struct json *types = json_get(schema, "type");
    struct shape_counts before = c->counts;
    if (!fits_type(types, v->value)) {
        say_type(c, schema, v);
        return;
    }
    const struct json *ref = json_schemas_target(c->contract->schemas, schema);
    if (ref)
        compare(c, ref, v, false);
    for (const struct json *one = json_first(json_get(schema, "allOf")); one; one = json_next(one))
        compare(c, one, v, false);
    compare_nearest(c, json_get(schema, "anyOf"), v);
    compare_nearest(c, json_get(schema, "oneOf"), v);
    compare_if(c, schema, v);
    enum json_kind kind = json_kind(v->value);
    if (kind == JSON_OBJECT)
        compare_members(c, schema, v, whole);
    else if (kind == JSON_ARRAY)
        compare_elements(c, schema, v);
    else if (memcmp(&before, &c->counts, sizeof before) == 0)
        ask(c, json_schema_check_within, schema, v, NULL);
    if (kind == JSON_OBJECT || kind == JSON_ARRAY)
        ask(c, json_schema_check_whole, schema, v, NULL);
    if (kind == JSON_ARRAY && json_get(schema, "unevaluatedItems")
        && memcmp(&before, &c->counts, sizeof before) == 0)
        ask(c, json_schema_check_within, schema, v, "/unevaluatedItems");
}

static void compare(struct comparing *c, const struct json *schema, const struct json_doc *v,
                    bool whole)
{
    if (!step(c))
        return;
    if (json_kind(schema) == JSON_FALSE)
        say(c, CHECK_WRONG, v, schema, "", "must not be there: the contract says so");
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
