/* What a schema is between json_schema_read.c, which makes it, and json_schema.c, which checks
 * values against it. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_INNER_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_INNER_H

#include "base/regex.h"
#include "json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names of `type`, in this order. */
enum json_schema_type {
    SCHEMA_NULL,
    SCHEMA_BOOLEAN,
    SCHEMA_INTEGER,
    SCHEMA_NUMBER,
    SCHEMA_STRING,
    SCHEMA_ARRAY,
    SCHEMA_OBJECT
};

struct json_schema_list {
    struct json_schema **schemas; /* NULL: the keyword is not there */
    size_t count;
};

struct json_schema_member {
    const char *name;
    struct json_schema *schema;
};

/* A field that is zero belongs to a keyword that is not there. Texts and values are the document's. */
struct json_schema {
    bool never;              /* the schema false */
    bool only_ref;           /* $ref and nothing else that asks for something */
    struct json_schema *ref; /* $ref */
    unsigned types;          /* a bit for each enum json_schema_type */
    const char *type;        /* the first name of `type` */
    const struct json *constant, *values, *required;
    struct json_schema_member *properties;
    size_t property_count;
    const struct json *named; /* the object of `properties` */
    struct json_schema *additional, *items;
    const struct json *min_length, *max_length, *minimum, *maximum;
    const char *pattern;
    struct regex *regex;
    struct json_schema_list all, any, one;

    /* For the reader alone. */
    const struct json *source;
    const char *pointer; /* of one that a $ref or a caller named; else NULL */
    bool is_read;
    struct json_schema *next;     /* in the order in which they were met */
    bool is_open, is_done;        /* on the way that leads to circles; no circle leads here */
    size_t edge;                  /* the next way to go from here */
    struct json_schema *way_back; /* where the way came from */
};

#endif
