/* Recordings on disk: HAR files that grow by one entry at a time. */
#include "record_log.h"

#include "har.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_NAME_MAX = 100 };

struct record_file {
    char path[FILE_PATH_MAX];
    struct buf text; /* the file without har_file_end */
    uint32_t entries;
    struct record_file *next;
};

struct record_log {
    char dir[FILE_PATH_MAX];
    pthread_mutex_t lock;
    struct record_file *files;
    uint32_t file_count;
    size_t bytes;
};

int record_log_open(const char *dir, struct record_log **out, struct err *e)
{
    *out = NULL;
    int code = file_make_dir(dir, e);
    if (code)
        return code;
    struct record_log *log = calloc(1, sizeof *log);
    if (!log)
        return err_set(e, ERR_MEMORY, NULL, "no memory for recordings");
    span_copy(span_of(dir), log->dir, sizeof log->dir); /* it fits, or it could not be made */
    pthread_mutex_init(&log->lock, NULL);
    *out = log;
    return 0;
}

void record_log_close(struct record_log *log)
{
    if (!log)
        return;
    for (struct record_file *f = log->files, *next; f; f = next) {
        next = f->next;
        buf_fini(&f->text);
        free(f);
    }
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* "task/1" becomes "task_1-8c7f09a2": without the hash "task/1" and "task_1" would share a file. */
static void file_name(struct span task, char out[RECORD_NAME_MAX + 16])
{
    bool changed = task.n == 0 || task.n > RECORD_NAME_MAX;
    size_t n = 0;
    for (size_t i = 0; i < task.n; i++) {
        unsigned char c = (unsigned char)task.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || c == '-' || c == '_' || (c == '.' && i > 0);
        changed |= !plain;
        if (n < RECORD_NAME_MAX)
            out[n++] = plain ? (char)c : '_';
    }
    out[n] = '\0';
    if (changed)
        snprintf(out + n, 16, "-%08x", (unsigned)hash32_add(HASH32_START, task.p, task.n));
}

static int path_of(const struct record_log *log, const char *upstream, struct span task,
                   char out[FILE_PATH_MAX], struct err *e)
{
    char name[RECORD_NAME_MAX + 16], file[RECORD_NAME_MAX + 24], dir[FILE_PATH_MAX];
    file_name(task, name);
    snprintf(file, sizeof file, "%s.har", name);
    if (!file_join(dir, sizeof dir, log->dir, upstream)
        || !file_join(out, FILE_PATH_MAX, dir, file))
        return err_set(e, ERR_LIMIT, log->dir, "a path of more than %d bytes", FILE_PATH_MAX - 1);
    return 0;
}

/* Reads the file of an earlier recording, without its end, to append to it. Entries are counted
 * by their lines. */
static int continue_file(struct record_file *f, struct err *e)
{
    int code = file_read(f->path, &f->text, e);
    if (code)
        return code;
    struct span text = buf_span(&f->text);
    size_t end = strlen(har_file_end);
    if (!span_starts(text, har_file_start) || text.n <= strlen(har_file_start) + end
        || !span_is(span_cut(text, text.n - end, end), har_file_end))
        return err_set(e, ERR_FILE, f->path, "not written by this program: move it away first");
    for (size_t i = strlen(har_file_start); i < text.n - end; i++)
        f->entries += text.p[i] == '\n';
    f->entries++;
    f->text.n -= end;
    f->text.p[f->text.n] = '\0';
    return 0;
}

static int add_file(struct record_log *log, const char *path, struct record_file **out,
                    struct err *e)
{
    if (log->file_count == RECORD_FILES_MAX)
        return err_set(e, ERR_LIMIT, path, "more than %d tasks recorded", RECORD_FILES_MAX);
    struct record_file *f = calloc(1, sizeof *f);
    if (!f)
        return err_set(e, ERR_MEMORY, path, "no memory for a recording");
    snprintf(f->path, sizeof f->path, "%s", path);
    buf_init(&f->text, RECORD_FILE_BYTES_MAX);
    int code = 0;
    if (file_exists(path))
        code = continue_file(f, e);
    else
        buf_add_text(&f->text, har_file_start);
    if (!code)
        code = buf_err(&f->text, "the recording", e);
    if (code) {
        buf_fini(&f->text);
        free(f);
        return code;
    }
    f->next = log->files;
    log->files = f;
    log->file_count++;
    log->bytes += f->text.n;
    *out = f;
    return 0;
}

/* Adds the entry in memory and writes the whole file. When that fails the text in memory is cut
 * back, so that it stays equal to the file. Call with the lock held. */
static int append(struct record_log *log, struct record_file *f, struct span entry, struct err *e)
{
    size_t before = f->text.n;
    size_t end = strlen(har_file_end);
    if (f->entries == RECORD_ENTRIES_MAX)
        return err_set(e, ERR_LIMIT, f->path, "more than %d entries", RECORD_ENTRIES_MAX);
    if (before + entry.n + end + 2 > RECORD_FILE_BYTES_MAX)
        return err_set(e, ERR_LIMIT, f->path, "more than %d bytes", RECORD_FILE_BYTES_MAX);
    if (log->bytes + entry.n > RECORD_ALL_BYTES_MAX)
        return err_set(e, ERR_LIMIT, log->dir, "more than %d bytes recorded", RECORD_ALL_BYTES_MAX);

    if (f->entries > 0)
        buf_add_text(&f->text, ",\n");
    buf_add_span(&f->text, entry);
    size_t after = f->text.n;
    buf_add_text(&f->text, har_file_end);
    int code = buf_err(&f->text, "the recording", e);
    if (!code)
        code = file_write(f->path, buf_span(&f->text), e);
    f->text.n = code ? before : after;
    f->text.p[f->text.n] = '\0';
    f->text.broken = ERR_OK; /* what is left is whole: the next entry may find memory */
    if (code)
        return code;
    f->entries++;
    log->bytes += after - before;
    return 0;
}

int record_log_add(struct record_log *log, const char *upstream, struct span task,
                   struct span entry, struct err *e)
{
    char path[FILE_PATH_MAX];
    int code = path_of(log, upstream, task, path, e);
    if (code)
        return code;
    pthread_mutex_lock(&log->lock);
    struct record_file *f = log->files;
    while (f && strcmp(f->path, path) != 0)
        f = f->next;
    if (!f)
        code = add_file(log, path, &f, e);
    if (!code)
        code = append(log, f, entry, e);
    pthread_mutex_unlock(&log->lock);
    return code;
}
