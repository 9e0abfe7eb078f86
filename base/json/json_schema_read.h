/* What the readers of schemas share: json_schema_read.c walks, json_schema_words.c knows the keywords. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_READ_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_READ_H

#include "json_schema_ids.h"

/* Reads what stands at p, a keyword of the schema s. */
int schema_read_keyword(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                        struct err *e);

/* Reads the schema at p, which stands in the schema `around` (NULL: in none). */
int schema_read_inside(struct json_schemas *all, const struct json_doc *p,
                       const struct json_schema *around, struct json_schema **out, struct err *e);

/* The schema that a $ref at p in s leads to. It is read when its turn comes. */
int schema_read_ref(struct json_schemas *all, const struct json_doc *p, struct json_schema *s,
                    struct json_schema **out, struct err *e);

/* ERR_CONTRACT when checking start leads to checking start on the same value. */
int schema_find_circle(struct json_schema *start, struct err *e);

#endif
