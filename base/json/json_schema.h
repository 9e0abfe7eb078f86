/* Schemas: is this value what that schema asks for?
 *
 * JSON Schema 2020-12. A schema is true (anything), false (nothing) or an object of these keywords; all
 * of them must hold, in this order:
 *
 *   $ref                  the schema that it names; what stands beside it counts too
 *   type                  a name or a list of names: null, boolean, integer, number, string, array,
 *                         object. 1.0 is an integer, and so is every number beyond 9e15 or -9e15
 *   const, enum           equal to the value, to one of the values. Numbers are equal by value (1 and
 *                         1.0), objects whatever the order of their keys
 *   minLength, maxLength  of a string: bounds on its characters, not bytes
 *   pattern               of a string: a regular expression (base/regex.h) that matches anywhere in it
 *   minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
 *                         of a number; multiples by its decimal digits, exactly
 *   required, properties, patternProperties, additionalProperties, dependentSchemas, minProperties,
 *   maxProperties, dependentRequired, propertyNames
 *                         of an object
 *   prefixItems, items, minItems, maxItems, contains, minContains, maxContains, uniqueItems
 *                         of an array
 *   allOf, anyOf, oneOf, if, then, else, not
 *                         schemas of the same value
 *   unevaluatedProperties, unevaluatedItems
 *                         a schema for what nothing beside it, and nothing inside that, has looked at
 *
 * A $ref is a URI reference (RFC 3986) that starts from the nearest $id around it, else from the file: "#/pointer",
 * "#anchor" ($anchor, $dynamicAnchor), an $id of the document, or another file, where
 * json_schemas_allow_files allows it. Nothing is fetched.
 *
 * In an OpenAPI 3.0 document ("openapi" says so) "nullable": true lets null be of the type, exclusiveMinimum and
 * exclusiveMaximum may be switches, and what stands beside a $ref counts for nothing.
 *
 * Of the values that are JSON_UNREADABLE (json.h), a string counts as one for type, minLength and
 * maxLength, and a number for type (number and integer), but none is equal to anything (const, enum) or
 * matches a pattern, and no bound holds for such a number. The value of a repeated key is of no type.
 *
 * "Of an object" means that other kinds pass. $defs holds schemas for others to refer to.
 *
 * $dynamicRef, and the keywords of older dialects, are errors when the schema is read: a value that they
 * would refuse must not pass. Annotations (title, format, example ...) and x-* ask for nothing; an unknown
 * keyword is an annotation too, and a warning.
 *
 * Read once, then checked by many threads at once. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H

#include "base/buf.h"
#include "base/err.h"
#include "json.h"
#include "json_doc.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    JSON_SCHEMA_DEPTH_MAX = 128,    /* schemas inside schemas, when a value is checked */
    JSON_SCHEMA_STEPS_MAX = 100000, /* steps of a check */
    JSON_SCHEMA_IDS_MAX = 1024,     /* $id and $anchor of all files */
    JSON_SCHEMA_FILES_MAX = 32,     /* files that $refs lead to */
    JSON_SCHEMA_FILE_MAX = 4 << 20, /* bytes of one */
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

/* Before anything is read: $refs may lead to JSON files in the folder root, by the way from the document, which is
 * the file path in it ("video/openapi.json"). Both are lent until the last json_schemas_read, or until the same is
 * called with NULL and "": then no more files are read. */
void json_schemas_allow_files(struct json_schemas *all, const char *root, const char *path);

/* Reads the schema at p, a place in the document, with all that it refers to; one that has been read
 * before is not read again. *out (unless out is NULL) lives as long as the document's schemas.
 *
 *   ERR_CONTRACT  a keyword of a wrong kind or not supported, a $ref that leads nowhere, a pattern that
 *                 is none, an $id with a fragment, or a circle: a schema that is checked by checking itself on the same
 *                 value. One that contains itself for parts of the value is fine
 *   ERR_LIMIT     a pattern is longer than REGEX_PATTERN_MAX, or one of the numbers above is reached
 *   ERR_FILE, ERR_SYNTAX  of a file that a $ref leads to
 *   ERR_MEMORY
 *
 * e->where is "FILE:LINE:COLUMN". On error *out is NULL, and the schemas are good for closing only. */
int json_schemas_read(struct json_schemas *all, const struct json_doc *p,
                      const struct json_schema **out, struct err *e);

/* The schema that stands at this place of the document and has been read; NULL when none has. */
const struct json_schema *json_schemas_find(const struct json_schemas *all,
                                            const struct json *place);

/* What the $ref of that schema leads to, in whatever file; NULL when it has none. */
const struct json *json_schemas_target(const struct json_schemas *all, const struct json *place);

/* The schema of the next patternProperties of a schema whose pattern matches the name, looked for from *from on,
 * which moves behind it; NULL when there is none, and when *steps, which it costs, are used up. */
const struct json *json_schema_pattern(const struct json_schema *schema, const char *name,
                                       size_t *from, uint32_t *steps);

/* Appends where a schema stands: "#/components/schemas/Ask", "other.json#/$defs/a". */
void json_schema_place(const struct json_schema *schema, struct buf *out);

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

/* The same for who counts the steps of several checks together: *steps are left before, and after. at
 * (unless NULL) gets the place of the keyword that the value does not fit: "#/components/schemas/Ask/required",
 * with its file before the # when that is not the document's. It is empty when there is none. */
int json_schema_check_within(const struct json_schema *schema, const struct json *value,
                             uint32_t *steps, struct buf *at, struct err *e);

/* The same of the keywords that look at a value as a whole: const, enum, not, the numbers of members and
 * elements, dependentRequired, propertyNames, contains, uniqueItems. For who goes through the others. */
int json_schema_check_whole(const struct json_schema *schema, const struct json *value,
                            uint32_t *steps, struct buf *at, struct err *e);

#endif
