/* Writes the files of a distilled task: .http and .want.json of each reply, and the scenario. */
#include "distill_write.h"
#include "distill_upstream.h"

#include "distill_stage.h"

#include <stdio.h>

static void format_kept_reply(struct buf *out, const struct reply *r)
{
    buf_addf(out, "HTTP/1.1 %d\n", r->status);
    for (size_t i = 0; i < r->head.n; i++)
        if (r->head.p[i] != '\r')
            buf_add_char(out, r->head.p[i]);
    buf_add_text(out, "X-Provenance: obs; recorded\n\n");
    buf_add_span(out, r->body);
}

static int add_replies(const struct distilling *d, struct stage *s, const char *upstream,
                       struct err *e)
{
    struct buf b;
    int code = 0;
    buf_init(&b, 2 * REPLY_BODY_MAX);
    for (uint32_t i = 0; !code && i < d->reply_count; i++) {
        const struct reply *r = &d->replies[i];
        buf_reset(&b);
        format_kept_reply(&b, r);
        code = stage_add(s, "replies", r->name, ".http", &b, e);
        buf_reset(&b);
        distill_format_want(&b, d, upstream, r);
        if (!code)
            code = stage_add(s, "replies", r->name, ".want.json", &b, e);
    }
    buf_fini(&b);
    return code;
}

static int add_scenario(const struct distilling *d, struct stage *s, const char *upstream,
                        struct err *e)
{
    struct buf b;
    buf_init(&b, JSON_TEXT_MAX);
    distill_format_scenario(&b, d, upstream);
    int code = stage_add(s, "scenarios", d->name, ".json", &b, e);
    buf_fini(&b);
    return code;
}

/* -- A name that is free ---------------------------------------------------------------------- */

static int is_of_name(const char *file, bool is_dir, void *name, struct err *e)
{
    struct span start = span_of(name);
    (void)is_dir;
    (void)e;
    return span_starts(span_of(file), name) && file[start.n] == '.' ? ERR_FILE : 0;
}

static bool is_free(const char *dir, char *name)
{
    char path[FILE_PATH_MAX];
    static const char *const folders[] = {"replies", "scenarios"};
    bool free = true;
    for (size_t i = 0; free && i < sizeof folders / sizeof folders[0]; i++)
        free = file_join(path, sizeof path, dir, folders[i])
            && (!file_is_dir(path) || file_list(path, is_of_name, name, NULL) == 0);
    return free;
}

/* Names one in an error that says that this one is taken. */
static int name_is_taken(const struct distilling *d, struct err *e)
{
    enum { TRIED = 100 };
    char name[REPLY_NAME_MAX], where[ERR_WHERE_MAX];
    struct err cause;
    if (!e || strncmp(e->what, "is there", 8) != 0)
        return ERR_FILE;
    for (unsigned i = 2; i < TRIED; i++) {
        int n = snprintf(name, sizeof name, "%s-%u", d->name, i);
        if (n < 0 || (size_t)n >= sizeof name || !is_free(d->dir, name))
            continue;
        cause = *e;
        span_copy(span_of(cause.where), where, sizeof where);
        return err_set(e, ERR_FILE, where, "%.200s: choose another --name; %s is free", cause.what,
                       name);
    }
    return ERR_FILE;
}

int distill_write(const struct distilling *d, char *path, size_t path_size, struct err *e)
{
    char upstream[REPLY_NAME_MAX];
    struct stage s = {.dir = d->dir};
    distill_upstream_name(d->dir, upstream, sizeof upstream);
    int n = snprintf(path, path_size, "%s/scenarios/%s.json", d->dir, d->name);
    if (n < 0 || (size_t)n >= path_size)
        return err_set(e, ERR_LIMIT, d->dir, "the path is longer than %zu bytes", path_size);
    int code = add_replies(d, &s, upstream, e);
    if (!code)
        code = add_scenario(d, &s, upstream, e);
    if (code == ERR_FILE)
        code = name_is_taken(d, e);
    if (!code)
        code = stage_commit(&s, upstream, e);
    stage_fini(&s);
    return code;
}
