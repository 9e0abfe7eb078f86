/* Schemas: is this value what that schema asks for?
 *
 * A subset of JSON Schema 2020-12. A schema is true (anything), false (nothing) or an object of
 * these keywords; all of them must hold, in this order:
 *
 *   $ref                  the schema that "#/pointer" names in the document (json_ref.h); what stands
 *                         beside it counts too
 *   type                  a name or a list of names: null, boolean, integer, number, string, array,
 *                         object. 1.0 is an integer, and so is every number beyond 9e15 or -9e15
 *   const, enum           equal to the value, to one of the values. Numbers are equal by value (1 and
 *                         1.0), objects whatever the order of their keys
 *   required              of an object: the keys that must be there
 *   properties            of an object: a schema for the member of each name, if it is there
 *   additionalProperties  of an object: a schema for every member that properties does not name
 *   items                 of an array: a schema for every element
 *   minLength, maxLength  of a string: bounds on its characters, not bytes
 *   pattern               of a string: a regular expression (base/regex.h) that matches anywhere in it
 *   minimum, maximum      of a number: bounds, themselves allowed
 *   allOf, anyOf, oneOf   a list of schemas: the value must fit all, at least one, exactly one
 *
 * Of the values that are JSON_UNREADABLE (json.h), a string counts as one for type, minLength and
 * maxLength, and a number for type (number and integer), but none is equal to anything (const, enum) or
 * matches a pattern, and no bound holds for such a number. The value of a repeated key is of no type.
 *
 * "Of an object" means that other kinds pass. $defs holds schemas for others to refer to.
 *
 * Any other keyword that asks for something (not, if, minItems ...) is an error when the schema is
 * read: a value that it would refuse must not pass. Annotations (title, format, example ...) and x-*
 * ask for nothing; an unknown keyword is an annotation too, and a warning.
 *
 * Read once, then checked by many threads at once. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H

#include "base/err.h"
#include "json.h"
#include "json_doc.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    JSON_SCHEMA_DEPTH_MAX = 128,    /* schemas inside schemas, when a value is checked */
    JSON_SCHEMA_STEPS_MAX = 100000, /* steps of a check */
};

struct json_schema;  /* one schema that has been read */
struct json_schemas; /* all of a document */

/* Called for each unknown keyword; the warning's where and what are as an error's. */
typedef void json_schema_warn(const struct err *warning, void *arg);

/* For the schemas of document, which must outlive them. warn may be NULL. ERR_MEMORY is the only error;
 * *out is then NULL. Free with json_schemas_close (NULL is fine). */
int json_schemas_open(const struct json *document, json_schema_warn *warn, void *arg,
                      struct json_schemas **out, struct err *e);
void json_schemas_close(struct json_schemas *all);

/* Reads the schema at p, a place in the document, with all that it refers to; one that has been read
 * before is not read again. *out (unless out is NULL) lives as long as the document's schemas.
 *
 *   ERR_CONTRACT  a keyword of a wrong kind or not supported, a $ref that leads nowhere, a pattern that
 *                 is none, or a circle: a schema that is checked by checking itself on the same
 *                 value. One that contains itself for parts of the value is fine
 *   ERR_LIMIT     a pattern is longer than REGEX_PATTERN_MAX
 *   ERR_MEMORY
 *
 * e->where is "FILE:LINE:COLUMN". On error *out is NULL, and the schemas are good for closing only. */
int json_schemas_read(struct json_schemas *all, const struct json_doc *p,
                      const struct json_schema **out, struct err *e);

/* The schema that stands at this place of the document and has been read; NULL when none has. */
const struct json_schema *json_schemas_find(const struct json_schemas *all,
                                            const struct json *place);

/* Whether the type "integer" takes a value: 1.0 is one, and so is every number beyond 9e15. */
bool json_schema_is_integer(const struct json *value);

/* False when no string can fit, by the word of `type` alone. NULL takes all. */
bool json_schema_takes_string(const struct json_schema *schema);

/* Checks a value against a schema.
 *
 *   0             it fits
 *   ERR_CONTRACT  it does not: e->where is a JSON Pointer (RFC 6901) into the value, e->what a
 *                 sentence in which the schema is "the contract". When no alternative of anyOf or
 *                 oneOf fits, both tell why the first does not
 *   ERR_LIMIT     whether it fits is not known: schemas are nested deeper than JSON_SCHEMA_DEPTH_MAX,
 *                 the check takes more than JSON_SCHEMA_STEPS_MAX steps, or a pattern more than
 *                 base/regex.h allows. e->what names the number
 *   ERR_MEMORY    no memory for a pattern
 *
 * A step is one schema applied to one value, one comparison of two values, or about as much work of
 * another kind, so that no schema and no value take more than some milliseconds. Without a
 * schema (NULL) everything fits; a value that is absent (NULL) is of no type. */
int json_schema_check(const struct json_schema *schema, const struct json *value, struct err *e);

/* The same for who counts the steps of several checks together: *steps are left before, and after. */
int json_schema_check_within(const struct json_schema *schema, const struct json *value,
                             uint32_t *steps, struct err *e);

#endif
