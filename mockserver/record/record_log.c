/* Files that grow at their end, whole after every sync. */
#include "record_log.h"

#include "har.h"

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORD_NAME_MAX = 100, FILE_MODE = 0600, DIR_MODE = 0700 };

struct record_file {
    struct record_file *next;
    char path[FILE_PATH_MAX];
    struct buf waiting; /* entries, each with what separates it from the one before */
    uint32_t unwritten; /* entries in waiting */
    uint32_t entries;   /* all of them */
    int64_t end;        /* bytes on disk before the last line; 0: the file is not there yet */
};

struct record_log {
    char dir[FILE_PATH_MAX];
    int lock_fd;
    struct record_file *files;
    uint32_t file_count;
    size_t waiting_bytes;
};

/* -- The folder -------------------------------------------------------------------------------- */

static int make_private_dir(const char *path, struct err *e)
{
    char parent[FILE_PATH_MAX];
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash && slash != parent && !file_is_dir(path)) {
        *slash = '\0';
        int code = file_make_dir(parent, e);
        if (code)
            return code;
    }
    if (mkdir(path, DIR_MODE) != 0 && (errno != EEXIST || !file_is_dir(path)))
        return err_set(e, ERR_FILE, path, "%s", strerror(errno));
    return 0;
}

static int lock(struct record_log *log, struct err *e)
{
    log->lock_fd = open(log->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (log->lock_fd < 0)
        return err_set(e, ERR_FILE, log->dir, "%s", strerror(errno));
    if (flock(log->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return err_set(
            e, ERR_FILE, log->dir,
            "another recorder writes here: end it, or give this one a folder of its own");
    return err_set(e, ERR_FILE, log->dir, "cannot be locked: %s", strerror(errno));
}

int record_log_open(const char *dir, struct record_log **out, struct err *e)
{
    size_t n = strlen(dir);
    *out = NULL;
    while (n > 1 && dir[n - 1] == '/')
        n--;
    if (n == 0 || n >= FILE_PATH_MAX)
        return err_set(e, ERR_LIMIT, dir, "a path of more than %d bytes, or none",
                       FILE_PATH_MAX - 1);
    struct record_log *log = calloc(1, sizeof *log);
    if (!log)
        return err_set(e, ERR_MEMORY, dir, "no memory for recordings");
    log->lock_fd = -1;
    span_copy((struct span){dir, n}, log->dir, sizeof log->dir);
    int code = make_private_dir(log->dir, e);
    if (!code)
        code = lock(log, e);
    if (code) {
        record_log_close(log);
        return code;
    }
    *out = log;
    return 0;
}

void record_log_close(struct record_log *log)
{
    if (!log)
        return;
    for (struct record_file *f = log->files; f;) {
        struct record_file *next = f->next;
        buf_fini(&f->waiting);
        free(f);
        f = next;
    }
    if (log->lock_fd >= 0)
        close(log->lock_fd);
    free(log);
}

/* -- Names ------------------------------------------------------------------------------------- */

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

int record_log_path(const struct record_log *log, const char *upstream, struct span task,
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

static struct record_file *find(const struct record_log *log, const char *path)
{
    struct record_file *f = log->files;
    while (f && strcmp(f->path, path) != 0)
        f = f->next;
    return f;
}

bool record_log_has(const struct record_log *log, const char *path)
{
    return find(log, path) || file_exists(path);
}

bool record_log_rename(struct record_log *log, const char *from, const char *to)
{
    struct record_file *f = find(log, from);
    if (!f || record_log_has(log, to) || (f->end > 0 && rename(from, to) != 0))
        return false;
    snprintf(f->path, sizeof f->path, "%s", to);
    return true;
}

/* -- Files of earlier recordings --------------------------------------------------------------- */

static int not_ours(const char *path, struct err *e)
{
    return err_set(e, ERR_FILE, path, "not written by this program: move it away first");
}

/* Where the file can be continued. One that was cut is continued behind its last whole entry. */
static int continue_file(struct record_file *f, struct err *e)
{
    struct buf text;
    buf_init(&text, RECORD_FILE_BYTES_MAX);
    int code = file_read(f->path, &text, e);
    size_t keep = 0;
    if (!code && text.n > 0 && !har_whole(buf_span(&text), &keep))
        code = not_ours(f->path, e);
    uint32_t lines = 0; /* the first is no entry, and the last one has no line end */
    for (size_t i = 0; !code && i < keep; i++)
        lines += text.p[i] == '\n';
    f->entries = keep > 0 && text.p[keep - 1] != '\n' ? lines : 0;
    f->end = (int64_t)keep;
    buf_fini(&text);
    return code;
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
    buf_init(&f->waiting, RECORD_WAITING_MAX);
    int code = file_exists(path) ? continue_file(f, e) : 0;
    if (code) {
        free(f);
        return code;
    }
    f->next = log->files;
    log->files = f;
    log->file_count++;
    *out = f;
    return 0;
}

/* -- Adding ------------------------------------------------------------------------------------ */

int record_log_add(struct record_log *log, const char *path, struct span entry, struct err *e)
{
    struct record_file *f = find(log, path);
    int code = f ? 0 : add_file(log, path, &f, e);
    if (code)
        return code;
    size_t before = f->waiting.n;
    if (f->entries == RECORD_ENTRIES_MAX)
        return err_set(e, ERR_LIMIT, f->path, "more than %d entries", RECORD_ENTRIES_MAX);
    if ((size_t)f->end + before + entry.n + 256 > RECORD_FILE_BYTES_MAX)
        return err_set(e, ERR_LIMIT, f->path, "more than %d bytes", RECORD_FILE_BYTES_MAX);
    if (log->waiting_bytes + entry.n > RECORD_WAITING_MAX)
        return err_set(e, ERR_LIMIT, log->dir, "more than %d bytes wait to be written",
                       RECORD_WAITING_MAX);
    if (f->entries > 0)
        buf_add_text(&f->waiting, ",\n");
    buf_add_span(&f->waiting, entry);
    code = buf_err(&f->waiting, "the recording", e);
    if (code) {
        f->waiting.n = before;
        f->waiting.broken = ERR_OK; /* what is left is whole: the next entry may find memory */
        return code;
    }
    f->entries++;
    f->unwritten++;
    log->waiting_bytes += f->waiting.n - before;
    return 0;
}

/* -- Writing ----------------------------------------------------------------------------------- */

bool record_log_waits(const struct record_log *log)
{
    return log->waiting_bytes > 0;
}

uint64_t record_log_waiting(const struct record_log *log)
{
    uint64_t count = 0;
    for (const struct record_file *f = log->files; f; f = f->next)
        count += f->unwritten;
    return count;
}

static bool write_at(int fd, struct span bytes, int64_t at)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }
        bytes = span_cut(bytes, (size_t)n, bytes.n);
        at += n;
    }
    return true;
}

/* As before the write that failed: the last line where it stood, or no file. */
static void take_back(const struct record_file *f, int fd)
{
    int64_t whole = f->end + (int64_t)strlen(har_file_end);
    bool good = f->end > 0
        ? write_at(fd, span_of(har_file_end), f->end) && ftruncate(fd, (off_t)whole) == 0
        : unlink(f->path) == 0;
    (void)good; /* what failed is told already; the next recorder mends the file */
}

/* Appends what waits, and the last line, in one write; nothing of what was there stays behind it. */
static int append(struct record_file *f, int fd, struct err *e)
{
    struct buf text;
    struct stat now;
    buf_init(&text, RECORD_FILE_BYTES_MAX);
    if (f->end == 0)
        buf_add_text(&text, har_file_start);
    buf_add_span(&text, buf_span(&f->waiting));
    size_t more = text.n;
    buf_add_text(&text, har_file_end);
    int code = buf_err(&text, "the recording", e);
    int64_t whole = f->end + (int64_t)text.n;
    if (!code
        && (!write_at(fd, buf_span(&text), f->end) || fstat(fd, &now) != 0
            || (now.st_size > whole && ftruncate(fd, (off_t)whole) != 0) || fdatasync(fd) != 0)) {
        code = err_set(e, ERR_FILE, f->path, "%s", strerror(errno));
        take_back(f, fd);
    }
    if (!code)
        f->end += (int64_t)more;
    buf_fini(&text);
    return code;
}

static int sync_file(struct record_log *log, struct record_file *f, struct err *e)
{
    char dir[FILE_PATH_MAX];
    snprintf(dir, sizeof dir, "%s", f->path);
    *strrchr(dir, '/') = '\0'; /* record_log_path joined it */
    int code = f->end > 0 ? 0 : make_private_dir(dir, e);
    int fd = code ? -1 : open(f->path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (!code && fd < 0)
        code = err_set(e, ERR_FILE, f->path, "%s", strerror(errno));
    if (!code)
        code = append(f, fd, e);
    if (fd >= 0)
        close(fd);
    if (code)
        return code;
    log->waiting_bytes -= f->waiting.n;
    f->unwritten = 0;
    buf_fini(&f->waiting);
    return 0;
}

int record_log_sync(struct record_log *log, struct err *e)
{
    int first = 0;
    for (struct record_file *f = log->files; f; f = f->next) {
        int code = f->waiting.n > 0 ? sync_file(log, f, first ? NULL : e) : 0;
        first = first ? first : code;
    }
    return first;
}
