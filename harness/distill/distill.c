/* Turns a recording into steps: picks the exchanges of one task, finds equal replies, and counts
 * runs of them. */
#include "distill.h"

#include "base/text.h"
#include "distill_upstream.h"
#include "distill_write.h"
#include "mockserver/fixture/contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest name of a reply has something behind it: ".status_429-256". */
enum { NAME_BYTES_MAX = REPLY_NAME_MAX - 1 - 15 };

/* The last segment of a path: in every contract whose paths hold a task id, it is there. */
static struct span last_segment(struct span target)
{
    struct span path = span_cut(target, 0, span_find(target, '?'));
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    return span_cut(path, from, path.n);
}

static bool task_of(const struct contract *c, const struct exchange *x, char *id, size_t id_size)
{
    struct json *body = NULL;
    if (x->request_body.n > 0)
        (void)json_open(x->request_body, &body, NULL);
    bool found = contract_task_id(c, last_segment(x->target), body, id, id_size);
    json_close(body);
    return found;
}

/* Finds the task to take: the wanted one, or else the only one in the recording. */
static int pick_task(const struct contract *c, const struct recording *r, const char *wanted,
                     char *task, size_t task_size, struct err *e)
{
    char id[256];
    task[0] = '\0';
    for (uint32_t i = 0; i < r->count; i++) {
        const struct exchange *x = &r->exchanges[i];
        if (!task_of(c, x, id, sizeof id))
            continue;
        if (wanted && strcmp(id, wanted) != 0)
            continue;
        if (task[0] != '\0' && strcmp(id, task) != 0)
            return err_set(
                e, ERR_USAGE, "--task",
                "the recording holds several tasks, \"%s\" and \"%s\" among them: choose one", task,
                id);
        span_copy(span_of(id), task, task_size);
    }
    if (task[0] != '\0')
        return 0;
    return err_set(e, ERR_NOT_FOUND, NULL, "the recording holds no poll of %s%s%s",
                   wanted ? "task \"" : "a task of this contract", wanted ? wanted : "",
                   wanted ? "\"" : "");
}

/* True when two replies differ in nothing but their stamped values (ids and times that the mock
 * writes anew): status, Retry-After, the number of stamps and all bytes between them are equal. */
static bool same_reply(const struct reply *a, const struct reply *b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    if (a->status != b->status || a->stamp_count != b->stamp_count
        || a->retry_after_ms != b->retry_after_ms)
        return false;
    for (uint32_t i = 0; i <= a->stamp_count; i++) {
        bool last = i == a->stamp_count;
        size_t end_a = last ? a->body.n : a->stamps[i].at;
        size_t end_b = last ? b->body.n : b->stamps[i].at;
        if (!span_same(span_cut(a->body, at_a, end_a - at_a),
                       span_cut(b->body, at_b, end_b - at_b)))
            return false;
        at_a = last ? end_a : a->stamps[i].at + a->stamps[i].len;
        at_b = last ? end_b : b->stamps[i].at + b->stamps[i].len;
    }
    return true;
}

/* Gives a reply, which is not the last that d has room for, a name of its own: "recorded.queued",
 * "recorded.status_429", "recorded.queued-2". */
static void name_reply(const struct distilling *d, enum reply_state state, struct reply *reply)
{
    char word[32];
    if (state == REPLY_STATE_NONE)
        snprintf(word, sizeof word, "status_%d", reply->status);
    else
        snprintf(word, sizeof word, "%s", reply_state_name(state));
    bool taken = true;
    for (uint32_t n = 1; taken; n++) {
        char suffix[16] = "";
        if (n > 1)
            snprintf(suffix, sizeof suffix, "-%u", n);
        snprintf(reply->name, sizeof reply->name, "%s.%s%s", d->name, word, suffix);
        taken = false;
        for (uint32_t i = 0; i < d->reply_count && !taken; i++)
            taken = strcmp(d->replies[i].name, reply->name) == 0;
    }
}

/* Adds the reply to d unless an equal one is there; *index is where. Owns the reply from here
 * on, also on error. */
static int keep_reply(struct distilling *d, struct reply *reply, uint32_t *index, struct err *e)
{
    for (uint32_t i = 0; i < d->reply_count; i++) {
        if (!same_reply(&d->replies[i], reply))
            continue;
        *index = i;
        reply_fini(reply);
        return 0;
    }
    if (d->reply_count == DISTILL_REPLIES_MAX) {
        reply_fini(reply);
        return err_set(e, ERR_LIMIT, NULL, "more than %d different replies", DISTILL_REPLIES_MAX);
    }
    name_reply(d, contract_state(&d->contract, NULL, reply->body), reply);
    *index = d->reply_count;
    d->replies[d->reply_count++] = *reply;
    return 0;
}

static int take_exchange(struct distilling *d, const struct exchange *x, struct err *e)
{
    struct buf file;
    struct reply reply = {0};
    uint32_t index = 0;
    if (x->body_unreadable)
        return err_set(e, ERR_CONTRACT, "/response/content/text", "is unreadable: %s",
                       x->body_unreadable);
    buf_init(&file, REPLY_BODY_MAX + (64 << 10));
    distill_format_reply(&file, x);
    int code = buf_err(&file, "a recorded reply", e);
    if (!code)
        code = reply_parse(buf_span(&file), "recorded", "recorded", &reply, e);
    buf_fini(&file);
    if (!code)
        code = contract_stamp(&d->contract, &reply, e);
    if (code) {
        reply_fini(&reply);
        return code;
    }
    code = keep_reply(d, &reply, &index, e);
    if (code)
        return code;
    d->polls++;
    if (d->step_count > 0 && d->steps[d->step_count - 1].reply == index) {
        d->steps[d->step_count - 1].polls++;
        return 0;
    }
    if (d->step_count == SCENARIO_STEPS_MAX)
        return err_set(e, ERR_LIMIT, NULL, "more than %d steps", SCENARIO_STEPS_MAX);
    d->steps[d->step_count++] = (struct distilled_step){index, 1};
    return 0;
}

static int take_task(struct distilling *d, const struct recording *r, struct err *e)
{
    char id[256];
    for (uint32_t i = 0; i < r->count; i++) {
        const struct exchange *x = &r->exchanges[i];
        if (!task_of(&d->contract, x, id, sizeof id) || strcmp(id, d->task) != 0)
            continue;
        int code = take_exchange(d, x, e);
        if (code)
            return err_wrap(e, (enum err_code)code, "/log/entries/%u", i);
    }
    return 0;
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
    d->dir = options->dir;
    d->name = options->name;
    int code = distill_contract(options->dir, &d->contract, e);
    if (!code)
        code = pick_task(&d->contract, recording, options->task, d->task, sizeof d->task, e);
    bool tells = !code && distill_tells_states(&d->contract, recording);
    if (!code && !tells)
        code = distill_check_upstream(options->dir, recording, e);
    if (!code)
        code = take_task(d, recording, e);
    if (!code)
        code = distill_write(d, out->path, sizeof out->path, e);
    if (!code) {
        span_copy(span_of(d->task), out->task, sizeof out->task);
        out->polls = d->polls;
        out->replies = d->reply_count;
        out->steps = d->step_count;
        out->tells_no_state = !tells;
    }
    for (uint32_t i = 0; i < d->reply_count; i++)
        reply_fini(&d->replies[i]);
    contract_fini(&d->contract);
    free(d);
    return code;
}
