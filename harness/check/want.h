/* NAME.want.json: what a decoder must read in a reply. Format: docs/formats.md. */
#ifndef UNDERSTUDY_HARNESS_CHECK_WANT_H
#define UNDERSTUDY_HARNESS_CHECK_WANT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json/json_doc.h"
#include "client/client.h"

#include <stdbool.h>

struct want {
    struct buf text;
    struct json_doc_file file;
    struct json *document; /* owns the strings */
    enum task_error error; /* NONE when it says none */
    const char *breaks;    /* why the reply breaks its contract; NULL: it does not */
};

/* Reads the file at path, which is lent and must outlive the want. ERR_FILE, ERR_SYNTAX, ERR_CONTRACT for a key
 * that is none and for a value of the wrong kind, with "FILE:LINE:COLUMN"; there is nothing to free then. */
int want_open(const char *path, struct want *out, struct err *e);
void want_fini(struct want *w);

/* Compares with what the built-in client has read: the view, and where it stopped ("" when it did not). Calls
 * report for each key that says something else; once only when they differ in `error`, since the rest follows. */
typedef void want_report(const struct err *e, void *arg);
void want_compare(const struct want *w, const struct task_view *view, const char *at,
                  want_report *report, void *arg);

/* What it says of the state. */
enum task_state want_state(const struct want *w);

/* An error at a key of it, or at the whole where the key is left out. */
void want_error_at(const struct want *w, const char *key, struct err *e, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The error at `breaks` itself. */
void want_breaks_error(const struct want *w, struct err *e, const char *what);

#endif
