/* A place is told once, and without what stands there. */
#include "scan_tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void scan_tell(struct scan *s, const char *path, const char *kind, const char *format, ...)
{
    static char last[SCAN_WHERE_MAX]; /* a scan is for one thread */
    struct scan_place place = {.path = path, .kind = kind};
    va_list args;
    if (strcmp(kind, "field of x-task.redact")
        == 0) /* tells who records, not what a secret looks like */
        return;
    va_start(args, format);
    vsnprintf(place.where, sizeof place.where, format, args);
    va_end(args);
    if (s->places > 0 && s->last_path == path && strcmp(last, place.where) == 0)
        return;
    memcpy(last, place.where, sizeof last);
    s->last_path = path;
    s->places++;
    s->found(&place, s->arg);
}
