/* Fixtures: loads the folder of all upstreams, and finds things in it. */
#include "fixtures.h"

#include "base/file.h"
#include "base/text.h"
#include "fixtures_load.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- Loading ---------------------------------------------------------------------------------- */

struct walk {
    struct fixtures *fixtures;
    struct fixtures_errors errors;
};

static int load_folder(struct walk *w, const char *name, const char *path, struct err *e)
{
    struct fixtures *f = w->fixtures;
    char contract[FILE_PATH_MAX];
    if (!text_is_name(span_of(name)))
        return err_set(e, ERR_CONTRACT, path,
                       "not an upstream's name: letters, digits, . _ - and no dot first");
    if (!file_join(contract, sizeof contract, path, "openapi.json") || !file_exists(contract))
        return err_set(e, ERR_CONTRACT, path, "no openapi.json: an upstream's folder holds one");
    if (f->upstream_count == FIXTURES_UPSTREAMS_MAX)
        return err_set(e, ERR_LIMIT, path, "more than %d upstreams", FIXTURES_UPSTREAMS_MAX);
    struct upstream *room = realloc(f->upstreams, (f->upstream_count + 1) * sizeof *room);
    if (!room)
        return err_set(e, ERR_MEMORY, path, "no memory for the upstream");
    f->upstreams = room;
    struct upstream *u = &room[f->upstream_count++];
    memset(u, 0, sizeof *u);
    span_copy(span_of(name), u->name, sizeof u->name);
    upstream_load(u, path, &w->errors);
    return 0;
}

static int visit_entry(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct walk *w = arg;
    struct err own = {0};
    char path[FILE_PATH_MAX];
    (void)e;
    if (!is_dir)
        return 0;
    int code = file_join(path, sizeof path, w->fixtures->dir, name)
        ? load_folder(w, name, path, &own)
        : err_set(&own, ERR_LIMIT, w->fixtures->dir, "the path of %s is too long", name);
    if (code)
        fixtures_say(&w->errors, &own);
    return 0;
}

int fixtures_load(const char *dir, fixtures_report *report, void *arg, struct fixtures **out,
                  struct err *e)
{
    struct walk w = {.errors = {.report = report, .arg = arg}};
    struct err own = {0};
    *out = NULL;
    w.fixtures = calloc(1, sizeof *w.fixtures);
    if (!w.fixtures)
        return err_set(e, ERR_MEMORY, dir, "no memory for the fixtures");
    if (!span_copy(span_of(dir), w.fixtures->dir, sizeof w.fixtures->dir))
        err_set(&own, ERR_LIMIT, dir, "the path is too long");
    else if (file_list(dir, visit_entry, &w, &own) == 0 && !w.fixtures->upstream_count
             && w.errors.first.code == ERR_OK)
        err_set(&own, ERR_NOT_FOUND, dir, "no upstream in this folder");
    if (own.code != ERR_OK)
        fixtures_say(&w.errors, &own);
    if (w.errors.first.code != ERR_OK) {
        fixtures_free(w.fixtures);
        if (e)
            *e = w.errors.first;
        return (int)w.errors.first.code;
    }
    *out = w.fixtures;
    return 0;
}

void fixtures_free(struct fixtures *f)
{
    if (!f)
        return;
    for (uint32_t i = 0; i < f->upstream_count; i++)
        upstream_fini(&f->upstreams[i]);
    free(f->upstreams);
    free(f);
}

/* True when both paths lead to one file. */
static bool same_file(const char *a, const char *b)
{
    char left[PATH_MAX], right[PATH_MAX];
    return strcmp(a, b) == 0
        || (realpath(a, left) && realpath(b, right) && strcmp(left, right) == 0);
}

int fixtures_add_scenario(struct upstream *u, const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    size_t n = strlen(file);
    char name[REPLY_NAME_MAX];
    if (n < 6 || strcmp(file + n - 5, ".json") != 0
        || !span_copy((struct span){file, n - 5}, name, sizeof name))
        return err_set(e, ERR_CONTRACT, path, "not a scenario's file: NAME.json");
    const struct scenario *there = upstream_scenario(u, name);
    if (there && same_file(there->path, path))
        return 0;
    struct scenario s;
    int code = upstream_read_scenario(u, path, name, &s, e);
    if (code)
        return code;
    code = upstream_add_scenario(u, &s, e);
    if (code)
        scenario_fini(&s);
    return code;
}

/* -- Finding ---------------------------------------------------------------------------------- */

static int by_name(const void *name, const void *element)
{
    return strcmp(name, element);
}

/* Names stand first in each of the three structs, so one search serves all. */
static const void *find(const void *list, uint32_t count, size_t size, const char *name)
{
    if (!count)
        return NULL;
    return bsearch(name, list, count, size, by_name);
}

static const char *nearest(const void *list, uint32_t count, size_t size, const char *name)
{
    const char **names = calloc((size_t)count + 1, sizeof *names);
    if (!names)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        names[i] = (const char *)list + i * size;
    const char *found = text_nearest(name, names);
    free(names);
    return found;
}

_Static_assert(offsetof(struct upstream, name) == 0 && offsetof(struct reply, name) == 0
                   && offsetof(struct scenario, name) == 0,
               "find and nearest read the name at the start");

struct upstream *fixtures_upstream(const struct fixtures *f, const char *name)
{
    for (uint32_t i = 0; i < f->upstream_count; i++)
        if (strcmp(f->upstreams[i].name, name) == 0)
            return &f->upstreams[i];
    return NULL;
}

const struct reply *upstream_reply(const struct upstream *u, const char *name)
{
    return find(u->replies, u->reply_count, sizeof *u->replies, name);
}

const struct scenario *upstream_scenario(const struct upstream *u, const char *name)
{
    return find(u->scenarios, u->scenario_count, sizeof *u->scenarios, name);
}

const char *upstream_nearest_reply(const struct upstream *u, const char *name)
{
    return nearest(u->replies, u->reply_count, sizeof *u->replies, name);
}

const char *upstream_nearest_scenario(const struct upstream *u, const char *name)
{
    return nearest(u->scenarios, u->scenario_count, sizeof *u->scenarios, name);
}

const char *fixtures_nearest_upstream(const struct fixtures *f, const char *name)
{
    return nearest(f->upstreams, f->upstream_count, sizeof *f->upstreams, name);
}
