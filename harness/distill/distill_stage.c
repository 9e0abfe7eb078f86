/* Puts new files into an upstream's folder without ever breaking it. */
#include "distill_stage.h"

#include "base/grow.h"
#include "mockserver/fixture/upstream_load.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STAGE_FILES_MAX = 1024 };

static const char *const folders[] = {"replies", "scenarios"};
enum { FOLDERS = sizeof folders / sizeof folders[0] };

/* -- Gathering -------------------------------------------------------------------------------- */

static bool has_other_bytes(const char *path, struct span bytes)
{
    struct buf there;
    buf_init(&there, bytes.n + 1);
    bool same = file_read(path, &there, NULL) == 0 && span_same(buf_span(&there), bytes);
    buf_fini(&there);
    return !same;
}

int stage_add(struct stage *s, const char *folder, const char *name, const char *ending,
              const struct buf *bytes, struct err *e)
{
    struct stage_file file = {.n = bytes->n};
    char path[FILE_PATH_MAX];
    int n = snprintf(file.name, sizeof file.name, "%s/%s%s", folder, name, ending);
    if (n < 0 || (size_t)n >= sizeof file.name || !file_join(path, sizeof path, s->dir, file.name))
        return err_set(e, ERR_LIMIT, s->dir, "the path is longer than %d bytes", FILE_PATH_MAX);
    int code = buf_err(bytes, path, e);
    if (code)
        return code;
    if (file_exists(path) && has_other_bytes(path, buf_span(bytes)))
        return err_set(e, ERR_FILE, path, "is there with other bytes; nothing is overwritten");
    if (file_exists(path))
        return 0;
    struct stage_file *files = grow(s->files, s->count, &s->room, sizeof file, STAGE_FILES_MAX);
    if (files)
        s->files = files;
    file.bytes = files ? malloc(bytes->n + 1) : NULL;
    if (!file.bytes)
        return err_set(e, ERR_MEMORY, path, "no memory for the files");
    memcpy(file.bytes, bytes->p, bytes->n);
    s->files[s->count++] = file;
    return 0;
}

void stage_fini(struct stage *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->files[i].bytes);
    free(s->files);
    *s = (struct stage){0};
}

/* -- The hidden folder ------------------------------------------------------------------------ */

struct hidden {
    char real[FILE_PATH_MAX]; /* DIR, without links */
    char path[FILE_PATH_MAX];
    const char *below; /* the folder whose entries are being linked: "", "replies" */
};

static int too_long(const char *where, struct err *e)
{
    return err_set(e, ERR_LIMIT, where, "the path is longer than %d bytes", FILE_PATH_MAX);
}

static int link_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct hidden *h = arg;
    char below[FILE_PATH_MAX], from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    (void)is_dir;
    for (size_t i = 0; !h->below[0] && i < FOLDERS; i++)
        if (strcmp(name, folders[i]) == 0)
            return 0; /* linked entry by entry, so that more can be put there */
    if (h->below[0] ? !file_join(below, sizeof below, h->below, name)
                    : !span_copy(span_of(name), below, sizeof below))
        return too_long(name, e);
    if (!file_join(from, sizeof from, h->real, below) || !file_join(to, sizeof to, h->path, below))
        return too_long(name, e);
    if (symlink(from, to) != 0)
        return err_set(e, ERR_FILE, to, "cannot be made: %s", strerror(errno));
    return 0;
}

static int link_folder(struct hidden *h, const char *folder, struct err *e)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    h->below = folder;
    if (!file_join(from, sizeof from, h->real, folder)
        || !file_join(to, sizeof to, h->path, folder))
        return too_long(folder, e);
    int code = file_make_dir(to, e);
    if (!code && file_is_dir(from))
        code = file_list(from, link_entry, h, e);
    return code;
}

static int make_hidden(struct hidden *h, const char *dir, struct err *e)
{
    h->path[0] = '\0';
    char real[PATH_MAX];
    if (!realpath(dir, real))
        return err_set(e, ERR_FILE, dir, "cannot be opened: %s", strerror(errno));
    if (!file_join(h->path, sizeof h->path, real, ".distill-XXXXXX")
        || !span_copy(span_of(real), h->real, sizeof h->real)) {
        h->path[0] = '\0';
        return too_long(dir, e);
    }
    if (!mkdtemp(h->path)) {
        h->path[0] = '\0';
        return err_set(e, ERR_FILE, dir, "cannot be written to: %s", strerror(errno));
    }
    h->below = "";
    int code = file_list(h->real, link_entry, h, e);
    for (size_t i = 0; !code && i < FOLDERS; i++)
        code = link_folder(h, folders[i], e);
    return code;
}

/* Without file_list, which leaves out what is hidden and needs memory. */
static void remove_folder(const char *path)
{
    char below[FILE_PATH_MAX];
    DIR *folder = opendir(path);
    for (struct dirent *d = folder ? readdir(folder) : NULL; d; d = readdir(folder)) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0
            || !file_join(below, sizeof below, path, d->d_name))
            continue;
        if (file_is_dir(below) && !file_is_link(below))
            remove_folder(below);
        else
            (void)unlink(below);
    }
    if (folder)
        (void)closedir(folder);
    (void)rmdir(path);
}

static void remove_hidden(const struct hidden *h)
{
    if (h->path[0])
        remove_folder(h->path);
}

/* -- Loading it ------------------------------------------------------------------------------- */

/* The first problem of all, and the first in a file that is to be written. */
struct problems_found {
    const struct stage *stage;
    const struct hidden *hidden;
    struct err any, new;
};

static void find_problem(const struct err *problem, void *arg)
{
    struct problems_found *p = arg;
    char path[FILE_PATH_MAX];
    if (problem->code == ERR_OK) /* a warning */
        return;
    if (p->any.code == ERR_OK)
        p->any = *problem;
    for (size_t i = 0; p->stage && p->new.code == ERR_OK &&i < p->stage->count; i++)
        if (file_join(path, sizeof path, p->hidden->path, p->stage->files[i].name)
            && span_starts(span_of(problem->where), path))
            p->new = *problem;
}

static void load(const char *dir, const char *upstream, struct problems_found *found)
{
    struct problems problems = {.report = find_problem, .arg = found};
    struct upstream u = {0};
    span_copy(span_of(upstream), u.name, sizeof u.name);
    upstream_load(&u, "/", dir, &problems);
    upstream_fini(&u);
}

/* An upstream's folder that did not load before may be one that is being made. */
static int check_loads(const struct stage *s, const struct hidden *h, const char *upstream,
                       struct err *e)
{
    struct problems_found before = {0}, after = {.stage = s, .hidden = h};
    load(h->real, upstream, &before);
    load(h->path, upstream, &after);
    if (after.new.code == ERR_OK && (before.any.code != ERR_OK || after.any.code == ERR_OK))
        return 0;
    const struct err *wrong = after.new.code != ERR_OK ? &after.new : &after.any;
    size_t skip = strlen(h->path);
    char where[ERR_WHERE_MAX];
    snprintf(where, sizeof where, "%.120s%.120s", s->dir,
             span_starts(span_of(wrong->where), h->path) ? wrong->where + skip : "");
    return err_set(e, wrong->code, where, "%.400s: nothing is written", wrong->what);
}

/* -- Moving ----------------------------------------------------------------------------------- */

static int write_files(const struct stage *s, const struct hidden *h, struct err *e)
{
    int code = 0;
    char path[FILE_PATH_MAX];
    for (size_t i = 0; !code && i < s->count; i++) {
        if (!file_join(path, sizeof path, h->path, s->files[i].name))
            return too_long(s->dir, e);
        code = file_write(path, (struct span){s->files[i].bytes, s->files[i].n}, e);
    }
    return code;
}

/* Takes back the first ones. */
static void move_back(const struct stage *s, const struct hidden *h, size_t count)
{
    char path[FILE_PATH_MAX];
    while (count-- > 0)
        if (file_join(path, sizeof path, h->real, s->files[count].name))
            (void)unlink(path);
}

static int move_files(const struct stage *s, const struct hidden *h, struct err *e)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    for (size_t i = 0; i < FOLDERS; i++) {
        int code = file_join(to, sizeof to, h->real, folders[i]) ? file_make_dir(to, e) : 0;
        if (code)
            return code;
    }
    for (size_t i = 0; i < s->count; i++) {
        bool fits = file_join(from, sizeof from, h->path, s->files[i].name)
            && file_join(to, sizeof to, h->real, s->files[i].name);
        if (fits && !file_exists(to) && rename(from, to) == 0)
            continue;
        int why = fits && file_exists(to) ? EEXIST : errno;
        move_back(s, h, i);
        return err_set(e, ERR_FILE, s->files[i].name, "cannot be written in %s: %s", s->dir,
                       strerror(why));
    }
    return 0;
}

int stage_commit(struct stage *s, const char *upstream, struct err *e)
{
    struct hidden hidden;
    if (s->count == 0)
        return 0;
    int code = make_hidden(&hidden, s->dir, e);
    if (!code)
        code = write_files(s, &hidden, e);
    if (!code)
        code = check_loads(s, &hidden, upstream, e);
    if (!code)
        code = move_files(s, &hidden, e);
    remove_hidden(&hidden);
    return code;
}
