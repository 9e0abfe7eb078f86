/* Schemas are read: a row for each keyword, then the circles are looked for.
 *
 * A schema becomes a struct json_schema when it is met: inside another one, where it is read at
 * once, or at the end of a $ref, where it is read when its turn comes. So one that refers to itself
 * is read once, and a long row of $refs takes no C stack. */
#include "json_schema.h"

#include "base/buf.h"
#include "base/text.h"
#include "json_arena.h"
#include "json_ref.h"
#include "json_schema_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 4096, SLOTS_FIRST = 64, HINT_MAX = 256, CIRCLE_MAX = 256 };

struct json_schemas {
    const struct json *document;
    json_schema_warn *warn;
    void *warn_arg;
    struct json_arena arena; /* holds every struct json_schema and its lists */
    struct json_schema *first, *last, *unread;
    struct json_schema **slots; /* by the address of their source; open addressing */
    size_t slot_count, count;   /* slot_count is a power of two, never full */
};

static int no_memory(struct err *e)
{
    return err_set(e, ERR_MEMORY, NULL, "no memory for a schema");
}

int json_schemas_open(const struct json *document, json_schema_warn *warn, void *arg,
                      struct json_schemas **out, struct err *e)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return no_memory(e);
    **out = (struct json_schemas){.document = document, .warn = warn, .warn_arg = arg};
    return 0;
}

void json_schemas_close(struct json_schemas *all)
{
    if (!all)
        return;
    for (struct json_schema *s = all->first; s; s = s->next)
        regex_close(s->regex);
    json_arena_close(all->arena);
    free(all->slots);
    free(all);
}

/* NULL: no memory. Zeroed. */
static void *take(struct json_schemas *all, size_t count, size_t size)
{
    void *piece = json_arena_take(&all->arena, count * size, ROOM_FIRST);
    if (piece)
        memset(piece, 0, count * size);
    return piece;
}

/* -- From a place in the document to its schema ------------------------------------------------- */

static struct json_schema **slot_of(struct json_schema **slots, size_t slot_count,
                                    const struct json *source)
{
    size_t i = (size_t)(((uintptr_t)source >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    for (i &= slot_count - 1; slots[i] && slots[i]->source != source;)
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

static bool make_slots(struct json_schemas *all)
{
    if (all->count < all->slot_count / 2)
        return true;
    size_t wanted = all->slot_count ? all->slot_count * 2 : SLOTS_FIRST;
    struct json_schema **slots = calloc(wanted, sizeof(struct json_schema *));
    if (!slots)
        return false;
    for (struct json_schema *s = all->first; s; s = s->next)
        *slot_of(slots, wanted, s->source) = s;
    free(all->slots);
    all->slots = slots;
    all->slot_count = wanted;
    return true;
}

const struct json_schema *json_schemas_find(const struct json_schemas *all,
                                            const struct json *place)
{
    return all->slot_count ? *slot_of(all->slots, all->slot_count, place) : NULL;
}

/* The schema of a place, met now or before. NULL: no memory. */
static struct json_schema *meet(struct json_schemas *all, const struct json *source)
{
    if (!make_slots(all))
        return NULL;
    struct json_schema **slot = slot_of(all->slots, all->slot_count, source);
    struct json_schema *s = *slot;
    if (s)
        return s;
    s = take(all, 1, sizeof *s);
    if (!s)
        return NULL;
    s->source = source;
    if (all->last)
        all->last->next = s;
    else
        all->first = s;
    all->last = s;
    all->unread = all->unread ? all->unread : s;
    all->count++;
    *slot = s;
    return s;
}

/* Remembers the pointer that named s, to find its line when there is an error. */
static int name_it(struct json_schemas *all, struct json_schema *s, const char *pointer,
                   struct err *e)
{
    size_t room = strlen(pointer) + 1;
    char *copy = s->pointer ? NULL : take(all, 1, room);
    if (copy)
        memcpy(copy, pointer, room);
    s->pointer = s->pointer ? s->pointer : copy;
    return s->pointer ? 0 : no_memory(e);
}

/* -- Keywords: p is the keyword's value ---------------------------------------------------------- */

typedef int keyword_read(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                         struct err *e);

static int read_inside(struct json_schemas *all, const struct json_doc *p, struct json_schema **out,
                       struct err *e);

static int read_ref(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                    struct err *e)
{
    char pointer[JSON_REF_MAX];
    int code = json_doc_kind(p, JSON_STRING, e);
    if (code)
        return code;
    const struct json *target = json_ref_target(all->document, s->source);
    if (!target)
        return json_ref_error(p, false, e);
    s->ref = meet(all, target);
    if (!s->ref)
        return no_memory(e);
    json_ref_pointer(json_string(p->value), pointer);
    return name_it(all, s->ref, pointer, e);
}

static int read_type(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     struct err *e)
{
    static const char *const names[] = {"null",   "boolean", "integer", "number",
                                        "string", "array",   "object",  NULL};
    (void)all;
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

static int read_const(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      struct err *e)
{
    (void)all, (void)e;
    s->constant = p->value;
    return 0;
}

static int read_enum(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     struct err *e)
{
    (void)all;
    s->values = p->value;
    return json_doc_kind(p, JSON_ARRAY, e);
}

static int read_required(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                         struct err *e)
{
    (void)all;
    s->required = p->value;
    int code = json_doc_kind(p, JSON_ARRAY, e);
    for (struct json_doc key = json_doc_first(p); !code && key.value; json_doc_next(&key))
        code = json_doc_kind(&key, JSON_STRING, e);
    return code;
}

static int read_properties(struct json_schemas *all, const struct json_doc *p,
                           struct json_schema *s, struct err *e)
{
    int code = json_doc_kind(p, JSON_OBJECT, e);
    if (code)
        return code;
    s->named = p->value;
    s->properties = take(all, json_count(p->value), sizeof *s->properties);
    if (!s->properties)
        return no_memory(e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one)) {
        struct json_schema_member *member = &s->properties[s->property_count++];
        member->name = one.key;
        code = read_inside(all, &one, &member->schema, e);
    }
    return code;
}

static int read_defs(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                     struct err *e)
{
    (void)s;
    struct json_schema *ignored = NULL;
    int code = json_doc_kind(p, JSON_OBJECT, e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = read_inside(all, &one, &ignored, e);
    return code;
}

static int read_additional(struct json_schemas *all, const struct json_doc *p,
                           struct json_schema *s, struct err *e)
{
    return read_inside(all, p, &s->additional, e);
}

static int read_items(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                      struct err *e)
{
    return read_inside(all, p, &s->items, e);
}

static int read_length(const struct json_doc *p, const struct json **out, struct err *e)
{
    const int64_t most = (int64_t)1 << 53;
    int64_t ignored = 0;
    *out = p->value;
    return json_doc_int(p, 0, most, &ignored, e);
}

static int read_min_length(struct json_schemas *all, const struct json_doc *p,
                           struct json_schema *s, struct err *e)
{
    (void)all;
    return read_length(p, &s->min_length, e);
}

static int read_max_length(struct json_schemas *all, const struct json_doc *p,
                           struct json_schema *s, struct err *e)
{
    (void)all;
    return read_length(p, &s->max_length, e);
}

static int read_pattern(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    struct err own = {0};
    (void)all;
    int code = json_doc_kind(p, JSON_STRING, e);
    if (code)
        return code;
    s->pattern = json_string(p->value);
    code = regex_open(s->pattern, 0, &s->regex, &own);
    if (code == ERR_SYNTAX)
        return json_doc_error(p, ERR_CONTRACT, e, "\"%.100s\" is no pattern: %s, at %s", s->pattern,
                              own.what, own.where);
    return code ? json_doc_error(p, own.code, e, "%s", own.what) : 0;
}

static int read_minimum(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    (void)all;
    s->minimum = p->value;
    return json_doc_kind(p, JSON_NUMBER, e);
}

static int read_maximum(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    (void)all;
    s->maximum = p->value;
    return json_doc_kind(p, JSON_NUMBER, e);
}

static int read_list(struct json_schemas *all, const struct json_doc *p,
                     struct json_schema_list *out, struct err *e)
{
    int code = json_doc_kind(p, JSON_ARRAY, e);
    if (!code && !json_first(p->value))
        code = json_doc_error(p, ERR_CONTRACT, e, "\"%s\" must hold at least one schema", p->key);
    if (code)
        return code;
    out->schemas = take(all, json_count(p->value), sizeof(struct json_schema *));
    if (!out->schemas)
        return no_memory(e);
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = read_inside(all, &one, &out->schemas[out->count++], e);
    return code;
}

static int read_all_of(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       struct err *e)
{
    return read_list(all, p, &s->all, e);
}

static int read_any_of(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       struct err *e)
{
    return read_list(all, p, &s->any, e);
}

static int read_one_of(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       struct err *e)
{
    return read_list(all, p, &s->one, e);
}

/* Refs inside the schema would mean something else under another dialect. */
static int read_dialect(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    static const char *const dialects[] = {"https://json-schema.org/draft/2020-12/schema",
                                           "https://spec.openapis.org/oas/3.1/dialect/base", NULL};
    size_t ignored = 0;
    (void)all, (void)s;
    return json_doc_word(p, dialects, &ignored, e);
}

/* -- The table ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    keyword_read *read;
} keywords[] = {
    {"$ref", read_ref},
    {"$defs", read_defs},
    {"type", read_type},
    {"const", read_const},
    {"enum", read_enum},
    {"required", read_required},
    {"properties", read_properties},
    {"additionalProperties", read_additional},
    {"items", read_items},
    {"minLength", read_min_length},
    {"maxLength", read_max_length},
    {"pattern", read_pattern},
    {"minimum", read_minimum},
    {"maximum", read_maximum},
    {"allOf", read_all_of},
    {"anyOf", read_any_of},
    {"oneOf", read_one_of},
    {"$schema", read_dialect},
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof keywords[0] };

/* Keywords of 2020-12 that ask for something, or change what others mean. */
static const char *const unsupported[] = {"not",
                                          "if",
                                          "then",
                                          "else",
                                          "patternProperties",
                                          "propertyNames",
                                          "dependentSchemas",
                                          "dependentRequired",
                                          "minProperties",
                                          "maxProperties",
                                          "unevaluatedProperties",
                                          "prefixItems",
                                          "contains",
                                          "minContains",
                                          "maxContains",
                                          "minItems",
                                          "maxItems",
                                          "uniqueItems",
                                          "unevaluatedItems",
                                          "multipleOf",
                                          "exclusiveMinimum",
                                          "exclusiveMaximum",
                                          "$id",
                                          "$dynamicRef",
                                          "$recursiveRef"};

/* Annotations of 2020-12 and of OpenAPI 3.1. */
static const char *const annotations[] = {
    "title",         "description", "default", "examples",        "deprecated",
    "readOnly",      "writeOnly",   "format",  "contentEncoding", "contentMediaType",
    "contentSchema", "$comment",    "$anchor", "$dynamicAnchor",  "$vocabulary",
    "definitions",   "example",     "xml",     "discriminator",   "externalDocs"};

enum {
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

static int refuse_keyword(const struct json_doc *p, struct err *e)
{
    struct buf names;
    buf_init(&names, HINT_MAX);
    for (size_t i = 0; i < KEYWORD_COUNT && keywords[i].read != read_dialect; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", keywords[i].name);
    int code = json_doc_key_error(p, e, "the keyword \"%s\" is not supported; supported are %s",
                                  p->key, names.p);
    buf_fini(&names);
    return code;
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

static int read_keyword(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e)
{
    for (size_t i = 0; i < KEYWORD_COUNT; i++)
        if (strcmp(keywords[i].name, p->key) == 0)
            return keywords[i].read(all, p, s, e);
    if (is_among(p->key, unsupported, UNSUPPORTED_COUNT))
        return refuse_keyword(p, e);
    if (!is_among(p->key, annotations, ANNOTATION_COUNT) && strncmp(p->key, "x-", 2) != 0)
        warn_of(all, p);
    return 0;
}

static bool asks_beside_ref(const struct json_schema *s)
{
    return s->types || s->constant || s->values || s->required || s->properties || s->additional
        || s->items || s->min_length || s->max_length || s->regex || s->minimum || s->maximum
        || s->all.count || s->any.count || s->one.count;
}

static int read_schema(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                       struct err *e)
{
    enum json_kind kind = json_kind(p->value);
    if (s->is_read)
        return 0;
    s->is_read = true;
    s->never = kind == JSON_FALSE;
    if (kind == JSON_TRUE || kind == JSON_FALSE)
        return 0;
    if (kind != JSON_OBJECT)
        return json_doc_error(p, ERR_CONTRACT, e,
                              "a schema must be an object, true or false, not %s",
                              json_kind_name(kind));
    int code = 0;
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = read_keyword(all, &one, s, e);
    s->only_ref = s->ref && !asks_beside_ref(s);
    return code;
}

static int read_inside(struct json_schemas *all, const struct json_doc *p, struct json_schema **out,
                       struct err *e)
{
    *out = meet(all, p->value);
    return *out ? read_schema(all, p, *out, e) : no_memory(e);
}

/* -- Circles ------------------------------------------------------------------------------------ */

/* The nth schema that checking s checks on the same value; NULL when there are fewer. */
static struct json_schema *nth_on_same_value(const struct json_schema *s, size_t n)
{
    const struct json_schema_list *lists[] = {&s->all, &s->any, &s->one};
    if (s->ref && n-- == 0)
        return s->ref;
    for (size_t i = 0; i < 3; i++) {
        if (n < lists[i]->count)
            return lists[i]->schemas[n];
        n -= lists[i]->count;
    }
    return NULL;
}

/* `from` leads to itself: the way back, of which those that a $ref named are told. There is one. */
static int circle_error(const struct json_doc_file *file, const struct json_schema *from,
                        const struct json_schema *end, struct err *e)
{
    struct buf names;
    const struct json_schema *place = NULL;
    buf_init(&names, CIRCLE_MAX);
    for (const struct json_schema *s = from; s; s = s == end ? NULL : s->way_back) {
        if (!s->pointer)
            continue;
        buf_addf(&names, "%s\"#%s\"", place ? " and " : "", s->pointer);
        place = s;
    }
    struct json_doc p = json_doc_root(file, place ? place->source : end->source,
                                      place ? place->pointer : "");
    int code = json_doc_error(&p, ERR_CONTRACT, e,
                              "a circle of $refs that no value ends: it leads through %s",
                              names.broken ? "too many schemas to tell" : names.p);
    buf_fini(&names);
    return code;
}

/* A walk, depth first, along what is checked on one and the same value. It keeps its way in the schemas
 * themselves: a way may be as long as the document. */
static int find_circle(const struct json_doc_file *file, struct json_schema *start, struct err *e)
{
    struct json_schema *s = start;
    if (s->is_done)
        return 0;
    s->is_open = true;
    while (s) {
        struct json_schema *to = nth_on_same_value(s, s->edge++);
        if (to && to->is_open)
            return circle_error(file, s, to, e);
        if (to && !to->is_done) {
            to->is_open = true;
            to->way_back = s;
            s = to;
        } else if (!to) {
            s->is_open = false;
            s->is_done = true;
            s = s->way_back;
        }
    }
    return 0;
}

/* -- All of it ---------------------------------------------------------------------------------- */

/* What $refs led to, and what these lead to. Those that were met inside others are read already. */
static int read_rest(struct json_schemas *all, const struct json_doc_file *file, struct err *e)
{
    int code = 0;
    for (; !code && all->unread; all->unread = all->unread->next) {
        struct json_schema *s = all->unread;
        struct json_doc p = json_doc_root(file, s->source, s->pointer ? s->pointer : "");
        code = read_schema(all, &p, s, e);
    }
    return code;
}

int json_schemas_read(struct json_schemas *all, const struct json_doc *p,
                      const struct json_schema **out, struct err *e)
{
    struct json_schema *s = NULL;
    struct json_schema *before = all->last;
    if (out)
        *out = NULL;
    int code = read_inside(all, p, &s, e);
    if (!code)
        code = read_rest(all, p->file, e);
    for (struct json_schema *one = before ? before->next : all->first; !code && one;
         one = one->next)
        code = find_circle(p->file, one, e);
    if (!code && out)
        *out = s;
    return code;
}
