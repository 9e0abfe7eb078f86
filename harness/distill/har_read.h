/* Recordings: HTTP Archive 1.2 (HAR), as `mockserver record`, browsers, proxies and test tools write it.
 *
 * A file of at most HAR_BYTES_MAX: a JSON text, with or without a byte order mark, or one compressed with gzip, or
 * a zip in which one .har lies, with the bodies beside it perhaps (Playwright). Read here is which requests there
 * are; har_exchange.h opens one of them:
 *
 *   /log/entries                  an array of at most HAR_ENTRIES_MAX
 *   .../N/request/method, url     strings; of an entry without them nobody can say whose it is
 *
 * Whatever else is wrong in an entry is told to who opens it: a recording of a browser holds much that is none of
 * ours. The text stays in memory as it is; no tree of the whole is made.
 *
 * Source: the HAR 1.2 specification, http://www.softwareishard.com/blog/har-12-spec/ */
#ifndef UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H
#define UNDERSTUDY_HARNESS_DISTILL_HAR_READ_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum { HAR_BYTES_MAX = 200 << 20, HAR_ENTRIES_MAX = 100000, HAR_URL_MAX = 64 << 10 };

struct recording_entry {
    struct span text; /* the JSON object */
    char *method;     /* NULL when there is none */
    char *url;        /* NULL when there is none, or one longer than HAR_URL_MAX */
};

struct recording {
    struct recording_entry *entries; /* as they stand in the file */
    uint32_t count;
    char *path;   /* of the file */
    bool is_zip;  /* files that an entry names lie in it; else beside it */
    char *memory; /* the text; owned, or NULL: it is the caller's */
};

/* ERR_FILE, ERR_SYNTAX (e->where is "FILE:LINE:COLUMN"), ERR_CONTRACT, ERR_LIMIT, ERR_MEMORY; nothing is to be freed
 * then. path is lent for the call. */
int recording_read(const char *path, struct recording *out, struct err *e);
/* The same of a JSON text at hand, which path names in errors, and which must outlive the recording. */
int recording_parse(struct span text, const char *path, struct recording *out, struct err *e);
void recording_fini(struct recording *r);

/* Appends a file that an entry names, from beside the recording or from its zip. ERR_FILE also for a name that leads
 * elsewhere. */
int recording_attached(const struct recording *r, const char *name, struct buf *out, struct err *e);

#endif
