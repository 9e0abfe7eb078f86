/* Fields: the members of a JSON object as C values, a line a field.
 *
 *     struct reading r = {.e = e};
 *     struct fields root = fields_of(tree, &r);
 *     struct fields data = field_object(&root, "data");
 *     field_need(&data, "status");
 *     field_word(&data, "status", out->status, sizeof(out->status));
 *     return r.code;
 *
 * The first error is kept in the reading, with the pointer of its field; what is read after it
 * comes out at its default. null reads as absent. Every getter always sets what it returns.
 *
 *   field_*   what the view depends on: a value of the wrong kind is ERR_CONTRACT
 *   note_*    what is only passed on: a value of the wrong kind reads as absent
 *
 * An unreadable value (json.h) is of the wrong kind for every one of them.
 *
 * Texts are lent by the tree. Nothing here allocates. One thread a reading. */
#ifndef UNDERSTUDY_CLIENT_DECODE_FIELDS_H
#define UNDERSTUDY_CLIENT_DECODE_FIELDS_H

#include "base/err.h"
#include "base/json/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reading {
    struct err *e;
    int code; /* 0, or that of the first error */
};

struct fields {
    const struct json *object;   /* NULL: every field is absent */
    const struct fields *parent; /* NULL for the root; must outlive its children */
    const char *key;             /* in the parent; NULL for the root and for list elements */
    size_t index;                /* in the parent, for list elements */
    struct reading *reading;
};

/* The root, which must be an object. */
struct fields fields_of(const struct json *root, struct reading *reading);
/* An object inside; absent when it is not there. The parent must outlive it. */
struct fields field_object(const struct fields *f, const char *key);
/* Element number index of the list; it must be an object. list is a fields without an object. */
struct fields fields_item(const struct fields *list, const struct json *item, size_t index);
/* A list inside: *first is its first element, NULL when it is empty or absent. */
struct fields field_list(const struct fields *f, const char *key, const struct json **first);

bool field_has(const struct fields *f, const char *key);  /* there, and not null */
void field_need(const struct fields *f, const char *key); /* not there: ERR_CONTRACT */

/* A string; "" when absent. */
const char *field_text(const struct fields *f, const char *key);
/* A string or a number as text, copied; ERR_LIMIT when it does not fit. */
void field_word(const struct fields *f, const char *key, char *out, size_t out_size);
/* An integer or a string that spells one; 0 when absent or "". */
int64_t field_int(const struct fields *f, const char *key);
/* A time as field_int or with a fraction, in seconds or (1e11 and more) milliseconds, to Unix
 * milliseconds; 0 when absent, "", zero or before 1970. */
int64_t field_time_ms(const struct fields *f, const char *key);

const char *note_text(const struct fields *f, const char *key);
int64_t note_int(const struct fields *f, const char *key);
int64_t note_time_ms(const struct fields *f, const char *key);
double note_double(const struct fields *f, const char *key);
bool note_bool(const struct fields *f, const char *key);
const struct json *note_list(const struct fields *f, const char *key); /* NULL when absent */
struct fields note_object(const struct fields *f, const char *key);
/* "50%", "50" or 50; -1 when absent, of another form or not within 0..100. */
int note_percent(const struct fields *f, const char *key);

/* The same of a value that was found already; absent and null read as 0. False, and *out is 0: it is no time. */
bool value_time_ms(const struct json *v, int64_t *out);
int value_percent(const struct json *v); /* as note_percent */

/* Notes an error with the pointer of a field, unless one is noted already. key NULL: f itself. */
void field_fail(const struct fields *f, const char *key, enum err_code code, const char *what);

#endif
