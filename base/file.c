/* Reads files whole, writes them through a rename, and lists folders in order. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES_MAX = 65536, NAMES_BYTES_MAX = ENTRIES_MAX * 258 };

/* ERR_FILE with the words of errno. */
static int fail(struct err *e, const char *path, const char *what)
{
    int number = errno;
    char text[128];
    return err_set(e, ERR_FILE, path, "%s: %s", what, strerror_r(number, text, sizeof text));
}

static const char *kind_of(mode_t mode)
{
    if (S_ISDIR(mode))
        return "a folder";
    if (S_ISFIFO(mode))
        return "a pipe";
    return S_ISSOCK(mode) ? "a socket" : "a device";
}

static int not_regular(const char *path, mode_t mode, struct err *e)
{
    return err_set(e, ERR_FILE, path, "not a regular file: %s", kind_of(mode));
}

enum { READ_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY }; /* waits for nobody */

/* Reads to the end and closes. A file of known size has ended with its last byte; 0: not known. */
static int read_whole(int fd, const char *path, size_t size, struct buf *out, struct err *e)
{
    char bytes[16384];
    size_t total = 0;
    ssize_t n = 0;
    do {
        n = read(fd, bytes, sizeof bytes);
        if (n > 0) {
            buf_add(out, bytes, (size_t)n);
            total += (size_t)n;
        }
    } while ((n > 0 && total != size && out->broken == ERR_OK) || (n < 0 && errno == EINTR));
    int result = n < 0 ? fail(e, path, "cannot be read") : buf_err(out, "the file", e);
    if (result != 0 && n >= 0)
        result = err_wrap(e, (enum err_code)result, "%s", path);
    (void)close(fd);
    return result;
}

/* What open has returned, with its errno. What is no file is told by its kind, also when it cannot be
 * opened at all, as a socket cannot. */
static int read_opened(int fd, const char *path, struct buf *out, struct err *e)
{
    struct stat s;
    if (fd < 0) {
        int number = errno;
        if (stat(path, &s) == 0 && !S_ISREG(s.st_mode))
            return not_regular(path, s.st_mode, e);
        errno = number;
        return fail(e, path, "cannot be opened");
    }
    int code = 0;
    if (fstat(fd, &s) != 0)
        code = fail(e, path, "cannot be read");
    else if (!S_ISREG(s.st_mode))
        code = not_regular(path, s.st_mode, e);
    if (!code)
        return read_whole(fd, path, (size_t)s.st_size, out, e);
    (void)close(fd);
    return code;
}

int file_read(const char *path, struct buf *out, struct err *e)
{
    return read_opened(open(path, READ_FLAGS), path, out, e);
}

int file_read_below(const char *root, const char *path, struct buf *out, struct err *e)
{
    int fd = open(path, READ_FLAGS | O_NOFOLLOW);
    if (fd >= 0 || errno != ELOOP)
        return read_opened(fd, path, out, e);
    int code = file_stays_below(root, path, e);
    return code ? code : file_read(path, out, e);
}

int file_read_stream(const char *path, struct buf *out, struct err *e)
{
    struct stat s;
    if (stat(path, &s) != 0 || !(S_ISFIFO(s.st_mode) || S_ISCHR(s.st_mode)))
        return file_read(path, out, e);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? fail(e, path, "cannot be opened") : read_whole(fd, path, 0, out, e);
}

int file_stays_below(const char *root, const char *path, struct err *e)
{
    char top[PATH_MAX], real[PATH_MAX];
    if (!realpath(root, top))
        return fail(e, root, "cannot be followed");
    if (!realpath(path, real))
        return fail(e, path, "cannot be followed");
    size_t n = strlen(top);
    if (top[n - 1] == '/') /* the folder of everything */
        n--;
    if (strncmp(real, top, n) == 0 && (real[n] == '/' || real[n] == '\0'))
        return 0;
    return err_set(e, ERR_FILE, path, "a symbolic link leads out of %s: to %s", root, real);
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return true;
}

/* Length of path's folder part with its slash; 0 when it has none. */
static size_t folder_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Opens file with more flags, writes all of it; path is what errors name. */
static int write_to(const char *path, const char *file, int flags, struct span bytes, struct err *e)
{
    int fd = open(file, O_WRONLY | O_CLOEXEC | flags, 0666);
    if (fd < 0)
        return fail(e, path, "cannot be written");
    int result = write_all(fd, bytes) ? 0 : fail(e, path, "cannot be written");
    if (close(fd) != 0 && result == 0)
        result = fail(e, path, "cannot be written");
    return result;
}

/* A device or a pipe, which must not be replaced by a file: /dev/null, /dev/stderr. */
static bool is_special(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode);
}

int file_write(const char *path, struct span bytes, struct err *e)
{
    static atomic_uint
        serial; /* threads that write at once get temporary files of different names */
    char folder[FILE_PATH_MAX];
    char temporary[FILE_PATH_MAX];
    if (is_special(path))
        return write_to(path, path, 0, bytes, e);
    if (!span_copy((struct span){path, folder_len(path)}, folder, sizeof folder))
        return err_set(e, ERR_LIMIT, path, "the path is longer than %d bytes", FILE_PATH_MAX - 1);
    int n = snprintf(temporary, sizeof temporary, "%s.tmp-%ld-%u", folder, (long)getpid(),
                     atomic_fetch_add(&serial, 1U));
    if (n < 0 || (size_t)n >= sizeof temporary)
        return err_set(e, ERR_LIMIT, path, "the path is longer than %d bytes", FILE_PATH_MAX - 1);
    if (folder[0] != '\0' && file_make_dir(folder, e) != 0)
        return e ? (int)e->code : ERR_FILE;

    int result = write_to(path, temporary, O_CREAT | O_EXCL, bytes, e);
    if (result == 0 && rename(temporary, path) != 0)
        result = fail(e, path, "cannot be replaced");
    if (result != 0)
        (void)unlink(temporary);
    return result;
}

int file_make_dir(const char *path, struct err *e)
{
    char part[FILE_PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || !span_copy((struct span){path, len}, part, sizeof part))
        return err_set(e, ERR_LIMIT, path, "the path must have 1 to %d bytes", FILE_PATH_MAX - 1);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && !file_is_dir(part)) {
            if (errno == EEXIST)
                errno = ENOTDIR; /* something stands there that is no folder */
            return fail(e, part, "cannot be made a folder");
        }
        part[i] = path[i];
    }
    return 0;
}

bool file_from_program(char *dir, const char *way)
{
    char program[FILE_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    dir[0] = '\0';
    if (n <= 0)
        return false;
    program[n] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return file_join(dir, FILE_PATH_MAX, program, way);
}

bool file_is_dir(const char *path)
{
    int before = errno;
    struct stat s;
    bool is = stat(path, &s) == 0 && S_ISDIR(s.st_mode);
    errno = before;
    return is;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_link(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0 && S_ISLNK(s.st_mode);
}

/* Adds the folder's entries to names: 'd' or 'f', the name, a NUL. */
static int collect(DIR *folder, const char *dir, struct buf *names, size_t *count, struct err *e)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            return errno == 0 ? buf_err(names, "the list of names", e)
                              : fail(e, dir, "cannot be listed");
        if (entry->d_name[0] == '.')
            continue;
        if (*count == ENTRIES_MAX)
            return err_set(e, ERR_LIMIT, dir, "the folder has more than %d entries", ENTRIES_MAX);
        bool is_dir = entry->d_type == DT_DIR;
        if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
            struct stat s;
            is_dir = fstatat(dirfd(folder), entry->d_name, &s, 0) == 0 && S_ISDIR(s.st_mode);
        }
        buf_add_char(names, is_dir ? 'd' : 'f');
        buf_add(names, entry->d_name, strlen(entry->d_name) + 1);
        (*count)++;
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a + 1, *(const char *const *)b + 1);
}

static int visit_sorted(const struct buf *names, size_t count, file_visit *visit, void *arg,
                        struct err *e)
{
    const char **sorted = calloc(count, sizeof *sorted);
    if (!sorted)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the list of names");
    const char *next = names->p;
    for (size_t i = 0; i < count; i++) {
        sorted[i] = next;
        next += strlen(next) + 1;
    }
    qsort(sorted, count, sizeof *sorted, by_name);
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = visit(sorted[i] + 1, sorted[i][0] == 'd', arg, e);
    free(sorted);
    return result;
}

int file_list(const char *dir, file_visit *visit, void *arg, struct err *e)
{
    DIR *folder = opendir(dir);
    if (!folder)
        return fail(e, dir, "cannot be listed");
    struct buf names;
    buf_init(&names, NAMES_BYTES_MAX);
    size_t count = 0;
    int result = collect(folder, dir, &names, &count, e);
    (void)closedir(folder); /* before the visits: they may list deeper folders */
    if (result == 0 && count > 0)
        result = visit_sorted(&names, count, visit, arg, e);
    buf_fini(&names);
    return result;
}

bool file_join(char *out, size_t out_size, const char *dir, const char *name)
{
    size_t n = strlen(dir);
    const char *slash = n > 0 && dir[n - 1] != '/' ? "/" : "";
    int length = snprintf(out, out_size, "%s%s%s", dir, slash, name);
    if (length >= 0 && (size_t)length < out_size)
        return true;
    if (out_size > 0)
        out[0] = '\0';
    return false;
}
