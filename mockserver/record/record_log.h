/* Recordings on disk: one HAR file a task, whole after every exchange. */
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

int record_log_open(const char *dir, struct record_log **out, struct err *e);
void record_log_close(struct record_log *log);

/* Appends an entry (JSON, already redacted) to dir/<upstream>/<task>.har, which is written beside and
 * renamed. A file that an earlier recording left is continued; one that is not ours is ERR_FILE. Bytes
 * that do not suit a file name become '_', and then a hash follows. ERR_LIMIT names what is full.
 * Thread safe. */
int record_log_add(struct record_log *log, const char *upstream, struct span task,
                   struct span entry, struct err *e);

#endif
