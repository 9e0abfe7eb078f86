/* What a schema is between its readers (json_schema_read.c, json_schema_words.c, json_schema_ids.c,
 * json_schema_circle.c), which make it, and its checks (json_schema.c and one file a family of keywords). */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_INNER_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_INNER_H

#include "base/buf.h"
#include "base/regex.h"
#include "json.h"
#include "json_doc.h"

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
    struct regex *regex; /* of patternProperties: the name, compiled */
    struct json_schema *schema;
};

struct json_schema_map {
    const struct json *source; /* NULL: the keyword is not there */
    struct json_schema_member *members;
    size_t count;
};

struct schema_document; /* a file: json_schema_ids.h */
struct schema_resource; /* what an $id, or a file, gives a URI to: json_schema_ids.h */

/* A field that is zero belongs to a keyword that is not there. Texts and values are the document's. */
struct json_schema {
    bool never;              /* the schema false */
    bool only_ref;           /* $ref and nothing else that asks for something */
    bool nullable;           /* OpenAPI 3.0: null is of the type too */
    struct json_schema *ref; /* $ref */
    unsigned types;          /* a bit for each enum json_schema_type */
    const char *type;        /* the first name of `type` */
    const struct json *constant, *values, *required, *dependent_required;
    struct json_schema_map properties, patterns, dependents;
    struct json_schema *additional, *names, *items, *contains, *no, *condition, *then, *otherwise;
    struct json_schema *unevaluated_members, *unevaluated_items;
    const struct json *min_length, *max_length, *minimum, *maximum, *above, *below, *multiple;
    const struct json *min_members, *max_members, *min_items, *max_items, *min_contains,
        *max_contains;
    bool unique;
    const char *pattern;
    struct regex *regex;
    struct json_schema_list prefix, all, any, one;

    /* For the readers, and for telling where it stands. */
    const struct json *source;
    const struct schema_document *document;
    const struct schema_resource *base; /* what its $refs start from */
    const char *pointer;                /* of one that a $ref or a caller named; else NULL ... */
    const struct json_schema *up;       /* ... and then it is inside this one, */
    const char *keyword, *key;          /* under this keyword and this member (NULL: none, or: */
    size_t index;                       /* this element), */
    bool is_element;
    bool asks; /* a keyword other than $ref asks for something */
    bool is_read;
    struct json_schema *next;     /* in the order in which they were met */
    bool is_open, is_done;        /* on the way that leads to circles; no circle leads here */
    size_t edge;                  /* the next way to go from here */
    struct json_schema *way_back; /* where the way came from */
};

/* -- Checking --------------------------------------------------------------------------------- */

/* The members and elements of values that keywords have looked at, for unevaluatedProperties and
 * unevaluatedItems: a stack, cut back where a schema that looked at them does not fit. */
struct schema_seen {
    const struct json **list;
    size_t count, room;
    size_t from; /* where the list of the schema at hand begins */
    bool wanted; /* by a schema around, of the value at hand */
};

struct schema_check {
    unsigned depth;  /* values end, but schemas inside schemas may be many more */
    uint32_t steps;  /* left */
    struct err stop; /* why the check cannot go on: ERR_LIMIT or ERR_MEMORY */
    struct buf *at;  /* the place of the keyword that does not fit; NULL: nobody asks */
    const struct json_schema *schema; /* the one at hand */
    struct schema_seen seen;
};

enum { SCHEMA_KEYS_A_STEP = 8 /* of an object or list, looked through */ };

/* The checks of a family: all keywords of it that s has. e is NULL where nobody asks why. */
typedef int schema_family(struct schema_check *k, const struct json_schema *s,
                          const struct json_doc *v, struct err *e);

schema_family schema_check_values, schema_check_objects, schema_check_arrays, schema_check_logic,
    schema_check_unevaluated;
/* Of objects and arrays: what no look at one member or element tells. Then all of these keywords. */
schema_family schema_check_whole_objects, schema_check_whole_arrays, schema_check_no,
    schema_check_whole;

/* One schema against one value. */
schema_family schema_check_one;
/* The same against a member or element of the value at hand, which is seen with it. */
schema_family schema_check_part;

/* False when so many steps are not left. */
bool schema_take_steps(struct schema_check *k, size_t steps);
/* The same as an error. */
int schema_spend(struct schema_check *k, const struct json_doc *v, size_t steps);
/* The check ends here, alternatives or not: ERR_LIMIT or ERR_MEMORY. */
int schema_stop(struct schema_check *k, const struct json_doc *v, enum err_code code,
                const char *what);
/* The value does not fit keyword: ERR_CONTRACT. */
int schema_fail(struct schema_check *k, const char *keyword, const struct json_doc *v,
                struct err *e, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Remembers that a keyword has looked at a member or element. */
int schema_see(struct schema_check *k, const struct json_doc *part);

/* -- Values: json_schema_value.c ----------------------------------------------------------------- */

/* Whether a, the contract's, and b are equal. False too when no steps are left: k->steps is 0 then. */
bool schema_same(struct schema_check *k, const struct json *a, const struct json *b);
/* A bound of a measure: whole numbers that are counted. rule NULL: none. */
int schema_check_bound(struct schema_check *k, const char *keyword, const struct json *rule,
                       double measure, const char *of, const struct json_doc *v, struct err *e);
/* Whether a text matches; code tells that it could not be found out. */
bool schema_matches(struct schema_check *k, const struct regex *regex, const char *text,
                    const struct json_doc *v, int *code);
/* Whether value is a whole number of multiples: by their digits, exactly. */
bool schema_is_multiple(const struct json *value, const struct json *multiple);

#endif
