/* Files: whole reads with a maximum, writes that no reader ever sees half done, sorted listings.
 *
 * Paths are terminated and at most FILE_PATH_MAX - 1 bytes long. Thread safe. Errors are ERR_FILE
 * with errno's text, ERR_LIMIT and ERR_MEMORY; e->where is the path. */
#ifndef UNDERSTUDY_BASE_FILE_H
#define UNDERSTUDY_BASE_FILE_H

#include "buf.h"
#include "err.h"

enum { FILE_PATH_MAX = 1024 };

/* Appends the whole file to out. ERR_LIMIT beyond out->max; out may then hold a part. */
int file_read(const char *path, struct buf *out, struct err *e);

/* Writes to a temporary file beside path, then renames it over path: on an error the old file is
 * unchanged. Parent folders are made. A device or a pipe at path is written to as it is. */
int file_write(const char *path, struct span bytes, struct err *e);

/* Makes a folder and its parents; 0 also when it exists already. */
int file_make_dir(const char *path, struct err *e);

bool file_is_dir(const char *path);
bool file_exists(const char *path);

/* Calls visit for each entry of a folder but those that start with a dot, sorted by the bytes of
 * their names. Stops at, and returns, the first non-zero return of visit. ERR_LIMIT beyond 65536
 * entries. name is lent for the call; visit may list deeper folders. */
typedef int file_visit(const char *name, bool is_dir, void *arg, struct err *e);
int file_list(const char *dir, file_visit *visit, void *arg, struct err *e);

/* Joins with one slash. False, and out is "", when it does not fit. */
bool file_join(char *out, size_t out_size, const char *dir, const char *name);

#endif
