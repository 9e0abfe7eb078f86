/* New files for an upstream's folder, all or none.
 *
 * They are written into a hidden folder in it, DIR/.distill-XXXXXX, in which links stand for all that is there already;
 * that folder is loaded as an upstream, and only then are they renamed to their places: replies first, the scenario that
 * names them last. Whatever ends the program between, DIR loads. One thread. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_STAGE_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_STAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#include <stddef.h>

struct stage_file {
    char name[FILE_PATH_MAX]; /* below DIR: "replies/a.http" */
    char *bytes;              /* owned */
    size_t n;
};

struct stage {
    const char *dir;
    struct stage_file *files; /* in the order of their renaming */
    size_t count, room;
};

/* Adds a file that is not there yet; one with the same bytes that is there is not written again. ERR_FILE when it is there with
 * other bytes, ERR_LIMIT for a path that is too long, ERR_MEMORY. Nothing is written yet. */
int stage_add(struct stage *s, const char *folder, const char *name, const char *ending,
              const struct buf *bytes, struct err *e);

/* Writes them all. upstream: the folder's name. ERR_CONTRACT and such, in a file that is to be written, when it does not load; ERR_FILE when
 * DIR cannot be written to. On error DIR is as it was. */
int stage_commit(struct stage *s, const char *upstream, struct err *e);
void stage_fini(struct stage *s);

#endif
