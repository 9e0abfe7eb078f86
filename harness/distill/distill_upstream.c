/* Finds the contract of --out, and the upstream that was meant when it is another one's. */
#include "distill_upstream.h"

#include "base/file.h"
#include "base/text.h"
#include "mockserver/fixture/contract_read.h"

#include <stdio.h>
#include <string.h>

enum { SIBLINGS_MAX = 64 };

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

bool distill_tells_states(const struct contract *c, const struct recording *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        const struct exchange *x = &r->exchanges[i];
        bool is_good = x->status >= 200 && x->status < 300 && !x->body_unreadable;
        enum reply_state state = is_good ? contract_state(c, NULL, x->body) : REPLY_STATE_NONE;
        if (state != REPLY_STATE_NONE && state != REPLY_STATE_UNKNOWN)
            return true;
    }
    return false;
}

int distill_check_upstream(const char *dir, const struct recording *r, struct err *e)
{
    struct siblings beside;
    struct span name = find_siblings(dir, &beside);
    for (size_t i = 0; i < beside.count; i++) {
        char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
        struct contract c;
        if (span_is(name, beside.list[i])
            || !file_join(folder, sizeof folder, beside.parent, beside.list[i])
            || !file_join(path, sizeof path, folder, "openapi.json")
            || read_contract(path, &c, NULL) != 0)
            continue;
        bool fits = distill_tells_states(&c, r);
        contract_fini(&c);
        if (fits)
            return err_set(e, ERR_USAGE, "--out",
                           "no answer tells a state under the contract of %.*s; that of %s reads "
                           "them: --out %s",
                           (int)name.n, name.p, beside.list[i], folder);
    }
    return 0;
}
