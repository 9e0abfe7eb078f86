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

/* -- Which tasks ------------------------------------------------------------------------------ */

/* {"task": "a-1", "upstream": "doubao", "session": "ci-42"} or a part of it, into filter. beside: a
 * key that the caller reads; NULL: none. */
static int read_filter(const struct admin_call *call, const char *beside,
                       struct task_filter *filter, struct err *e)
{
    const char *const known[] = {"task", "upstream", "session", beside, NULL};
    const char **const out[] = {&filter->id, &filter->upstream, &filter->session};
    const struct json *document = call->request->json;
    if (json_kind(document) != JSON_OBJECT)
        return err_set(e, ERR_CONTRACT, NULL, "want an object, with task, upstream or session");
    for (const struct json *member = json_first(document); member; member = json_next(member)) {
        size_t i = 0;
        if (beside && strcmp(json_key(member), beside) == 0)
            continue;
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

/* -- The clock -------------------------------------------------------------------------------- */

/* Reads {"advance": "30s"} or {"advance_ms": 30000}; any other key is an error. */
static int read_advance(const struct json *document, int64_t *ms, struct err *e)
{
    static const char *const known[] = {"advance", "advance_ms", "to", NULL};
    const struct json *only = json_first(document);
    if (json_kind(document) != JSON_OBJECT || json_count(document) != 1)
        return err_set(e, ERR_CONTRACT, NULL,
                       "want {\"advance\": \"30s\"}, {\"advance_ms\": 30000} or "
                       "{\"to\": \"next\"}");
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

/* {"to": "next"}: to the end of a timed step of one of the tasks that the body means, or of a wait of
 * an answer that is under way, which belongs to no task here: whatever comes first. */
static int find_next(const struct admin_call *call, int64_t *at_ms, struct err *e)
{
    struct clock_manual *clock = call->admin->manual;
    struct task_filter filter = {0};
    const char *where = json_string(json_get(call->request->json, "to"));
    if (!where || strcmp(where, "next") != 0)
        return err_set(e, ERR_CONTRACT, NULL, "to is not \"next\": there is no other place to go");
    int code = read_filter(call, "to", &filter, e);
    if (code)
        return code;
    bool all = !filter.id && !filter.upstream && !filter.session;
    int64_t end_ms = 0;
    bool found = mock_next_change(call->admin->mock, &filter, clock_now(&clock->clock), at_ms);
    if (all && clock_manual_next_end(clock, &end_ms) && (!found || end_ms < *at_ms)) {
        *at_ms = end_ms;
        found = true;
    }
    return found ? 0
                 : err_set(e, ERR_CANCELLED, NULL,
                           "time changes nothing here: %s is in a step that ends at a time to come",
                           all ? "no answer waits, and no task" : "none of these tasks");
}

int admin_move_clock(const struct admin_call *call, struct buf *out, struct err *e)
{
    const struct message *request = call->request;
    struct clock_manual *clock = call->admin->manual;
    int64_t ms = 0;
    if (!clock)
        return err_set(e, ERR_CANCELLED, NULL,
                       "the clock is %s: only --clock manual and --clock auto can be moved",
                       call->admin->clock_kind);
    int code = read_body(request, e);
    if (code)
        return code;
    bool jumps = json_get(request->json, "to");
    code = jumps ? find_next(call, &ms, e) : read_advance(request->json, &ms, e);
    if (code)
        return code;
    if (jumps)
        clock_manual_move_to(clock, ms);
    else
        clock_manual_advance(clock, ms);
    admin_write_clock(call, clock_now(&clock->clock), out);
    return 0;
}

/* -- Reset ------------------------------------------------------------------------------------ */

int admin_reset(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct task_filter filter = {0};
    struct mock *mock = call->admin->mock;
    int code = call->request->body.n > 0 ? read_body(call->request, e) : 0;
    if (!code && call->request->json)
        code = read_filter(call, NULL, &filter, e);
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
