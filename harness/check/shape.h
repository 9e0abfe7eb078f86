/* Compares a value with a schema and tells every difference, each by its weight, where json_schema_check stops at
 * the first and knows no weights. It goes through what schemas are put together from by itself, and asks json_schema.h
 * about what looks at a value as a whole. Of several alternatives the one that differs least is taken, and more than one
 * of a oneOf may fit. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_CHECK_SHAPE_H
#define UNDERSTUDY_HARNESS_CHECK_SHAPE_H

#include "base/err.h"
#include "base/json/json.h"
#include "level.h"
#include "mockserver/fixture/contract.h"

#include <stdint.h>

/* Schemas met, members looked for: alternatives inside alternatives multiply the work. */
enum { SHAPE_STEPS_MAX = 1 << 22 };

/* pointer is the place in the value, a JSON Pointer; rule the place of the keyword in the contract,
 * "#/components/schemas/Ask/required", or "" for a field that none names. */
typedef void shape_report(enum check_level level, const char *pointer, const char *rule,
                          const char *what, void *arg);

/* Counts by enum check_level: another type is wrong; a missing field, and a value that is not allowed, is a
 * warning; a field that no schema names is a note. */
struct shape_counts {
    uint32_t of[CHECK_NOTE + 1];
};

/* schema is a place in the contract's document, or in a file that it leads to. report may be NULL. ERR_LIMIT when it takes more than SHAPE_STEPS_MAX, or schemas are nested deeper than
 * JSON_SCHEMA_DEPTH_MAX; what was found until then is told. */
int shape_compare(const struct contract *contract, const struct json *schema,
                  const struct json *value, shape_report *report, void *arg,
                  struct shape_counts *out, struct err *e);

/* True when a is the better description of a value than b: the one that it fits, else the one with fewer
 * differences of any weight, else the one with less that is wrong. */
bool shape_is_nearer(const struct shape_counts *a, const struct shape_counts *b);

#endif
