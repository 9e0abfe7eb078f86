/* JSON: a scan first, then cJSON's tree behind case-sensitive getters.
 *
 * What is accepted is what the grammar of RFC 8259 allows, in UTF-8 without a byte order mark, nested
 * at most JSON_DEPTH_MAX deep and of at most JSON_TEXT_MAX bytes; the rest is ERR_SYNTAX, or ERR_LIMIT
 * for depth and size. The grammar allows four things that nobody can use:
 *
 *     "\ud83d"            half a surrogate pair, which is no character
 *     "\u0000"            a NUL, which ends a C string
 *     1e999               a number beyond the range of a double
 *     {"a":1,"a":2}       a key twice, however it is spelled: readers differ in which they take
 *
 * They spoil no text, they spoil the values that hold them: such a value is of kind JSON_UNREADABLE,
 * json_unreadable says why, and every other getter answers as for an absent one. So a reader that
 * asks for a string refuses it as any other wrong kind, and who does not ask never knows. json_find
 * agrees with the tree: the value of a repeated key is not found, nor what is inside; an unreadable
 * string or number is, and its text opened by itself is as unreadable.
 *
 * A strict scan makes the four ERR_SYNTAX. It is for files that people write, where they are mistakes.
 *
 * Thread safe: no state between calls. A tree may be read by many threads at once, and
 * is never changed. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_H
#define UNDERSTUDY_BASE_JSON_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 64, JSON_TEXT_MAX = 16 << 20 };

/* Checks a whole text without building anything. On error e->where is "byte N", the offset of the
 * first byte that cannot be part of a valid text (len when it ends too early), also in *at when at is
 * not NULL. */
int json_scan(struct span text, size_t *at, struct err *e);
/* The strict scan. The offset is that of the first byte that cannot be part of a text without the
 * four; the start of a key that is repeated and of a number out of range. */
int json_scan_strict(struct span text, size_t *at, struct err *e);

/* Where a value is in a text that has passed json_scan. */
struct json_range {
    size_t key_at; /* offset of the opening quote of its key; == at for elements and the root */
    size_t at;     /* offset of its first byte */
    size_t len;
    bool
        repeated; /* a key on the way here stands more than once in its object: this is one of several */
};

/* Finds the value that a JSON Pointer (RFC 6901; "" is the root) names. False when it is absent, and
 * when a key on the way stands more than once in its object: nobody can tell which one is meant. */
bool json_find(struct span text, const char *pointer, struct json_range *out);

/* As json_find for pointers in which a segment "*" stands for every element of an array: calls
 * visit for each match in document order until it returns false. Of a repeated key every one is a
 * match, and marked as such. Returns the number of calls. */
typedef bool json_range_visit(const struct json_range *range, void *arg);
size_t json_find_all(struct span text, const char *pointer, json_range_visit *visit, void *arg);

/* Line and column (both from 1, column in bytes) of an offset. */
void json_line_column(struct span text, size_t at, unsigned *line, unsigned *column);

/* Overwrites every // comment outside strings with spaces: offsets stay true. */
void json_blank_comments(char *text, size_t len);

/* Appends the characters of a string that stands in a text that has passed json_scan; token has its quotes.
 * A NUL is one byte like any other. False for half a surrogate pair, which is no character: what stood before
 * it has been appended then. */
bool json_string_bytes(struct span token, struct buf *out);

/* -- Trees ------------------------------------------------------------------------------------ */

struct json; /* one value in a tree; lives as long as its tree */

enum json_kind {
    JSON_ABSENT, /* the kind of NULL */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_UNREADABLE /* there, and the grammar allows it, but nobody can tell what it is */
};

/* Scans and builds. The tree does not point into text. Free with json_close (NULL is fine). Errors
 * as json_scan, and ERR_MEMORY; *out is then NULL. */
int json_open(struct span text, struct json **out, struct err *e);
/* The same with errors as json_scan_strict: no value of the tree is JSON_UNREADABLE. */
int json_open_strict(struct span text, struct json **out, struct err *e);
void json_close(struct json *root);

/* The same for a file of at most bytes_max bytes. by_people: it is one that people write, so // comments
 * are allowed in it and it is scanned strictly. Errors of file_read too; e->where is "FILE" or
 * "FILE:LINE:COLUMN". */
int json_open_file(const char *path, size_t bytes_max, bool by_people, struct json **out,
                   struct err *e);

/* Every getter takes NULL and answers as for an absent value. */
enum json_kind json_kind(const struct json *v);
const char *json_kind_name(enum json_kind kind); /* "string", "absent" */
/* The kind by the grammar alone: an unreadable string is JSON_STRING here, an unreadable number
 * JSON_NUMBER. The value of a repeated key stays JSON_UNREADABLE: it is one of several. */
enum json_kind json_written_kind(const struct json *v);
/* Why a value is JSON_UNREADABLE, as a phrase: "half a surrogate pair in a string". NULL for any other. */
const char *json_unreadable(const struct json *v);
/* The member of that key, in exact case. Of a repeated key the first, which is unreadable. */
const struct json *json_get(const struct json *object, const char *key);
/* RFC 6901. What would be inside the value of a repeated key is as unreadable: the answer is that value. */
const struct json *json_at(const struct json *from, const char *pointer);
const char *json_string(const struct json *v); /* NULL unless a string; UTF-8, no NUL inside */
/* Characters of a string, also of an unreadable one, where half a pair and NUL count as one each; 0 for
 * any other kind. */
size_t json_length(const struct json *v);
bool json_bool(const struct json *v, bool *out);
/* Integers survive exactly: 2^53+1 and 19 digits too. False for fractions, exponents that do not
 * come out whole, and values beyond 64 bits. */
bool json_int64(const struct json *v, int64_t *out);
bool json_double(const struct json *v, double *out);
/* The number as text: exactly the digits of the document for an integer (any length up to 63), else
 * the shortest text that reads back the same. False when it is not a number or does not fit. */
bool json_number_text(const struct json *v, char *out, size_t out_size);

const struct json *json_first(const struct json *array_or_object); /* in document order */
const struct json *json_next(const struct json *v);
/* NULL for elements and the root. What a C string cannot hold is U+FFFD in it; a value with such a key is
 * unreadable, and no name finds it. */
const char *json_key(const struct json *v);
size_t json_count(const struct json *array_or_object);

/* -- Writing ---------------------------------------------------------------------------------- */

/* Appends text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void json_add_string(struct buf *b, struct span text);

/* A writer that puts commas, colons and line ends itself. The caller keeps the order: a key before
 * each value of an object, and as many closings as openings. Nothing to free. Errors are out's
 * (buf_err); deeper than JSON_DEPTH_MAX breaks it with ERR_LIMIT. */
struct json_writer {
    struct buf *out; /* lent */
    unsigned depth;
    uint64_t used; /* bit i: level i + 1 has a member or element, so the next one needs a comma */
    bool after_key;
    bool pretty; /* two spaces a level */
};
void json_write_init(struct json_writer *w, struct buf *out, bool pretty);
void json_write_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_write_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_write_key(struct json_writer *w, const char *key);
void json_write_span(struct json_writer *w, struct span text);
void json_write_text(struct json_writer *w, const char *text); /* NULL writes null */
void json_write_int(struct json_writer *w, int64_t value);
void json_write_double(struct json_writer *w, double value);
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);
void json_write_raw(struct json_writer *w, struct span json); /* a valid JSON text, as it is */
/* A member of an object: its key and its value. */
void json_member_text(struct json_writer *w, const char *key, const char *text);
void json_member_span(struct json_writer *w, const char *key, struct span text);
void json_member_int(struct json_writer *w, const char *key, int64_t value);
void json_member_double(struct json_writer *w, const char *key, double value);
void json_member_bool(struct json_writer *w, const char *key, bool value);

#endif
