/* $id, $anchor and the files that $refs lead to. */
#include "json_schema_ids.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_MAX = 64 << 10 };

/* The scheme of files below the root; no file is ever read for another one. */
static const char SCHEME[] = "fixtures:///";

/* -- Looking through a document ------------------------------------------------------------------ */

/* Objects whose keys are names that somebody chose. */
static const char *const maps[] = {
    "properties", "patternProperties", "$defs",     "definitions", "dependentSchemas",
    "schemas",    "parameters",        "responses", "headers",     "requestBodies",
    "paths",      "callbacks",         "pathItems", "content",     NULL};
/* Keys whose values are somebody's data. */
static const char *const data[] = {"const",    "enum",  "default", "example",
                                   "examples", "value", NULL};

static bool is_among(const char *key, const char *const *words)
{
    while (*words && strcmp(*words, key) != 0)
        words++;
    return *words;
}

struct looking {
    struct json_schemas *all;
    struct schema_document *document;
};

static int count_id(struct looking *l, const struct json_doc *p, struct err *e)
{
    if (l->all->id_count++ < JSON_SCHEMA_IDS_MAX)
        return 0;
    return json_doc_error(p, ERR_LIMIT, e, "more than %d of $id and $anchor", JSON_SCHEMA_IDS_MAX);
}

static const char *pointer_of(struct json_schemas *all, const struct json_doc *p)
{
    struct buf pointer;
    buf_init(&pointer, POINTER_MAX);
    json_doc_add_pointer(p, &pointer);
    const char *kept = pointer.broken ? NULL : schema_keep(all, pointer.p);
    buf_fini(&pointer);
    return kept;
}

static struct schema_resource *add_resource(struct json_schemas *all, struct schema_document *d,
                                            const struct json_doc *p, const char *uri)
{
    struct schema_resource *r = schema_take(all, 1, sizeof *r);
    if (!r)
        return NULL;
    r->uri = schema_keep(all, uri);
    r->source = p->value;
    r->document = d;
    r->pointer = pointer_of(all, p);
    r->next = all->resources;
    all->resources = r;
    return r->uri && r->pointer ? r : NULL;
}

static int look_at_id(struct looking *l, const struct json_doc *p,
                      const struct schema_resource **base, struct err *e)
{
    char uri[JSON_URI_MAX];
    struct json_doc id = json_doc_get(p, "$id");
    const char *text = json_string(id.value);
    if (!text)
        return 0;
    struct span name = span_of(text);
    if (name.n && name.p[name.n - 1] == '#')
        name.n--;
    if (span_find(name, '#') < name.n)
        return json_doc_error(&id, ERR_CONTRACT, e, "\"$id\" must have no fragment: \"%s\"", text);
    if (!json_uri_resolve((*base)->uri, name, uri))
        return json_doc_error(&id, ERR_LIMIT, e, "an $id of more than %d bytes", JSON_URI_MAX - 1);
    *base = add_resource(l->all, l->document, p, uri);
    l->document->has_ids = true;
    return *base ? count_id(l, &id, e) : schema_no_memory(e);
}

static int look_at_anchor(struct looking *l, const struct json_doc *p, const char *keyword,
                          const struct schema_resource *base, struct err *e)
{
    struct json_doc anchor = json_doc_get(p, keyword);
    if (!json_string(anchor.value))
        return 0;
    struct schema_anchor *a = schema_take(l->all, 1, sizeof *a);
    if (!a)
        return schema_no_memory(e);
    a->name = json_string(anchor.value);
    a->resource = base;
    a->source = p->value;
    a->pointer = pointer_of(l->all, p);
    a->next = l->all->anchors;
    l->all->anchors = a;
    return a->pointer ? count_id(l, &anchor, e) : schema_no_memory(e);
}

static int look(struct looking *l, const struct json_doc *p, bool named,
                const struct schema_resource *base, struct err *e)
{
    int code = 0;
    if (!named && json_kind(p->value) == JSON_OBJECT) {
        code = look_at_id(l, p, &base, e);
        if (!code)
            code = look_at_anchor(l, p, "$anchor", base, e);
        if (!code)
            code = look_at_anchor(l, p, "$dynamicAnchor", base, e);
    }
    for (struct json_doc one = json_doc_first(p); !code && one.value; json_doc_next(&one)) {
        const char *word = named ? NULL : one.key;
        if (word && (is_among(word, data) || strncmp(word, "x-", 2) == 0))
            continue;
        code = look(l, &one, word && is_among(word, maps), base, e);
    }
    return code;
}

int schema_ids_look(struct json_schemas *all, struct schema_document *d, struct err *e)
{
    char uri[JSON_URI_MAX];
    struct looking l = {all, d};
    struct json_doc root = json_doc_root(d->file, d->root, "");
    const char *version = json_string(json_get(d->root, "openapi"));
    d->is_old = version && strncmp(version, "3.0", 3) == 0;
    if (snprintf(uri, sizeof uri, "%s%s", SCHEME, d->path) >= (int)sizeof uri)
        return json_doc_error(&root, ERR_LIMIT, e, "its path is longer than %d bytes",
                              JSON_URI_MAX - 1);
    struct schema_resource *r = add_resource(all, d, &root, uri);
    if (!r)
        return schema_no_memory(e);
    d->resource = r;
    return look(&l, &root, false, r, e);
}

/* -- Files --------------------------------------------------------------------------------------- */

static int load(struct json_schemas *all, struct schema_document *d, const struct json_doc *p,
                struct err *e)
{
    char path[FILE_PATH_MAX];
    struct err own = {0};
    if (!file_join(path, sizeof path, all->root, d->path))
        return json_doc_error(p, ERR_LIMIT, e, "the path is too long");
    int code = file_read_below(all->root, path, &d->text, &own);
    if (code)
        return json_doc_error(p, (enum err_code)code, e, "\"%.200s\" leads to the file %.200s: %s",
                              json_string(p->value), path, own.what);
    d->where = strdup(path);
    if (!d->where)
        return schema_no_memory(e);
    d->own_file = (struct json_doc_file){d->where, buf_span(&d->text)};
    d->file = &d->own_file;
    code = json_doc_open(d->file, &d->owned, e);
    d->root = d->owned;
    return code ? code : schema_ids_look(all, d, e);
}

/* The document of "fixtures:///PATH". */
static int open_document(struct json_schemas *all, const char *uri, const struct json_doc *p,
                         struct err *e)
{
    char path[JSON_URI_MAX];
    if (!text_percent_decode(span_of(uri + strlen(SCHEME)), path, sizeof path) || !path[0])
        return json_ref_error(p, false, e);
    if (all->document_count == JSON_SCHEMA_FILES_MAX)
        return json_doc_error(p, ERR_LIMIT, e, "$refs lead to more than %d files",
                              JSON_SCHEMA_FILES_MAX);
    struct schema_document *d = schema_take(all, 1, sizeof *d);
    if (!d)
        return schema_no_memory(e);
    buf_init(&d->text, JSON_SCHEMA_FILE_MAX);
    all->last_document->next = d;
    all->last_document = d;
    all->document_count++;
    d->path = schema_keep(all, path);
    return d->path ? load(all, d, p, e) : schema_no_memory(e);
}

void schema_documents_close(struct json_schemas *all)
{
    for (struct schema_document *d = all->first_document.next; d; d = d->next) {
        json_close(d->owned);
        buf_fini(&d->text);
        free(d->where);
    }
}

/* -- Where a $ref leads ---------------------------------------------------------------------------- */

const struct schema_resource *schema_resource_of(const struct json_schemas *all,
                                                 const struct json *source)
{
    const struct schema_resource *r = all->resources;
    while (r && r->source != source)
        r = r->next;
    return r;
}

static const struct schema_resource *find_resource(const struct json_schemas *all, const char *uri)
{
    const struct schema_resource *r = all->resources;
    while (r && strcmp(r->uri, uri) != 0)
        r = r->next;
    return r;
}

const struct schema_resource *schema_base_at(const struct json_schemas *all,
                                             const struct schema_document *d, const char *pointer)
{
    const struct schema_resource *base = schema_resource_of(all, d->root);
    char part[2 * JSON_REF_MAX];
    if (!d->has_ids || !span_copy(span_of(pointer), part, sizeof part))
        return base;
    for (char *slash = strchr(part, '/'); slash;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        const struct json *v = json_at(d->root, part);
        const struct schema_resource *own = json_string(json_get(v, "$id"))
            ? schema_resource_of(all, v)
            : NULL;
        base = own ? own : base;
        if (slash)
            *slash = '/';
    }
    return base;
}

static bool find_anchor(const struct json_schemas *all, const struct schema_resource *r,
                        const char *name, struct schema_target *out)
{
    const struct schema_anchor *a = all->anchors;
    while (a && (a->resource->source != r->source || strcmp(a->name, name) != 0))
        a = a->next;
    if (!a || !span_copy(span_of(a->pointer), out->pointer, sizeof out->pointer))
        return false;
    out->source = a->source;
    return true;
}

/* fragment: percent-decoded. */
static bool find_fragment(const struct json_schemas *all, const struct schema_resource *r,
                          const char *fragment, struct schema_target *out)
{
    out->document = r->document;
    if (fragment[0] && fragment[0] != '/') {
        if (!find_anchor(all, r, fragment, out))
            return false;
    } else {
        int n = snprintf(out->pointer, sizeof out->pointer, "%s%s", r->pointer, fragment);
        if (n < 0 || (size_t)n >= sizeof out->pointer)
            return false;
        out->source = json_at(r->source, fragment);
    }
    out->base = schema_base_at(all, r->document, out->pointer);
    return out->source;
}

static int leads_nowhere(const struct json_schemas *all, const struct json_doc *p, const char *uri,
                         struct err *e)
{
    if (all->root && strncmp(uri, SCHEME, strlen(SCHEME)) != 0 && json_string(p->value)[0] != '#')
        return json_doc_error(p, ERR_CONTRACT, e,
                              "\"%.200s\" leads to %.200s, which no \"$id\" here names; nothing is "
                              "fetched, only files below %.100s are read",
                              json_string(p->value), uri, all->root);
    return json_ref_error(p, false, e);
}

int schema_ids_follow(struct json_schemas *all, const struct json_schema *from,
                      const struct json_doc *p, struct schema_target *out, struct err *e)
{
    char uri[JSON_URI_MAX], fragment[JSON_REF_MAX];
    const char *ref = json_string(p->value);
    size_t hash = strcspn(ref, "#");
    *out = (struct schema_target){0};
    fragment[0] = '\0';
    if ((ref[hash] && !json_ref_pointer(ref + hash, fragment))
        || !json_uri_resolve(from->base->uri, (struct span){ref, hash}, uri))
        return json_ref_error(p, false, e);
    const struct schema_resource *r = hash ? find_resource(all, uri) : from->base;
    if (!r && all->root && strncmp(uri, SCHEME, strlen(SCHEME)) == 0) {
        int code = open_document(all, uri, p, e);
        if (code)
            return code;
        r = find_resource(all, uri);
        r = r ? r : all->last_document->resource;
    }
    if (r && find_fragment(all, r, fragment, out))
        return 0;
    return leads_nowhere(all, p, uri, e);
}

/* -- Places ---------------------------------------------------------------------------------------- */

void json_schema_place(const struct json_schema *s, struct buf *out)
{
    if (s->pointer || !s->up) {
        buf_addf(out, "%s#%s", s->document->is_first ? "" : s->document->path,
                 s->pointer ? s->pointer : "");
        return;
    }
    json_schema_place(s->up, out);
    buf_addf(out, "/%s", s->keyword);
    if (s->is_element)
        buf_addf(out, "/%zu", s->index);
    if (!s->key)
        return;
    buf_add_char(out, '/');
    for (const char *c = s->key; *c; c++)
        if (*c == '~' || *c == '/')
            buf_add_text(out, *c == '~' ? "~0" : "~1");
        else
            buf_add_char(out, *c);
}
