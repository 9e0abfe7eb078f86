/* Writes the files of a distilled task: .http and .want.json of each reply, and the scenario. */
#include "distill_write.h"

#include "base/file.h"
#include "client/decode/view.h"

#include <stdio.h>
#include <string.h>

/* False for headers that the mock makes anew, and for those that described the bytes on the
 * wire: a HAR keeps the body decoded. Names with ":" are HTTP/2's. */
static bool is_replayed(const char *name)
{
    static const char *const left_out[] = {"content-encoding",  "content-length",
                                           "transfer-encoding", "connection",
                                           "keep-alive",        "date"};
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (span_is_nocase(span_of(name), left_out[i]))
            return false;
    return name[0] != ':' && name[0] != '\0';
}

static bool is_one_line(const char *text)
{
    return !strpbrk(text, "\r\n");
}

void distill_format_reply(struct buf *out, const struct exchange *x)
{
    buf_addf(out, "HTTP/1.1 %d\n", x->status);
    for (const struct json *h = json_first(x->headers); h; h = json_next(h)) {
        const char *name = json_string(json_get(h, "name"));
        const char *value = json_string(json_get(h, "value"));
        if (name && value && is_replayed(name) && is_one_line(name) && is_one_line(value))
            buf_addf(out, "%s: %s\n", name, value);
    }
    buf_add_text(out, "X-Provenance: obs; recorded\n\n");
    buf_add_span(out, x->body);
}

static void format_kept_reply(struct buf *out, const struct reply *r)
{
    buf_addf(out, "HTTP/1.1 %d\n", r->status);
    for (size_t i = 0; i < r->head.n; i++)
        if (r->head.p[i] != '\r')
            buf_add_char(out, r->head.p[i]);
    buf_add_text(out, "X-Provenance: obs; recorded\n\n");
    buf_add_span(out, r->body);
}

/* Writes a new file. ERR_FILE when there is one with other bytes; 0 when it has the same. */
static int write_new(const char *path, const struct buf *bytes, struct err *e)
{
    struct buf there;
    buf_init(&there, bytes->n + 1);
    int code = buf_err(bytes, path, e);
    if (!code && file_exists(path)) {
        bool same = file_read(path, &there, NULL) == 0
            && span_same(buf_span(&there), buf_span(bytes));
        if (!same)
            code = err_set(
                e, ERR_FILE, path,
                "is there with other bytes; nothing is overwritten: choose another --name");
    } else if (!code) {
        code = file_write(path, buf_span(bytes), e);
    }
    buf_fini(&there);
    return code;
}

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

static void format_want(struct buf *out, const char *upstream, const struct reply *r)
{
    struct task_view view;
    struct json_writer w;
    struct err e = {0};
    int code = view_read(upstream, r->status, r->body, &view, &e);
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

static void write_expect(struct json_writer *w, const struct distilling *d, const char *upstream)
{
    const struct reply *last = &d->replies[d->steps[d->step_count - 1].reply];
    struct task_view view;
    char polls[32];
    view_read(upstream, last->status, last->body, &view, NULL);
    const char *outcome = view.state == TASK_SUCCEEDED ? "succeeded"
        : view.state == TASK_FAILED                    ? "failed"
        : view.error == TASK_ERROR_NONE || view.error == TASK_ERROR_TRANSIENT
            || view.error >= TASK_ERROR_SYNTAX
        ? "gave_up"
        : "error";
    snprintf(polls, sizeof polls, "%u..", d->polls);
    json_write_key(w, "expect");
    json_write_open(w, '{');
    json_member_text(w, "outcome", outcome);
    write_text(w, "url", view.url);
    write_text(w, "reason", view.state == TASK_FAILED ? view.reason : "");
    json_member_text(w, "polls", polls);
    json_write_close(w, '}');
}

static void format_scenario(struct buf *out, const struct distilling *d, const char *upstream)
{
    struct json_writer w;
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    write_text(&w, "$schema", "../../scenario.schema.json");
    json_member_text(&w, "title", "follows a recorded task to its end");
    json_write_key(&w, "steps");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < d->step_count; i++) {
        json_write_open(&w, '{');
        json_member_text(&w, "reply", d->replies[d->steps[i].reply].name);
        if (d->steps[i].polls > 1)
            json_member_int(&w, "polls", d->steps[i].polls);
        json_write_close(&w, '}');
    }
    json_write_close(&w, ']');
    write_expect(&w, d, upstream);
    write_text(&w, "provenance", "distilled from a recording");
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
}

static int write_in(const char *dir, const char *folder, const char *name, const char *ending,
                    const struct buf *bytes, char *path, size_t path_size, struct err *e)
{
    int n = snprintf(path, path_size, "%s/%s/%s%s", dir, folder, name, ending);
    if (n < 0 || (size_t)n >= path_size)
        return err_set(e, ERR_LIMIT, dir, "the path is longer than %zu bytes", path_size);
    return write_new(path, bytes, e);
}

static const char *upstream_name(const char *dir, char *out, size_t out_size)
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

int distill_write(const struct distilling *d, char *path, size_t path_size, struct err *e)
{
    char upstream[REPLY_NAME_MAX];
    char of_reply[FILE_PATH_MAX];
    struct buf b;
    int code = 0;
    buf_init(&b, 2 * REPLY_BODY_MAX);
    upstream_name(d->dir, upstream, sizeof upstream);
    for (uint32_t i = 0; !code && i < d->reply_count; i++) {
        const struct reply *r = &d->replies[i];
        buf_reset(&b);
        format_kept_reply(&b, r);
        code = write_in(d->dir, "replies", r->name, ".http", &b, of_reply, sizeof of_reply, e);
        buf_reset(&b);
        format_want(&b, upstream, r);
        if (!code)
            code = write_in(d->dir, "replies", r->name, ".want.json", &b, of_reply, sizeof of_reply,
                            e);
    }
    buf_reset(&b);
    format_scenario(&b, d, upstream);
    if (!code)
        code = write_in(d->dir, "scenarios", d->name, ".json", &b, path, path_size, e);
    buf_fini(&b);
    return code;
}
