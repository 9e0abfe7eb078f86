/* Where schemas lie: documents, what has a URI of its own, anchors, and where a $ref leads.
 *
 * A document is looked through once for its $id and $anchor; then a $ref is a URI to a resource and a
 * fragment in it. The document itself is a resource, by the path of its file below the root. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_IDS_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_IDS_H

#include "json_arena.h"
#include "json_ref.h"
#include "json_schema.h"
#include "json_schema_inner.h"
#include "json_uri.h"

struct schema_document {
    const char *path;                 /* below the root; "" when no files are read */
    bool is_first;                    /* the one that is told without its path */
    const struct json_doc_file *file; /* to tell lines by, while it is read */
    const struct json *root;
    const struct schema_resource *resource; /* of its root */
    bool has_ids;
    bool is_old; /* OpenAPI 3.0 */
    /* Of a file that a $ref led to. */
    struct json_doc_file own_file;
    struct buf text;
    struct json *owned;
    char *where;
    struct schema_document *next;
};

struct schema_resource {
    const char *uri; /* absolute, no fragment */
    const struct json *source;
    struct schema_document *document;
    const char *pointer; /* in the document */
    struct schema_resource *next;
};

struct schema_anchor {
    const char *name;
    const struct schema_resource *resource;
    const struct json *source;
    const char *pointer;
    struct schema_anchor *next;
};

struct json_schemas {
    json_schema_warn *warn;
    void *warn_arg;
    const char *root;        /* the folder whose files $refs may lead to; NULL: none */
    struct json_arena arena; /* holds every struct below, and the texts */
    struct schema_document first_document, *last_document;
    size_t document_count;
    struct schema_resource *resources;
    struct schema_anchor *anchors;
    size_t id_count;
    struct json_schema *first, *last, *unread;
    struct json_schema **slots; /* by the address of their source; open addressing */
    size_t slot_count, count;   /* slot_count is a power of two, never full */
};

/* A place that a $ref leads to. */
struct schema_target {
    const struct json *source;
    struct schema_document *document;
    const struct schema_resource *base;
    char pointer[2 * JSON_REF_MAX]; /* in the document */
};

/* NULL: no memory. Zeroed. */
void *schema_take(struct json_schemas *all, size_t count, size_t size);
const char *schema_keep(struct json_schemas *all, const char *text);
int schema_no_memory(struct err *e);

/* Looks through a document whose file, path and root are set. ERR_LIMIT beyond JSON_SCHEMA_IDS_MAX;
 * ERR_MEMORY. */
int schema_ids_look(struct json_schemas *all, struct schema_document *d, struct err *e);

/* What a $ref at p leads to; the file it lies in is read if need be. */
int schema_ids_follow(struct json_schemas *all, const struct json_schema *from,
                      const struct json_doc *p, struct schema_target *out, struct err *e);

/* The resource around the place of a pointer. */
const struct schema_resource *schema_base_at(const struct json_schemas *all,
                                             const struct schema_document *d, const char *pointer);
/* The resource that begins with this value; NULL when none does. */
const struct schema_resource *schema_resource_of(const struct json_schemas *all,
                                                 const struct json *source);

void schema_documents_close(struct json_schemas *all);

#endif
