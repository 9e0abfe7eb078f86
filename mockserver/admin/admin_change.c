/* The pages of the admin that change something: the clock moves, tasks are forgotten. */
#include "admin_change.h"

#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

enum { ADMIN_ADVANCE_MAX_MS = 366 * 24 * 3600 };

int admin_check_upstream(const struct admin_call *call, const char *name, struct err *e)
{
    const struct fixtures *fixtures = mock_fixtures(call->admin->mock);
    if (fixtures_upstream(fixtures, name))
        return 0;
    const char *nearest = fixtures_nearest_upstream(fixtures, name);
    return err_set(e, ERR_USAGE, NULL, "no upstream %s%s%s", name, nearest ? "; did you mean " : "",
                   nearest ? nearest : "");
}

void admin_write_clock(const struct admin_call *call, int64_t now_ms, struct buf *out)
{
    struct json_writer w;
    json_write_init(&w, out, false);
    json_write_open(&w, '{');
    json_member_text(&w, "clock", call->admin->clock_kind);
    json_member_int(&w, "now", now_ms);
    json_member_int(&w, "speed", call->admin->speed);
    json_write_close(&w, '}');
}

/* 0 when the body is JSON. Whatever is wrong with it, its sender can mend. */
static int read_body(const struct message *request, struct err *e)
{
    int code = message_json(request, e);
    return code && code != ERR_MEMORY ? err_set(e, ERR_USAGE, e->where, "%s", e->what) : code;
}

/* Reads {"advance": "30s"} or {"advance_ms": 30000}; any other key is an error. */
static int read_advance(const struct json *document, int64_t *ms, struct err *e)
{
    static const char *const known[] = {"advance", "advance_ms", NULL};
    const struct json *only = json_first(document);
    if (json_kind(document) != JSON_OBJECT || json_count(document) != 1)
        return err_set(e, ERR_CONTRACT, NULL,
                       "want one key: {\"advance\": \"30s\"} or {\"advance_ms\": 30000}");
    const char *key = json_key(only);
    bool good = false;
    if (strcmp(key, "advance") == 0) {
        const char *text = json_string(only);
        good = text && text_duration_ms(span_of(text), ms);
    } else if (strcmp(key, "advance_ms") == 0) {
        good = json_int64(only, ms);
    } else {
        const char *nearest = text_nearest(key, known);
        return err_set(e, ERR_CONTRACT, NULL, "unknown key %s; the nearest is %s", key,
                       nearest ? nearest : known[0]);
    }
    if (!good || *ms < 0 || *ms > (int64_t)ADMIN_ADVANCE_MAX_MS * 1000)
        return err_set(e, ERR_CONTRACT, NULL, "%s is not a duration from 0 to 366 days", key);
    return 0;
}

int admin_advance(const struct admin_call *call, struct buf *out, struct err *e)
{
    const struct message *request = call->request;
    int64_t ms = 0;
    if (!call->admin->manual)
        return err_set(e, ERR_CANCELLED, NULL, "the clock is %s: only --clock manual can be moved",
                       call->admin->clock_kind);
    int code = read_body(request, e);
    if (!code)
        code = read_advance(request->json, &ms, e);
    if (code)
        return code;
    clock_manual_advance(call->admin->manual, ms);
    admin_write_clock(call, clock_now(&call->admin->manual->clock), out);
    return 0;
}

/* {"task": "a-1", "upstream": "doubao", "session": "ci-42"} or a part of it, into filter. */
static int read_filter(const struct admin_call *call, struct task_filter *filter, struct err *e)
{
    static const char *const known[] = {"task", "upstream", "session", NULL};
    const char **const out[] = {&filter->id, &filter->upstream, &filter->session};
    const struct json *document = call->request->json;
    if (json_kind(document) != JSON_OBJECT)
        return err_set(e, ERR_CONTRACT, NULL, "want an object, with task, upstream or session");
    for (const struct json *member = json_first(document); member; member = json_next(member)) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], json_key(member)) != 0)
            i++;
        if (!known[i]) {
            const char *nearest = text_nearest(json_key(member), known);
            return err_set(e, ERR_CONTRACT, NULL, "unknown key %s; the nearest is %s",
                           json_key(member), nearest ? nearest : known[0]);
        }
        if (!json_string(member))
            return err_set(e, ERR_CONTRACT, NULL, "%s is not a text", known[i]);
        *out[i] = json_string(member);
    }
    return filter->upstream ? admin_check_upstream(call, filter->upstream, e) : 0;
}

int admin_reset(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct task_filter filter = {0};
    struct mock *mock = call->admin->mock;
    int code = call->request->body.n > 0 ? read_body(call->request, e) : 0;
    if (!code && call->request->json)
        code = read_filter(call, &filter, e);
    if (code)
        return code;
    if (filter.id || filter.upstream || filter.session) {
        buf_addf(out, "{\"status\":\"ok\",\"forgotten\":%zu}", mock_forget(mock, &filter));
        return 0;
    }
    mock_reset(mock);
    buf_add_text(out, "{\"status\":\"ok\"}");
    return 0;
}
