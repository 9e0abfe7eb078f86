/* The keywords of schemas: a row each, and what is none. */
#include "json_schema_read.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

enum { MULTIPLE_DIGITS_MAX = 19 };

/* p is the keyword's value, field the place in s that its row names. */
typedef int keyword_read(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                         void *field, struct err *e);

static int read_ref(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                    void *field, struct err *e)
{
    return schema_read_ref(all, p, s, field, e);
}

static int read_type(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     void *field, struct err *e)
{
    static const char *const names[] = {"null",   "boolean", "integer", "number",
                                        "string", "array",   "object",  NULL};
    (void)all, (void)field;
    size_t type = 0;
    if (json_kind(p->value) != JSON_ARRAY) {
        int code = json_doc_word(p, names, &type, e);
        s->types = code ? 0 : 1U << type;
        s->type = json_string(p->value);
        return code;
    }
    for (struct json_doc one = json_doc_first(p); one.value; json_doc_next(&one)) {
        int code = json_doc_word(&one, names, &type, e);
        if (code)
            return code;
        s->types |= 1U << type;
        s->type = s->type ? s->type : names[type];
    }
    return s->types ? 0 : json_doc_error(p, ERR_CONTRACT, e, "\"type\" must name at least one");
}

/* -- Plain values --------------------------------------------------------------------------------- */

static int read_value(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      void *field, struct err *e)
{
    (void)all, (void)s, (void)e;
    *(const struct json **)field = p->value;
    return 0;
}

static int read_values(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       void *field, struct err *e)
{
    (void)all, (void)s;
    *(const struct json **)field = p->value;
    return json_doc_kind(p, JSON_ARRAY, e);
}

static int read_names(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      void *field, struct err *e)
{
    int code = read_values(all, p, s, field, e);
    for (struct json_doc key = json_doc_first(p); !code && key.value; json_doc_next(&key))
        code = json_doc_kind(&key, JSON_STRING, e);
    return code;
}

static int read_name_lists(struct json_schemas *all, const struct json_doc *p,
                           struct json_schema *s, void *field, struct err *e)
{
    const struct json *ignored = NULL;
    int code = json_doc_kind(p, JSON_OBJECT, e);
    *(const struct json **)field = p->value;
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = read_names(all, &one, s, &ignored, e);
    return code;
}

static int read_count(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      void *field, struct err *e)
{
    const int64_t most = (int64_t)1 << 53;
    int64_t ignored = 0;
    (void)all, (void)s;
    *(const struct json **)field = p->value;
    return json_doc_int(p, 0, most, &ignored, e);
}

static int read_number(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       void *field, struct err *e)
{
    (void)all, (void)s;
    *(const struct json **)field = p->value;
    return json_doc_kind(p, JSON_NUMBER, e);
}

/* In OpenAPI 3.0 a switch of the bound beside it. */
static int read_exclusive(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                          void *field, struct err *e)
{
    bool own = false;
    if (!s->document->is_old || !json_bool(p->value, &own))
        return read_number(all, p, s, field, e);
    const char *beside = field == (void *)&s->above ? "minimum" : "maximum";
    *(const struct json **)field = own ? json_get(s->source, beside) : NULL;
    return 0;
}

static int read_multiple(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                         void *field, struct err *e)
{
    double number = 0;
    char digits[64];
    int code = read_number(all, p, s, field, e);
    if (code)
        return code;
    if (!json_double(p->value, &number) || number <= 0)
        return json_doc_error(p, ERR_CONTRACT, e, "\"multipleOf\" must be more than 0");
    if (!json_number_text(p->value, digits, sizeof digits)
        || strspn(digits, "0123456789") > MULTIPLE_DIGITS_MAX)
        return json_doc_error(p, ERR_LIMIT, e, "\"multipleOf\" has more than %d digits",
                              MULTIPLE_DIGITS_MAX);
    return 0;
}

static int read_switch(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       void *field, struct err *e)
{
    (void)all, (void)s;
    return json_doc_bool(p, field, e);
}

static int compile(const struct json_doc *p, const char *pattern, struct regex **out, struct err *e)
{
    struct err own = {0};
    int code = regex_open(pattern, 0, out, &own);
    if (code == ERR_SYNTAX)
        return json_doc_error(p, ERR_CONTRACT, e, "\"%.100s\" is no pattern: %s, at %s", pattern,
                              own.what, own.where);
    return code ? json_doc_error(p, own.code, e, "%s", own.what) : 0;
}

static int read_pattern(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        void *field, struct err *e)
{
    (void)all, (void)field;
    int code = json_doc_kind(p, JSON_STRING, e);
    s->pattern = json_string(p->value);
    return code ? code : compile(p, s->pattern, &s->regex, e);
}

/* -- Schemas inside ------------------------------------------------------------------------------- */

static int read_inner(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      void *field, struct err *e)
{
    return schema_read_inside(all, p, s, field, e);
}

static int read_map(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                    void *field, struct err *e)
{
    struct json_schema_map *map = field;
    int code = json_doc_kind(p, JSON_OBJECT, e);
    if (code)
        return code;
    map->source = p->value;
    map->members = schema_take(all, json_count(p->value), sizeof *map->members);
    if (!map->members)
        return schema_no_memory(e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one)) {
        struct json_schema_member *member = &map->members[map->count++];
        member->name = one.key;
        if (map == &s->patterns)
            code = compile(&one, one.key, &member->regex, e);
        if (!code)
            code = schema_read_inside(all, &one, s, &member->schema, e);
    }
    return code;
}

static int read_defs(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     void *field, struct err *e)
{
    (void)field;
    struct json_schema *ignored = NULL;
    int code = json_doc_kind(p, JSON_OBJECT, e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = schema_read_inside(all, &one, s, &ignored, e);
    return code;
}

static int read_list(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     void *field, struct err *e)
{
    struct json_schema_list *out = field;
    int code = json_doc_kind(p, JSON_ARRAY, e);
    if (!code && !json_first(p->value))
        code = json_doc_error(p, ERR_CONTRACT, e, "\"%s\" must hold at least one schema", p->key);
    if (code)
        return code;
    out->schemas = schema_take(all, json_count(p->value), sizeof(struct json_schema *));
    if (!out->schemas)
        return schema_no_memory(e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = schema_read_inside(all, &one, s, &out->schemas[out->count++], e);
    return code;
}

/* -- What says how to read ------------------------------------------------------------------------ */

/* Refs inside the schema would mean something else under another dialect. */
static int read_dialect(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        void *field, struct err *e)
{
    static const char *const dialects[] = {"https://json-schema.org/draft/2020-12/schema",
                                           "https://spec.openapis.org/oas/3.1/dialect/base", NULL};
    size_t ignored = 0;
    (void)all, (void)s, (void)field;
    return json_doc_word(p, dialects, &ignored, e);
}

/* $id and $anchor: json_schema_ids.c has read them. */
static int read_id(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                   void *field, struct err *e)
{
    (void)all, (void)s, (void)field;
    return json_doc_kind(p, JSON_STRING, e);
}

/* -- The table ---------------------------------------------------------------------------------- */

/* A keyword, the field that its reader fills, and whether it asks for something by itself. */
#define ASKS(name, read, field)                                                                    \
    {                                                                                              \
        name, read, offsetof(struct json_schema, field), true                                      \
    }

static const struct {
    const char *name;
    keyword_read *read;
    size_t field;
    bool asks;
} keywords[] = {
    {"$ref", read_ref, offsetof(struct json_schema, ref), false},
    {"$defs", read_defs, 0, false},
    ASKS("type", read_type, types),
    ASKS("const", read_value, constant),
    ASKS("enum", read_values, values),
    ASKS("required", read_names, required),
    ASKS("properties", read_map, properties),
    ASKS("patternProperties", read_map, patterns),
    ASKS("additionalProperties", read_inner, additional),
    ASKS("unevaluatedProperties", read_inner, unevaluated_members),
    ASKS("propertyNames", read_inner, names),
    ASKS("dependentRequired", read_name_lists, dependent_required),
    ASKS("dependentSchemas", read_map, dependents),
    ASKS("minProperties", read_count, min_members),
    ASKS("maxProperties", read_count, max_members),
    ASKS("prefixItems", read_list, prefix),
    ASKS("items", read_inner, items),
    ASKS("unevaluatedItems", read_inner, unevaluated_items),
    ASKS("contains", read_inner, contains),
    ASKS("minContains", read_count, min_contains),
    ASKS("maxContains", read_count, max_contains),
    ASKS("minItems", read_count, min_items),
    ASKS("maxItems", read_count, max_items),
    ASKS("uniqueItems", read_switch, unique),
    ASKS("minLength", read_count, min_length),
    ASKS("maxLength", read_count, max_length),
    ASKS("pattern", read_pattern, pattern),
    ASKS("minimum", read_number, minimum),
    ASKS("maximum", read_number, maximum),
    ASKS("exclusiveMinimum", read_exclusive, above),
    ASKS("exclusiveMaximum", read_exclusive, below),
    ASKS("multipleOf", read_multiple, multiple),
    ASKS("allOf", read_list, all),
    ASKS("anyOf", read_list, any),
    ASKS("oneOf", read_list, one),
    ASKS("not", read_inner, no),
    ASKS("if", read_inner, condition),
    ASKS("then", read_inner, then),
    ASKS("else", read_inner, otherwise),
    {"$id", read_id, 0, false},
    {"$anchor", read_id, 0, false},
    {"$dynamicAnchor", read_id, 0, false},
    {"$schema", read_dialect, 0, false},
};

/* Keywords that ask for something, or change what others mean: of 2020-12, and of dialects before it. */
static const char *const unsupported[] = {"$dynamicRef", "$recursiveRef", "dependencies"};

/* Annotations of 2020-12 and of OpenAPI 3.1. */
static const char *const annotations[] = {"title",           "description",      "default",
                                          "examples",        "deprecated",       "readOnly",
                                          "writeOnly",       "format",           "$comment",
                                          "contentEncoding", "contentMediaType", "xml",
                                          "$vocabulary",     "contentSchema",    "example",
                                          "definitions",     "discriminator",    "externalDocs"};

enum {
    KEYWORD_COUNT = sizeof keywords / sizeof keywords[0],
    UNSUPPORTED_COUNT = sizeof unsupported / sizeof unsupported[0],
    ANNOTATION_COUNT = sizeof annotations / sizeof annotations[0]
};

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static void warn_of(struct json_schemas *all, const struct json_doc *p)
{
    const char *names[KEYWORD_COUNT + UNSUPPORTED_COUNT + ANNOTATION_COUNT + 1] = {0};
    size_t n = 0;
    struct err warning = {0};
    if (!all->warn)
        return;
    for (size_t i = 0; i < KEYWORD_COUNT; i++)
        names[n++] = keywords[i].name;
    memcpy(names + n, unsupported, sizeof unsupported);
    memcpy(names + n + UNSUPPORTED_COUNT, annotations, sizeof annotations);
    const char *near = text_nearest(p->key, names);
    if (strcmp(p->key, "nullable") == 0)
        json_doc_key_error(p, &warning,
                           "\"nullable\" is OpenAPI 3.0 and asks for nothing; in 3.1 "
                           "\"type\" is a list that names \"null\"");
    else
        json_doc_key_error(p, &warning, "unknown keyword \"%s\" asks for nothing%s%s%s", p->key,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    all->warn(&warning, all->warn_arg);
}

int schema_read_keyword(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    for (size_t i = 0; i < KEYWORD_COUNT; i++)
        if (strcmp(keywords[i].name, p->key) == 0) {
            s->asks = s->asks || keywords[i].asks;
            return keywords[i].read(all, p, s, (char *)s + keywords[i].field, e);
        }
    if (s->document->is_old && strcmp(p->key, "nullable") == 0)
        return json_doc_bool(p, &s->nullable, e);
    if (is_among(p->key, unsupported, UNSUPPORTED_COUNT))
        return json_doc_key_error(p, e,
                                  "the keyword \"%s\" is not supported; all of 2020-12 is, but "
                                  "$dynamicRef and $vocabulary",
                                  p->key);
    if (!is_among(p->key, annotations, ANNOTATION_COUNT) && strncmp(p->key, "x-", 2) != 0)
        warn_of(all, p);
    return 0;
}
