/* Distilling from end to end: the polls of a task, their order, their steps, the files. */
#include "distill.h"

#include "base/text.h"
#include "distill_own.h"
#include "distill_steps.h"
#include "distill_upstream.h"

#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "distill_write.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The longest name of a reply has something behind it: ".status_429-256". */
enum { NAME_BYTES_MAX = REPLY_NAME_MAX - 1 - 15, IDS_NAMED = 32 };

/* The task of the polls that is nearest to what was asked for, for the error. */
static int no_such_task(const struct own_polls *polls, const char *wanted, struct err *e)
{
    const char *ids[IDS_NAMED + 1] = {NULL};
    uint32_t count = 0;
    for (uint32_t i = 0; i < polls->count && count < IDS_NAMED; i++)
        if (count == 0 || strcmp(ids[count - 1], polls->list[i].id) != 0)
            ids[count++] = polls->list[i].id;
    const char *near = text_nearest(wanted, ids);
    if (!near)
        near = ids[0];
    return err_set(e, ERR_NOT_FOUND, NULL, "the recording holds no poll of task \"%s\"%s%s%s",
                   wanted, near ? "; it holds \"" : "", near ? near : "", near ? "\"" : "");
}

/* Finds the task to take: the wanted one, or else the only one among the polls. */
static int pick_task(const struct own_polls *polls, const char *wanted, char *task,
                     size_t task_size, struct err *e)
{
    const char *picked = NULL;
    for (uint32_t i = 0; i < polls->count; i++) {
        const char *id = polls->list[i].id;
        if (wanted && strcmp(id, wanted) != 0)
            continue;
        if (picked && strcmp(id, picked) != 0)
            return err_set(
                e, ERR_USAGE, "--task",
                "the recording holds several tasks, \"%s\" and \"%s\" among them: choose one",
                picked, id);
        picked = id;
    }
    span_copy(span_of(picked), task, task_size);
    return picked ? 0 : no_such_task(polls, wanted, e);
}

static const char *poll_of(const struct contract *c, const char **path)
{
    for (uint32_t i = 0; i < c->route_count; i++)
        if (c->routes[i].role == ROLE_POLL) {
            *path = c->routes[i].path;
            return c->routes[i].method;
        }
    *path = "";
    return "";
}

/* Of a recording without a poll of this contract. */
static int no_poll(const struct distilling *d, const struct recording *r, struct err *e)
{
    const char *path, *method = poll_of(&d->contract, &path);
    int code = distill_check_upstream(d->dir, r, e);
    if (code)
        return code;
    return err_set(e, ERR_NOT_FOUND, r->path,
                   "the recording holds no poll of a task of this contract: no %s %s among its %u "
                   "%s",
                   method, path, r->count, text_count_word(r->count, "entry", "entries"));
}

static int distill_into(struct distilling *d, const struct recording *r, const char *wanted,
                        struct distilled *out, struct err *e)
{
    struct own_polls polls;
    int code = own_polls_find(&d->contract, r, &polls, e);
    if (!code && polls.count == 0)
        code = no_poll(d, r, e);
    if (!code)
        code = pick_task(&polls, wanted, d->task, sizeof d->task, e);
    out->tells_no_state = !code && !own_polls_tell(&d->contract, r, &polls);
    if (!code && out->tells_no_state)
        code = distill_check_upstream(d->dir, r, e);
    if (!code) {
        own_polls_keep(&polls, d->task);
        own_polls_sort(&polls);
        code = distill_take(d, r, &polls, e);
    }
    own_polls_fini(&polls);
    return code ? code : distill_write(d, out->path, sizeof out->path, e);
}

/* "." and "..": an upstream is called as its folder. */
static bool is_nameless(const char *dir)
{
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/')
        n--;
    return n > 0 && dir[n - 1] == '.' && (n == 1 || dir[n - 2] == '/' || dir[n - 2] == '.');
}

int distill(const struct recording *recording, const struct distill_options *options,
            struct distilled *out, struct err *e)
{
    *out = (struct distilled){0};
    if (!text_is_name(span_of(options->name)) || strlen(options->name) > NAME_BYTES_MAX)
        return err_set(e, ERR_USAGE, "--name", "\"%s\" is no name: [A-Za-z0-9._-]{1,%d}",
                       options->name, NAME_BYTES_MAX);
    struct distilling *d = calloc(1, sizeof *d);
    if (!d)
        return err_set(e, ERR_MEMORY, NULL, "no memory to distill");
    char real[PATH_MAX], upstream[REPLY_NAME_MAX];
    d->dir = is_nameless(options->dir) && realpath(options->dir, real) ? real : options->dir;
    d->name = options->name;
    d->notes = options->notes;
    int code = distill_contract(d->dir, &d->contract, e);
    if (!code && !dialect_find(distill_upstream_name(d->dir, upstream, sizeof upstream)))
        code = pack_open_folder(d->dir, &d->pack, e);
    if (!code)
        code = distill_into(d, recording, options->task, out, e);
    if (!code) {
        span_copy(span_of(d->task), out->task, sizeof out->task);
        out->polls = d->polls;
        out->replies = d->reply_count;
        out->steps = d->step_count;
    }
    for (uint32_t i = 0; i < d->reply_count; i++)
        reply_fini(&d->replies[i]);
    task_pack_close(d->pack);
    contract_fini(&d->contract);
    free(d);
    return code;
}
