/* Telling what a scan finds. */
#ifndef UNDERSTUDY_HARNESS_SCAN_SCAN_TELL_H
#define UNDERSTUDY_HARNESS_SCAN_SCAN_TELL_H

#include <stdint.h>

enum { SCAN_WHERE_MAX = 160 };

struct scan_place {
    const char *path;
    char where[SCAN_WHERE_MAX]; /* a JSON Pointer of a recording, or a line from 1 */
    const char *kind;           /* "header", "parameter", "credentials" ... */
};

struct scan {
    void (*found)(const struct scan_place *place, void *arg);
    void *arg;
    uint32_t files, files_with, places; /* counted */
    const char *last_path;              /* of the place that was told last */
};

/* Tells a place, once for all marks that stand there. */
void scan_tell(struct scan *s, const char *path, const char *kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
