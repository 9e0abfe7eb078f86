/* Schemas are read: each where it stands, then what $refs lead to, then the circles are looked for.
 *
 * A schema becomes a struct json_schema when it is met: inside another one, where it is read at
 * once, or at the end of a $ref, where it is read when its turn comes. So one that refers to itself
 * is read once, and a long row of $refs takes no C stack. */
#include "json_schema_read.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 4096, SLOTS_FIRST = 64 };

int schema_no_memory(struct err *e)
{
    return err_set(e, ERR_MEMORY, NULL, "no memory for a schema");
}

int json_schemas_open(const struct json *document, json_schema_warn *warn, void *arg,
                      struct json_schemas **out, struct err *e)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return schema_no_memory(e);
    struct json_schemas *all = *out;
    all->warn = warn;
    all->warn_arg = arg;
    all->last_document = &all->first_document;
    all->first_document.path = "";
    all->first_document.is_first = true;
    all->first_document.root = document;
    return 0;
}

void json_schemas_allow_files(struct json_schemas *all, const char *root, const char *path)
{
    all->root = root;
    all->first_document.path = path;
}

static void close_regexes(const struct json_schema *s)
{
    regex_close(s->regex);
    for (size_t i = 0; i < s->patterns.count; i++)
        regex_close(s->patterns.members[i].regex);
}

void json_schemas_close(struct json_schemas *all)
{
    if (!all)
        return;
    for (struct json_schema *s = all->first; s; s = s->next)
        close_regexes(s);
    schema_documents_close(all);
    json_arena_close(all->arena);
    free(all->slots);
    free(all);
}

void *schema_take(struct json_schemas *all, size_t count, size_t size)
{
    void *piece = json_arena_take(&all->arena, count * size, ROOM_FIRST);
    if (piece)
        memset(piece, 0, count * size);
    return piece;
}

const char *schema_keep(struct json_schemas *all, const char *text)
{
    size_t room = strlen(text) + 1;
    char *copy = schema_take(all, 1, room);
    return copy ? memcpy(copy, text, room) : NULL;
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
    return all && all->slot_count ? *slot_of(all->slots, all->slot_count, place) : NULL;
}

const struct json *json_schemas_target(const struct json_schemas *all, const struct json *place)
{
    const struct json_schema *s = json_schemas_find(all, place);
    return s && s->ref ? s->ref->source : NULL;
}

/* The schema of a place, met now or before. NULL: no memory. */
static struct json_schema *meet(struct json_schemas *all, const struct json *source,
                                const struct schema_document *document)
{
    if (!make_slots(all))
        return NULL;
    struct json_schema **slot = slot_of(all->slots, all->slot_count, source);
    struct json_schema *s = *slot;
    if (s)
        return s;
    s = schema_take(all, 1, sizeof *s);
    if (!s)
        return NULL;
    s->source = source;
    s->document = document;
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
    s->pointer = s->pointer ? s->pointer : schema_keep(all, pointer);
    return s->pointer ? 0 : schema_no_memory(e);
}

int schema_read_ref(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                    struct json_schema **out, struct err *e)
{
    struct schema_target target;
    int code = json_doc_kind(p, JSON_STRING, e);
    if (!code)
        code = schema_ids_follow(all, s, p, &target, e);
    if (code)
        return code;
    *out = meet(all, target.source, target.document);
    if (!*out)
        return schema_no_memory(e);
    (*out)->base = (*out)->base ? (*out)->base : target.base;
    return name_it(all, *out, target.pointer, e);
}

/* -- One schema ----------------------------------------------------------------------------------- */

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
    struct json_doc ref = json_doc_get(p, "$ref");
    if (ref.value && s->document->is_old) /* in OpenAPI 3.0 nothing beside it counts */
        return schema_read_keyword(all, &ref, s, e);
    int code = 0;
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one))
        code = schema_read_keyword(all, &one, s, e);
    return code;
}

/* Where s stands in the schema around it: under a keyword, under a name, or as an element. */
static void place_it(struct json_schema *s, const struct json_doc *p,
                     const struct json_schema *around)
{
    bool direct = p->key && p->up->value == around->source;
    s->up = around;
    s->keyword = direct ? p->key : p->up->key;
    s->key = direct ? NULL : p->key;
    s->is_element = !p->key;
    s->index = p->index;
}

int schema_read_inside(struct json_schemas *all, const struct json_doc *p,
                       const struct json_schema *around, struct json_schema **out, struct err *e)
{
    struct json_schema *s = meet(all, p->value, around->document);
    *out = s;
    if (!s)
        return schema_no_memory(e);
    if (!s->up && !s->pointer)
        place_it(s, p, around);
    const struct schema_resource *own = json_string(json_get(p->value, "$id"))
        ? schema_resource_of(all, p->value)
        : NULL;
    s->base = s->base ? s->base : own ? own : around->base;
    int code = read_schema(all, p, s, e);
    s->only_ref = s->ref && !s->asks;
    return code;
}

/* -- All of it ---------------------------------------------------------------------------------- */

/* What $refs led to, and what these lead to. Those that were met inside others are read already. */
static int read_rest(struct json_schemas *all, struct err *e)
{
    int code = 0;
    for (; !code && all->unread; all->unread = all->unread->next) {
        struct json_schema *s = all->unread;
        struct json_doc p = json_doc_root(s->document->file, s->source,
                                          s->pointer ? s->pointer : "");
        code = read_schema(all, &p, s, e);
        s->only_ref = s->ref && !s->asks;
    }
    return code;
}

static int read_first(struct json_schemas *all, const struct json_doc *p, struct json_schema **out,
                      struct err *e)
{
    struct schema_document *d = &all->first_document;
    struct buf pointer;
    int code = 0;
    d->file = p->file;
    if (!d->resource)
        code = schema_ids_look(all, d, e);
    struct json_schema *s = code ? NULL : meet(all, p->value, d);
    if (!s)
        return code ? code : schema_no_memory(e);
    buf_init(&pointer, 64 << 10);
    json_doc_add_pointer(p, &pointer);
    code = pointer.broken ? schema_no_memory(e) : 0;
    if (!code && !s->up)
        code = name_it(all, s, pointer.p, e);
    if (!code)
        s->base = s->base ? s->base : schema_base_at(all, d, pointer.p);
    buf_fini(&pointer);
    if (!code)
        code = read_schema(all, p, s, e);
    s->only_ref = s->ref && !s->asks;
    *out = s;
    return code;
}

int json_schemas_read(struct json_schemas *all, const struct json_doc *p,
                      const struct json_schema **out, struct err *e)
{
    struct json_schema *s = NULL;
    struct json_schema *before = all->last;
    if (out)
        *out = NULL;
    int code = read_first(all, p, &s, e);
    if (!code)
        code = read_rest(all, e);
    for (struct json_schema *one = before ? before->next : all->first; !code && one;
         one = one->next)
        code = schema_find_circle(one, e);
    if (!code && out)
        *out = s;
    return code;
}
