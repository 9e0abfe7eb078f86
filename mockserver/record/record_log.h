/* Recordings on disk: HAR files (har.h) that only grow.
 *
 * What is added waits in memory until record_log_sync appends it: one write at the place of the file's last line, which
 * stands behind the new entries again then. So a file is whole after every sync, and each byte is written about once. A
 * program that is killed in the middle of a write may leave the last line away: har_whole says what is good then, and the
 * next recorder goes on from there.
 *
 * Files are for their owner alone (0600, folders 0700). A folder has one recorder at a time: it is locked. Not thread
 * safe. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_LOG_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_LOG_H

#include "base/err.h"
#include "base/file.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    RECORD_FILES_MAX = 4096,
    RECORD_ENTRIES_MAX = 100000,       /* a file */
    RECORD_FILE_BYTES_MAX = 200 << 20, /* a file: what `harness distill` still reads */
    RECORD_WAITING_MAX = 256 << 20     /* bytes of all files that wait to be written */
};

struct record_log;

/* Makes the folder when it is not there, and locks it. ERR_FILE, also when another recorder holds it; ERR_LIMIT for a path that
 * is too long, ERR_MEMORY. */
int record_log_open(const char *dir, struct record_log **out, struct err *e);
/* Syncs nothing. NULL is fine. */
void record_log_close(struct record_log *log);

/* The path of a task's file: dir/<upstream>/<task>.har. Bytes that do not suit a file name become '_', and a hash of the
 * task is added. ERR_LIMIT when it is too long. */
int record_log_path(const struct record_log *log, const char *upstream, struct span task,
                    char out[FILE_PATH_MAX], struct err *e);

/* Adds an entry (a JSON object on one line, already redacted) to the file at path (record_log_path). A file of an earlier
 * recording is continued; ERR_FILE for one that this program has not written. ERR_LIMIT names what is full. On error
 * nothing is added. */
int record_log_add(struct record_log *log, const char *path, struct span entry, struct err *e);

/* Gives a file another path, on disk too when it is there. False when there is no such file, or one at the other path. */
bool record_log_rename(struct record_log *log, const char *from, const char *to);
bool record_log_has(const struct record_log *log, const char *path); /* here, or on disk */

/* True when something waits to be written. */
bool record_log_waits(const struct record_log *log);
/* Writes what waits. ERR_FILE and the first error when that fails: what could not be written goes on waiting, and files are
 * as they were before. */
int record_log_sync(struct record_log *log, struct err *e);
/* Entries that still wait: lost when the log is closed. */
uint64_t record_log_waiting(const struct record_log *log);

#endif
