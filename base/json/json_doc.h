/* JSON documents that people write: values that know where in their file they stand, so that an
 * error can say it.
 *
 * A json_doc is a value and the way to it from the root; line and column are found only when there
 * is an error. Readers check one value and return 0, or ERR_CONTRACT with "FILE:LINE:COLUMN" in
 * e->where and a sentence that names the value in e->what; *out is then not to be used. Texts that
 * readers give are lent by the tree. Nothing to free; thread safe as json.h is. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_DOC_H
#define UNDERSTUDY_BASE_JSON_JSON_DOC_H

#include "base/buf.h"
#include "base/err.h"
#include "json.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_doc_file {
    const char *path;
    struct span text;
};

/* Made on the C stack while a reader walks down: `up` must outlive its children. */
struct json_doc {
    const struct json_doc_file *file;
    const struct json *value;  /* NULL when absent */
    const struct json_doc *up; /* the object or list around it; NULL for a root */
    const char *pointer;       /* of a root: its JSON Pointer in the file */
    const char *key;           /* in up; NULL for elements and roots */
    size_t index;              /* in up, from 0 */
};

/* Scans strictly (json.h) and builds the file's tree; an error of syntax, a repeated key among them,
 * names line and column. */
int json_doc_open(const struct json_doc_file *file, struct json **out, struct err *e);
/* The same by the grammar alone, for files that programs write: values may be JSON_UNREADABLE. */
int json_doc_open_grammar(const struct json_doc_file *file, struct json **out, struct err *e);

/* The value that pointer names, as the root of a walk. */
struct json_doc json_doc_root(const struct json_doc_file *file, const struct json *value,
                              const char *pointer);
struct json_doc json_doc_get(const struct json_doc *object, const char *key);
/* for (struct json_doc p = json_doc_first(&list); p.value; json_doc_next(&p)) */
struct json_doc json_doc_first(const struct json_doc *list_or_object);
void json_doc_next(struct json_doc *p);

/* Fills *e with p's line and column (of the value around it when it is absent) and returns code. */
int json_doc_error(const struct json_doc *p, enum err_code code, struct err *e, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));
/* The same with line and column of its key, and ERR_CONTRACT. */
int json_doc_key_error(const struct json_doc *p, struct err *e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* For an error whose e->where is a JSON Pointer that starts at p: replaces it with
 * "FILE:LINE:COLUMN". Returns e->code, or fallback when e is NULL. */
int json_doc_adopt(const struct json_doc *p, enum err_code fallback, struct err *e);

/* Appends p's JSON Pointer. p needs no file for this. */
void json_doc_add_pointer(const struct json_doc *p, struct buf *out);

/* One row a key of an object; read is not called for an absent key. */
struct json_doc_field {
    const char *key;
    bool required;
    int (*read)(const struct json_doc *value, void *out, struct err *e); /* NULL: any value */
};

enum { JSON_DOC_FIELDS_MAX = 32 };

/* Reads an object, in the order of the rows (ended by one whose key is NULL). A key without a row
 * is an error that names the nearest one. */
int json_doc_object(const struct json_doc *object, const struct json_doc_field *fields, void *out,
                    struct err *e);

int json_doc_kind(const struct json_doc *p, enum json_kind kind, struct err *e);
int json_doc_text(const struct json_doc *p, const char **out, struct err *e); /* not empty */
int json_doc_int(const struct json_doc *p, int64_t min, int64_t max, int64_t *out,
                 struct err *e); /* min..max */
int json_doc_bool(const struct json_doc *p, bool *out, struct err *e);
int json_doc_duration(const struct json_doc *p, int64_t *ms, struct err *e); /* text_duration_ms */
/* One of words (ended by NULL); *out is its index. */
int json_doc_word(const struct json_doc *p, const char *const *words, size_t *out, struct err *e);
/* True for a well-formed JSON Pointer (RFC 6901). */
bool json_doc_is_pointer(const char *text);
int json_doc_pointer(const struct json_doc *p, const char **out, struct err *e);

/* "; did you mean "x"?" or "; known are "a", "b""; empty when there are none. Returns out. */
const char *json_doc_hint(const char *word, const char *const *words, char *out, size_t out_size);

#endif
