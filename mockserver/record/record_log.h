/* Recordings on disk: one HAR file a task (har.h), a complete file after every exchange.
 *
 * Each file is also kept in memory and rewritten as a whole, so a reader never sees a part of
 * one. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_LOG_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_LOG_H

#include "base/err.h"
#include "base/span.h"

enum {
    RECORD_FILES_MAX = 4096,
    RECORD_ENTRIES_MAX = 100000,      /* a file */
    RECORD_FILE_BYTES_MAX = 15 << 20, /* a file: what `harness distill` still reads */
    RECORD_ALL_BYTES_MAX = 256 << 20  /* all files together: they are kept in memory too */
};

struct record_log;

/* Makes the folder when it is not there. ERR_FILE, ERR_LIMIT for a path that is too long,
 * ERR_MEMORY. */
int record_log_open(const char *dir, struct record_log **out, struct err *e);
void record_log_close(struct record_log *log);

/* Appends an entry (a JSON object on one line, already redacted) to dir/<upstream>/<task>.har.
 * The new text is written to a temporary file, which is then renamed. A file of an earlier
 * recording is continued; ERR_FILE for one that this program has not written. Bytes that do not
 * suit a file name become '_', and a hash of the id is added. On error the file is as before;
 * ERR_LIMIT names what is full. Thread safe: one lock, held while the file is written. */
int record_log_add(struct record_log *log, const char *upstream, struct span task,
                   struct span entry, struct err *e);

#endif
