/* Schemas: is this value what that schema asks for?
 *
 * A subset of JSON Schema 2020-12. A schema is true (anything), false (nothing) or an object of
 * these keywords; all of them must hold, in this order:
 *
 *   type                  a name or a list of names: null, boolean, integer, number, string, array,
 *                         object. 1.0 is an integer, and so is every number beyond 9e15 or -9e15
 *   const, enum           equal to the value, to one of the values. Numbers are equal by value (1 and
 *                         1.0), objects whatever the order of their keys
 *   required              of an object: the keys that must be there
 *   properties            of an object: a schema for the member of each name, if it is there
 *   additionalProperties  of an object: a schema for every member that properties does not name
 *   items                 of an array: a schema for every element
 *   minLength, maxLength  of a string: bounds on its characters, not bytes
 *   minimum, maximum      of a number: bounds, themselves allowed
 *   allOf, anyOf, oneOf   a list of schemas: the value must fit all, at least one, exactly one
 *
 * "Of an object" means that other kinds pass. Any other keyword (pattern, format, not ...) asks for
 * nothing. So does a keyword whose own value is of a wrong kind, but for type, enum, anyOf and oneOf:
 * these nothing satisfies then. {"$ref": "#/pointer"} stands for the value that the
 * pointer names in the document; what stands beside a $ref is not looked at. A $ref that leads
 * nowhere asks for nothing: whoever loads a document refuses it, with json_schema_resolve.
 *
 * Pure functions that change no tree: many threads may check against one document at once. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H
#define UNDERSTUDY_BASE_JSON_JSON_SCHEMA_H

#include "base/err.h"
#include "json.h"

enum {
    JSON_SCHEMA_DEPTH_MAX = 128, /* schemas inside schemas, each $ref followed */
    JSON_SCHEMA_REFS_MAX = 16    /* $refs in a row; that many count as a circle */
};

/* The value that {"$ref": "#/pointer"} names in document, or v itself when it is no $ref. NULL when
 * it leads nowhere: out of the document, to nothing, or in a circle. v may be NULL, and is then the
 * answer. */
const struct json *json_schema_resolve(const struct json *document, const struct json *v);

/* Checks a value against a schema; document is what the $refs inside the schema point into.
 *
 *   0             it fits
 *   ERR_CONTRACT  it does not: e->where is a JSON Pointer (RFC 6901) into the value, e->what a
 *                 sentence in which the schema is "the contract". When no alternative of anyOf or
 *                 oneOf fits, both tell why the first does not
 *   ERR_LIMIT     schemas are nested deeper than JSON_SCHEMA_DEPTH_MAX, as one that contains itself
 *                 is. Inside anyOf and oneOf that is an alternative that does not fit
 *
 * A schema may contain itself by $ref, as long as each round goes deeper into the value. Depth is all
 * that is bounded: alternatives inside alternatives multiply the work. Without a schema (NULL)
 * everything fits; a value that is absent (NULL) is of no type. */
int json_schema_check(const struct json *document, const struct json *schema,
                      const struct json *value, struct err *e);

#endif
