/* Finds the contract of --out, and the upstream that was meant when it is another one's. */
#include "distill_upstream.h"

#include "base/file.h"
#include "base/text.h"
#include "distill_own.h"
#include "mockserver/fixture/contract_read.h"

#include <stdio.h>
#include <string.h>

enum { SIBLINGS_MAX = 64 };

const char *distill_upstream_name(const char *dir, char *out, size_t out_size)
{
    struct span path = span_of(dir);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    span_copy(span_cut(path, from, path.n), out, out_size);
    return out;
}

/* The upstreams' folders beside one. */
struct siblings {
    char parent[FILE_PATH_MAX];
    char names[SIBLINGS_MAX][REPLY_NAME_MAX];
    const char *list[SIBLINGS_MAX + 1]; /* into names, ended by NULL */
    size_t count;
};

/* "fixtures/doubao/" lies in "fixtures" and is "doubao"; "doubao" lies in ".". */
static struct span split(const char *dir, char *parent, size_t parent_size)
{
    struct span path = span_of(dir);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/')
        at--;
    if (at == 0)
        snprintf(parent, parent_size, ".");
    else
        snprintf(parent, parent_size, "%.*s", (int)at, path.p);
    return span_cut(path, at, path.n);
}

static int add_sibling(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct siblings *s = arg;
    char dir[FILE_PATH_MAX], path[FILE_PATH_MAX];
    (void)e;
    if (!is_dir || s->count == SIBLINGS_MAX || !file_join(dir, sizeof dir, s->parent, name)
        || !file_join(path, sizeof path, dir, "openapi.json") || !file_exists(path)
        || !span_copy(span_of(name), s->names[s->count], REPLY_NAME_MAX))
        return 0;
    s->list[s->count] = s->names[s->count];
    s->count++;
    return 0;
}

static struct span find_siblings(const char *dir, struct siblings *out)
{
    memset(out, 0, sizeof *out);
    struct span name = split(dir, out->parent, sizeof out->parent);
    (void)file_list(out->parent, add_sibling, out, NULL);
    return name;
}

static int read_contract(const char *path, struct contract *out, struct err *e)
{
    struct buf text;
    buf_init(&text, JSON_TEXT_MAX);
    int code = file_read(path, &text, e);
    if (!code)
        code = contract_parse(buf_span(&text), path, NULL, out, e);
    buf_fini(&text);
    return code;
}

int distill_contract(const char *dir, struct contract *out, struct err *e)
{
    char path[FILE_PATH_MAX], word[REPLY_NAME_MAX];
    if (!file_join(path, sizeof path, dir, "openapi.json"))
        return err_set(e, ERR_LIMIT, dir, "the path is longer than %d bytes", FILE_PATH_MAX);
    if (file_exists(path))
        return read_contract(path, out, e);
    struct siblings beside;
    struct span name = find_siblings(dir, &beside);
    const char *near = span_copy(name, word, sizeof word) ? text_nearest(word, beside.list) : NULL;
    return err_set(e, ERR_USAGE, "--out",
                   "%s is no upstream's folder: it holds no openapi.json%s%s", dir,
                   near ? "; nearest: " : "", near ? near : "");
}

/* A folder beside the one that was given, and what its contract finds in the recording. */
struct candidate {
    const char *name;
    uint32_t polls;
    bool tells;
};

static bool is_better(const struct candidate *a, const struct candidate *b)
{
    if (a->tells != b->tells)
        return a->tells;
    return a->polls > b->polls;
}

/* Without polls when the folder's contract cannot be read. */
static struct candidate look_at(const char *folder, const char *name, const struct recording *r)
{
    struct candidate found = {.name = name};
    char path[FILE_PATH_MAX];
    struct contract c;
    struct own_polls polls;
    if (!file_join(path, sizeof path, folder, "openapi.json") || read_contract(path, &c, NULL) != 0)
        return found;
    if (own_polls_find(&c, r, &polls, NULL) == 0) {
        found.polls = polls.count;
        found.tells = own_polls_tell(&c, r, &polls);
    }
    own_polls_fini(&polls);
    contract_fini(&c);
    return found;
}

int distill_check_upstream(const char *dir, const struct recording *r, struct err *e)
{
    struct siblings beside;
    struct span name = find_siblings(dir, &beside);
    struct candidate best = {0}, own = look_at(dir, "", r);
    char folder[FILE_PATH_MAX];
    for (size_t i = 0; i < beside.count; i++) {
        if (span_is(name, beside.list[i])
            || !file_join(folder, sizeof folder, beside.parent, beside.list[i]))
            continue;
        struct candidate c = look_at(folder, beside.list[i], r);
        if (c.polls > 0 && (!best.name || is_better(&c, &best)))
            best = c;
    }
    if (!best.name || (own.polls > 0 && !best.tells))
        return 0;
    (void)file_join(folder, sizeof folder, beside.parent, best.name);
    if (own.polls > 0)
        return err_set(e, ERR_USAGE, "--out",
                       "no answer tells a state under the contract of %.*s; that of %s reads "
                       "them: --out %s",
                       (int)name.n, name.p, best.name, folder);
    return err_set(e, ERR_USAGE, "--out",
                   "the recording holds no poll of %.*s, but %u of %s: --out %s", (int)name.n,
                   name.p, best.polls, best.name, folder);
}
