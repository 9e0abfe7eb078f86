/* The texts of what is distilled: a reply's .want.json, and the scenario. */
#include "distill_write.h"

#include "client/decode/view.h"

#include <stdio.h>

/* -- What a decoder reads --------------------------------------------------------------------- */

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    if (value[0] == '\0')
        return;
    json_member_text(w, key, value);
}

static void write_time(struct json_writer *w, const char *key, int64_t value)
{
    if (value == 0)
        return;
    json_member_int(w, key, value);
}

/* What a client reads: by the upstream's decoder, else by the contract. */
static int read_view(const struct distilling *d, const char *upstream, const struct reply *r,
                     struct task_view *view, struct err *e)
{
    return d->pack ? pack_read(d->pack, r->status, r->body, view, e)
                   : view_read(upstream, r->status, r->body, view, e);
}

void distill_format_want(struct buf *out, const struct distilling *d, const char *upstream,
                         const struct reply *r)
{
    struct task_view view;
    struct json_writer w;
    struct err e = {0};
    int code = read_view(d, upstream, r, &view, &e);
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    write_text(&w, "error", view.error != TASK_ERROR_NONE ? task_error_name(view.error) : "");
    write_text(&w, "at", code ? e.where : "");
    write_text(&w, "state", view.state != TASK_UNKNOWN ? task_state_name(view.state) : "");
    write_text(&w, "status", view.status);
    if (view.progress >= 0)
        json_member_int(&w, "progress", view.progress);
    write_text(&w, "id", view.id);
    write_text(&w, "url", view.url);
    write_text(&w, "reason", view.reason);
    write_text(&w, "code", view.code);
    write_time(&w, "created", view.created_ms);
    write_time(&w, "started", view.started_ms);
    write_time(&w, "finished", view.finished_ms);
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
}

/* -- The scenario ----------------------------------------------------------------------------- */

/* The step whose answer ends the task, else the last; *polls is how many a client has made when it has that answer. */
static const struct distilled_step *end_of(const struct distilling *d, const char *upstream,
                                           uint32_t *polls)
{
    *polls = 1;
    for (uint32_t i = 0; i + 1 < d->step_count; i++) {
        const struct reply *r = &d->replies[d->steps[i].reply];
        struct task_view view;
        (void)read_view(d, upstream, r, &view, NULL);
        if (!d->steps[i].fault && (view.state == TASK_SUCCEEDED || view.state == TASK_FAILED))
            return &d->steps[i];
        *polls += d->steps[i].polls;
    }
    return &d->steps[d->step_count - 1];
}

static void write_outcome(struct json_writer *w, const struct distilling *d,
                          const struct reply *last, bool cut, const struct task_view *view)
{
    json_write_key(w, "outcome");
    if (!cut && contract_state(&d->contract, NULL, last->body) == REPLY_STATE_EITHER) {
        json_write_open(w, '[');
        json_write_text(w, "failed");
        json_write_text(w, "gave_up");
        json_write_close(w, ']');
        return;
    }
    json_write_text(w,
                    cut                                 ? "gave_up"
                        : view->state == TASK_SUCCEEDED ? "succeeded"
                        : view->state == TASK_FAILED    ? "failed"
                        : view->error == TASK_ERROR_NONE || view->error == TASK_ERROR_TRANSIENT
                            || view->error >= TASK_ERROR_SYNTAX
                        ? "gave_up"
                        : "error");
}

static void write_expect(struct json_writer *w, const struct distilling *d, const char *upstream)
{
    struct task_view view;
    uint32_t count;
    char polls[32];
    const struct distilled_step *end = end_of(d, upstream, &count);
    const struct reply *last = &d->replies[end->reply];
    (void)read_view(d, upstream, last, &view, NULL);
    snprintf(polls, sizeof polls, "%u..", count);
    json_write_key(w, "expect");
    json_write_open(w, '{');
    write_outcome(w, d, last, end->fault, &view);
    if (!end->fault)
        write_text(w, "url", view.url);
    write_text(w, "reason", !end->fault && view.state == TASK_FAILED ? view.reason : "");
    json_member_text(w, "polls", polls);
    json_write_close(w, '}');
}

static void write_step(struct json_writer *w, const struct distilling *d,
                       const struct distilled_step *step, bool last)
{
    json_write_open(w, '{');
    json_member_text(w, "reply", d->replies[step->reply].name);
    if (step->polls > 1 && !last)
        json_member_int(w, "polls", step->polls);
    if (step->fault) {
        json_write_key(w, "fault");
        json_write_open(w, '{');
        json_write_key(w, step->fault);
        if (strcmp(step->fault, "truncate") == 0)
            json_write_int(w, 0);
        else
            json_write_bool(w, true);
        json_write_close(w, '}');
    }
    json_write_close(w, '}');
}

void distill_format_scenario(struct buf *out, const struct distilling *d, const char *upstream)
{
    struct json_writer w;
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    write_text(&w, "$schema", "../../scenario.schema.json");
    json_member_text(&w, "title", "follows a recorded task to its end");
    json_write_key(&w, "steps");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < d->step_count; i++)
        write_step(&w, d, &d->steps[i], i + 1 == d->step_count);
    json_write_close(&w, ']');
    write_expect(&w, d, upstream);
    write_text(&w, "provenance", "distilled from a recording");
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
}
