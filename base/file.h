/* Files: whole reads with a maximum, writes that no reader ever sees half done, sorted listings.
 *
 * Paths are terminated and at most FILE_PATH_MAX - 1 bytes long. Thread safe. Errors are ERR_FILE
 * with errno's text, ERR_LIMIT and ERR_MEMORY; e->where is the path. */
#ifndef UNDERSTUDY_BASE_FILE_H
#define UNDERSTUDY_BASE_FILE_H

#include "buf.h"
#include "err.h"

enum { FILE_PATH_MAX = 1024 };

/* Appends the whole file to out. ERR_LIMIT beyond out->max; out may then hold a part. Only a regular
 * file is read: whatever else stands there (a pipe, a device, a socket, a folder) might never end, or
 * never begin, and is ERR_FILE at once. */
int file_read(const char *path, struct buf *out, struct err *e);

/* The same, but a pipe or a terminal is read to its end too, however long that takes: for what
 * somebody hands over on the command line to be read once, as a secret in /dev/stdin or <(...). */
int file_read_stream(const char *path, struct buf *out, struct err *e);

/* ERR_FILE when path, its symbolic links followed, does not lie in the folder root, and when the
 * links lead nowhere or in a circle. root may be a link itself. */
int file_stays_below(const char *root, const char *path, struct err *e);

/* As file_read, of a file in a folder that stays below root (file_stays_below): if it is a link, that
 * must do so too. */
int file_read_below(const char *root, const char *path, struct buf *out, struct err *e);

/* Writes to a temporary file beside path, then renames it over path: on an error the old file is
 * unchanged. Parent folders are made. A device or a pipe at path is written to as it is. */
int file_write(const char *path, struct span bytes, struct err *e);

/* Makes a folder and its parents; 0 also when it exists already. */
int file_make_dir(const char *path, struct err *e);

bool file_is_dir(const char *path);
/* The running program's folder with a way from there behind it, such as "../share/x", into dir, which holds FILE_PATH_MAX: an
 * installed tree may be moved. False, and dir is "", when that cannot be told. */
bool file_from_program(char *dir, const char *way);
bool file_exists(const char *path);
bool file_is_link(const char *path); /* a symbolic link, wherever it leads */

/* Calls visit for each entry of a folder but those that start with a dot, sorted by the bytes of
 * their names. Stops at, and returns, the first non-zero return of visit. ERR_LIMIT beyond 65536
 * entries. name is lent for the call; visit may list deeper folders. */
typedef int file_visit(const char *name, bool is_dir, void *arg, struct err *e);
int file_list(const char *dir, file_visit *visit, void *arg, struct err *e);

/* Joins with one slash. False, and out is "", when it does not fit. */
bool file_join(char *out, size_t out_size, const char *dir, const char *name);

#endif
