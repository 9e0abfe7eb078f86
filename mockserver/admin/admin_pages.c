/* The pages of the admin that are read: each writes JSON. The table of all pages is at the end. */
#include "admin_pages.h"
#include "admin_change.h"

#include "mockserver/list/list.h"
#include "mockserver/record/redact.h"

#include "base/json/json.h"
#include "base/text.h"

#include <string.h>

enum { ADMIN_LIMIT_MAX = 100000 };

/* The value of a query parameter; "" when it is not given, or the page's row does not name it. */
static const char *param(const struct admin_call *call, const char *name)
{
    for (size_t i = 0; i < ADMIN_PARAMS_MAX && call->page->params[i]; i++)
        if (strcmp(call->page->params[i], name) == 0)
            return call->values[i];
    return "";
}

static const char *param_or_null(const struct admin_call *call, const char *name)
{
    const char *value = param(call, name);
    return value[0] ? value : NULL;
}

/* Writes a member; null for an empty span. */
static void key_span(struct json_writer *w, const char *key, struct span text)
{
    json_write_key(w, key);
    if (text.n > 0)
        json_write_span(w, text);
    else
        json_write_null(w);
}

static int page_health(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct json_writer w;
    struct mock *mock = call->admin->mock;
    (void)e;
    json_write_init(&w, out, false);
    json_write_open(&w, '{');
    json_member_text(&w, "status", "ok");
    json_member_text(&w, "version", UNDERSTUDY_VERSION);
    json_member_int(&w, "now", call->now_ms);
    json_member_text(&w, "clock", call->admin->clock_kind);
    json_member_int(&w, "upstreams", mock_fixtures(mock)->upstream_count);
    json_member_int(&w, "tasks", (int64_t)mock_task_count(mock));
    json_member_int(&w, "requests", (int64_t)journal_last(mock_journal(mock)));
    json_write_close(&w, '}');
    return 0;
}

static int page_upstreams(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct json_writer w;
    const struct fixtures *fixtures = mock_fixtures(call->admin->mock);
    (void)e;
    json_write_init(&w, out, false);
    json_write_open(&w, '{');
    json_write_key(&w, "upstreams");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < fixtures->upstream_count; i++)
        list_write_upstream(&w, &fixtures->upstreams[i]);
    json_write_close(&w, ']');
    json_write_close(&w, '}');
    return 0;
}

static void write_scenarios(struct json_writer *w, const struct upstream *u)
{
    for (uint32_t i = 0; i < u->scenario_count; i++)
        list_write_scenario(w, u, &u->scenarios[i]);
}

/* Checks the upstream named in the query, if any: ERR_USAGE with the nearest name when it is
 * unknown. */
static int check_upstream(const struct admin_call *call, struct err *e)
{
    const char *name = param(call, "upstream");
    return name[0] ? admin_check_upstream(call, name, e) : 0;
}

static int page_scenarios(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct json_writer w;
    const struct fixtures *fixtures = mock_fixtures(call->admin->mock);
    const char *only = param(call, "upstream");
    int code = check_upstream(call, e);
    if (code)
        return code;
    json_write_init(&w, out, false);
    json_write_open(&w, '{');
    json_write_key(&w, "scenarios");
    json_write_open(&w, '[');
    for (uint32_t i = 0; i < fixtures->upstream_count; i++)
        if (!only[0] || strcmp(only, fixtures->upstreams[i].name) == 0)
            write_scenarios(&w, &fixtures->upstreams[i]);
    json_write_close(&w, ']');
    json_write_close(&w, '}');
    return 0;
}

/* A list that is being written: the visits end when the page is full. */
struct list {
    struct json_writer w;
    int64_t left;  /* entries still wanted */
    uint64_t last; /* number of the last one written; at first `since` */
    bool full;
};

static int read_number(const struct admin_call *call, const char *name, long long max,
                       long long *out, struct err *e)
{
    const char *text = param(call, name);
    if (text[0] && (!span_int64(span_of(text), out) || *out < 0 || *out > max))
        return err_set(e, ERR_USAGE, NULL, "%s is not a number from 0 to %lld", name, max);
    return 0;
}

/* Reads what every list takes: upstream, since and limit. */
static int list_init(struct list *list, const struct admin_call *call, struct err *e)
{
    long long since = 0, limit = ADMIN_LIMIT_MAX;
    int code = check_upstream(call, e);
    if (!code)
        code = read_number(call, "since", INT64_MAX, &since, e);
    if (!code)
        code = read_number(call, "limit", ADMIN_LIMIT_MAX, &limit, e);
    *list = (struct list){.left = limit, .last = (uint64_t)since};
    return code;
}

/* Where the list goes on, for since; null when that was all. */
static void write_next(struct list *list)
{
    json_write_key(&list->w, "next");
    if (list->full)
        json_write_int(&list->w, (int64_t)list->last);
    else
        json_write_null(&list->w);
}

static bool list_is_full(struct list *list)
{
    list->full = list->left == 0 || list->w.out->n > ADMIN_LIST_MAX;
    return list->full;
}

/* The name of the reply that the task's last poll got; NULL when it got none. */
static const char *reply_name(const struct mock_task *task)
{
    if (!task->over)
        return task->scenario->steps[task->step].reply->name;
    return task->scenario->end == END_GONE ? "error.not_found" : NULL;
}

static bool write_task(const struct mock_task *task, void *arg)
{
    struct list *list = arg;
    struct json_writer *w = &list->w;
    if (list_is_full(list))
        return false;
    list->left--;
    list->last = task->number;
    json_write_open(w, '{');
    json_member_text(w, "upstream", task->upstream->name);
    json_member_text(w, "scenario", task->scenario->name);
    key_span(w, "session", span_of(task->session));
    json_member_text(w, "id", task->id);
    json_member_int(w, "step", task->step);
    json_member_bool(w, "over", task->over);
    json_member_text(w, "reply", reply_name(task));
    json_member_text(w, "state", reply_state_name(task->state));
    json_member_int(w, "step_polls", task->step_polls);
    json_member_int(w, "polls", (int64_t)task->polls);
    json_member_int(w, "created", task->created_ms);
    json_member_int(w, "entered", task->entered_ms);
    json_member_int(w, "last", task->last_ms);
    json_write_close(w, '}');
    return true;
}

static int page_tasks(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct list list;
    int code = list_init(&list, call, e);
    if (code)
        return code;
    struct task_filter filter = {.upstream = param_or_null(call, "upstream"),
                                 .id = param_or_null(call, "task"),
                                 .since = list.last};
    json_write_init(&list.w, out, false);
    json_write_open(&list.w, '{');
    json_write_key(&list.w, "tasks");
    json_write_open(&list.w, '[');
    mock_tasks(call->admin->mock, &filter, write_task, &list);
    json_write_close(&list.w, ']');
    json_member_int(&list.w, "evicted", (int64_t)mock_tasks_evicted(call->admin->mock));
    json_member_bool(&list.w, "complete", !list.full && mock_tasks_evicted(call->admin->mock) == 0);
    write_next(&list);
    json_write_close(&list.w, '}');
    return 0;
}

static void write_flags(struct json_writer *w, unsigned flags)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        {JOURNAL_UNEXPECTED, "unexpected"}, {JOURNAL_BAD_REQUEST, "bad_request"},
        {JOURNAL_BAD_AUTH, "bad_auth"},     {JOURNAL_NONCE_REUSED, "nonce_reused"},
        {JOURNAL_TERMINAL, "terminal"},     {JOURNAL_COMPLETE, "whole"},
    };
    json_write_key(w, "flags");
    json_write_open(w, '[');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (flags & names[i].flag)
            json_write_text(w, names[i].name);
    json_write_close(w, ']');
}

static void write_target(struct json_writer *w, struct span target)
{
    struct buf shown;
    buf_init(&shown, 16 * JOURNAL_TEXT_MAX);
    redact_target(&shown, target);
    key_span(w, "target", buf_span(&shown));
    buf_break_with(w->out, &shown);
    buf_fini(&shown);
}

static bool write_entry(const struct journal_entry *entry, void *arg)
{
    struct list *list = arg;
    struct json_writer *w = &list->w;
    if (list_is_full(list))
        return false;
    list->left--;
    list->last = entry->seq;
    json_write_open(w, '{');
    json_member_int(w, "seq", (int64_t)entry->seq);
    json_member_int(w, "began", entry->began_ms);
    json_member_int(w, "ended", entry->ended_ms);
    key_span(w, "method", entry->method);
    write_target(w, entry->target);
    key_span(w, "upstream", entry->upstream);
    key_span(w, "scenario", entry->scenario);
    key_span(w, "session", entry->session);
    key_span(w, "task", entry->task);
    json_member_int(w, "step", entry->step);
    json_member_bool(w, "over", entry->over);
    key_span(w, "reply", entry->reply);
    json_member_int(w, "status", entry->status);
    json_member_text(w, "state", reply_state_name(entry->state));
    json_member_int(w, "sent_bytes", (int64_t)entry->sent_bytes);
    if (entry->retry_after_ms >= 0)
        json_member_int(w, "retry_after_ms", entry->retry_after_ms);
    key_span(w, "faults", entry->faults);
    write_flags(w, entry->flags);
    key_span(w, "why", entry->why);
    json_write_close(w, '}');
    return true;
}

static void write_evicted(struct json_writer *w, bool evicted, uint64_t since, uint64_t to)
{
    json_write_key(w, "evicted");
    if (!evicted) {
        json_write_null(w);
        return;
    }
    json_write_open(w, '{');
    json_member_int(w, "from", (int64_t)since + 1);
    json_member_int(w, "to", (int64_t)to);
    json_write_close(w, '}');
}

static int page_journal(const struct admin_call *call, struct buf *out, struct err *e)
{
    struct journal *journal = mock_journal(call->admin->mock);
    struct list list;
    int code = list_init(&list, call, e);
    if (code)
        return code;
    struct journal_filter filter = {.upstream = span_of(param(call, "upstream")),
                                    .task = span_of(param(call, "task")),
                                    .since = list.last};
    json_write_init(&list.w, out, false);
    json_write_open(&list.w, '{');
    json_write_key(&list.w, "entries");
    json_write_open(&list.w, '[');
    bool kept = journal_each(journal, &filter, write_entry, &list);
    json_write_close(&list.w, ']');
    write_evicted(&list.w, !kept, filter.since, journal_evicted(journal));
    json_member_bool(&list.w, "complete", kept && !list.full);
    write_next(&list);
    json_write_close(&list.w, '}');
    return 0;
}

static int page_clock(const struct admin_call *call, struct buf *out, struct err *e)
{
    (void)e;
    admin_write_clock(call, call->now_ms, out);
    return 0;
}

static const struct admin_page pages[] = {
    {"GET", "/_mock/health", page_health,
     .gives = "version, the clock's time and kind, counts of upstreams, tasks, requests"},
    {"GET", "/_mock/upstreams", page_upstreams,
     .gives = "name, title, hosts, routes, counts of replies and scenarios"},
    {"GET", "/_mock/scenarios", page_scenarios, .params = {"upstream"},
     .gives = "name, title, `tasks`, number of steps, expected outcome"},
    {"GET", "/_mock/tasks", page_tasks, .params = {"task", "upstream", "since", "limit"},
     .gives = "where each task stands: scenario, session, step, whether it is `over` (past the "
              "last step: gone or dropped), reply, state, polls, times; in the order of creation"},
    {"GET", "/_mock/journal", page_journal, .params = {"task", "upstream", "since", "limit"},
     .gives = "each request with its answer, faults, flags and why"},
    {"GET", "/_mock/clock", page_clock, .gives = "kind, time, speed"},
    {"POST", "/_mock/clock", admin_move_clock,
     .body =
         "`{\"advance\": \"30s\"}`, `{\"advance_ms\": 30000}`, or `{\"to\": \"next\"}` with any of "
         "`task`, `upstream`, `session`",
     .gives = "moves a manual or auto clock, and shows it: by a duration, or to the next change; "
              "409 for any other clock, and when time changes nothing; 400 for a body that does "
              "not say how far"},
    {"POST", "/_mock/reset", admin_reset,
     .body = "nothing, or any of `{\"task\": \"t-1\", \"upstream\": \"doubao\", \"session\": "
             "\"ci-42\"}`",
     .gives = "forgets tasks, journal and nonces; with a body only the tasks that have all it "
              "says, and tells how many; 400 for any other key"},
    {0},
};

const struct admin_page *admin_pages(void)
{
    return pages;
}
