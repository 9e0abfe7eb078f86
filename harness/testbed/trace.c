/* Reads the polls of one run out of the mock's journal. */
#include "trace.h"

#include "base/grow.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const struct trace_of *of;
    struct trace *trace;
    enum err_code failed;
};

static bool make_call_room(struct trace *s)
{
    struct task_call *calls = grow(s->calls, s->call_count, &s->call_room, sizeof *calls,
                                   TRACE_POLLS_MAX);
    if (!calls)
        return false;
    s->calls = calls;
    return true;
}

static bool make_room(struct trace *s)
{
    struct poll *polls = grow(s->polls, s->count, &s->room, sizeof *polls, TRACE_POLLS_MAX);
    if (!polls)
        return false;
    s->polls = polls;
    return true;
}

/* The reply of that name. Most polls are answered like the one before, which saves the look-up. */
static const struct reply *reply_of(const struct reading *r, struct span name)
{
    char text[REPLY_NAME_MAX];
    const struct reply *last = r->trace->count > 0 ? r->trace->polls[r->trace->count - 1].reply
                                                   : NULL;
    if (last && span_is(name, last->name))
        return last;
    return span_copy(name, text, sizeof text) ? upstream_reply(r->of->upstream, text) : NULL;
}

/* Whether a request's target names the id, as a whole word. */
static bool names(struct span target, const char *id)
{
    size_t n = strlen(id);
    for (size_t at = 0; n > 0 && at + n <= target.n; at++) {
        const char *found = memmem(target.p + at, target.n - at, id, n);
        if (!found)
            return false;
        at = (size_t)(found - target.p);
        unsigned char next = at + n < target.n ? (unsigned char)found[n] : '/';
        if (next == '/' || next == '?' || next == '&' || next == '#')
            return true;
    }
    return false;
}

/* Under its own base URL, or for its own task elsewhere. */
static bool belongs(const struct journal_entry *entry, const struct trace_of *of)
{
    return span_is(entry->session, of->session)
        || (of->owns_task
            && (span_is(entry->task, of->task_id) || names(entry->target, of->task_id)));
}

/* How long the reply's Retry-After asks to wait, from the end of the reply. Seconds count from
 * there anyway. A date was made when the request came and stays the same moment when the reply
 * is late, so the time that the reply took is subtracted. */
static int64_t asked_ms(const struct journal_entry *entry, const struct reply *reply,
                        int64_t ended_ms)
{
    if (entry->retry_after_ms < 0 || !reply || reply->retry_date_at == 0)
        return entry->retry_after_ms;
    int64_t until_ms = entry->began_ms + entry->retry_after_ms;
    return until_ms > ended_ms ? until_ms - ended_ms : 0;
}

/* -- Calls ------------------------------------------------------------------------------------- */

static bool is_call(const struct journal_entry *entry)
{
    return entry->role == ROLE_CREATE || entry->role == ROLE_CONTENT || entry->role == ROLE_CANCEL;
}

static bool fail(struct reading *r, bool full)
{
    r->failed = full ? ERR_LIMIT : ERR_MEMORY;
    return false;
}

static bool take_call(struct reading *r, const struct journal_entry *entry)
{
    struct trace *s = r->trace;
    if (s->call_count == TRACE_POLLS_MAX || !make_call_room(s))
        return fail(r, s->call_count == TRACE_POLLS_MAX);
    int64_t ended_ms = entry->ended_ms != 0 ? entry->ended_ms : entry->began_ms;
    const struct reply *reply = entry->reply.n > 0 ? reply_of(r, entry->reply) : NULL;
    struct task_call *c = &s->calls[s->call_count++];
    *c = (struct task_call){.role = entry->role,
                            .began_ms = entry->began_ms,
                            .ended_ms = ended_ms,
                            .retry_after_ms = asked_ms(entry, reply, ended_ms),
                            .reply = reply,
                            .status = entry->status,
                            .flags = entry->flags,
                            .ended = entry->ended_ms != 0,
                            .task = strndup(entry->task.n > 0 ? entry->task.p : "", entry->task.n)};
    if (entry->why.n > 0)
        c->why = strndup(entry->why.p, entry->why.n);
    return (c->task && (entry->why.n == 0 || c->why)) || fail(r, false);
}

/* Which of the tasks made so far has that id, from 1; 0: none. */
static uint32_t task_number(const struct trace *s, struct span id)
{
    uint32_t made = 0;
    for (uint32_t i = 0; i < s->call_count; i++) {
        const struct task_call *c = &s->calls[i];
        if (c->role != ROLE_CREATE || c->task[0] == '\0')
            continue;
        made++;
        if (span_is(id, c->task))
            return made;
    }
    return 0;
}

const struct task_call *trace_task(const struct trace *s, uint32_t task)
{
    for (uint32_t i = 0; i < s->call_count; i++)
        if (s->calls[i].role == ROLE_CREATE && s->calls[i].task[0] != '\0' && --task == 0)
            return &s->calls[i];
    return NULL;
}

bool call_was_complete(const struct task_call *call)
{
    return (call->flags & JOURNAL_COMPLETE) != 0;
}

/* -- Polls ------------------------------------------------------------------------------------- */

/* Looking with HEAD is no poll, as are no calls; what found no route may have been meant as one. */
static bool is_poll(const struct journal_entry *entry)
{
    return entry->role == ROLE_POLL || entry->role == ROLE_NONE;
}

/* "GET /path?query"; NULL: no memory. */
static char *request_line(const struct journal_entry *entry)
{
    size_t size = entry->method.n + 1 + entry->target.n + 1;
    char *line = malloc(size);
    if (line)
        snprintf(line, size, "%.*s %.*s", (int)entry->method.n, entry->method.p,
                 (int)entry->target.n, entry->target.p);
    return line;
}

/* What a finding tells of the request itself. */
static bool take_texts(const struct journal_entry *entry, struct poll *p)
{
    bool strange = p->outside || (entry->flags & JOURNAL_UNEXPECTED) != 0;
    bool wrong = !p->outside && entry->why.n > 0;
    p->asked = strange ? request_line(entry) : NULL;
    p->why = wrong ? strndup(entry->why.p, entry->why.n) : NULL;
    return (p->asked || !strange) && (p->why || !wrong);
}

static bool take(const struct journal_entry *entry, void *arg)
{
    struct reading *r = arg;
    if (is_call(entry) && span_is(entry->session, r->of->session))
        return take_call(r, entry);
    if (!is_poll(entry) || !belongs(entry, r->of))
        return true;
    if (r->trace->count == TRACE_POLLS_MAX || !make_room(r->trace))
        return fail(r, r->trace->count == TRACE_POLLS_MAX);
    uint32_t task = task_number(r->trace, entry->task);
    const struct reply *reply = entry->reply.n > 0 ? reply_of(r, entry->reply) : NULL;
    struct poll *p = &r->trace->polls[r->trace->count++];
    *p = (struct poll){
        .began_ms = entry->began_ms,
        .ended_ms = entry->ended_ms != 0 ? entry->ended_ms : entry->began_ms,
        .reply = reply,
        .state = entry->state,
        .step = entry->step,
        .over = entry->over,
        .status = entry->status,
        .flags = entry->flags,
        .ended = entry->ended_ms != 0,
        .task = task,
        .other_task = entry->task.n > 0 && task == 0 && !span_is(entry->task, r->of->task_id),
        .outside = !span_is(entry->session, r->of->session),
    };
    if (p->outside) { /* what it got there are no steps of this scenario */
        p->step = 0;
        p->over = true;
    }
    p->retry_after_ms = asked_ms(entry, p->reply, p->ended_ms);
    if (take_texts(entry, p))
        return true;
    r->failed = ERR_MEMORY;
    return false;
}

int trace_read(struct journal *journal, const struct trace_of *of, struct trace *out, struct err *e)
{
    return trace_read_since(journal, 0, of, out, e);
}

int trace_read_since(struct journal *journal, uint64_t since, const struct trace_of *of,
                     struct trace *out, struct err *e)
{
    *out = (struct trace){0};
    struct reading r = {.of = of, .trace = out};
    struct journal_filter filter = {.since = since};
    out->evicted = !journal_each(journal, &filter, take, &r);
    if (r.failed == ERR_OK)
        return 0;
    trace_fini(out);
    if (r.failed == ERR_LIMIT)
        return err_set(e, ERR_LIMIT, NULL, "a run has more than %d polls", TRACE_POLLS_MAX);
    return err_set(e, ERR_MEMORY, NULL, "no memory for the story of a run");
}

static void free_texts(struct poll *p)
{
    free(p->why);
    free(p->asked);
}

void trace_fini(struct trace *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        free_texts(&s->polls[i]);
    for (uint32_t i = 0; i < s->call_count; i++) {
        free(s->calls[i].task);
        free(s->calls[i].why);
    }
    free(s->calls);
    free(s->polls);
    *s = (struct trace){0};
}

const char *trace_faults(const struct scenario *scenario, const struct poll *poll, char *out,
                         size_t out_size)
{
    struct buf b;
    buf_init(&b, out_size - 1);
    if (poll->reply && !poll->over) {
        const struct scenario_step *step = &scenario->steps[poll->step];
        for (uint32_t i = 0; i < step->fault_count; i++) {
            char fault[64];
            fault_text(&step->faults[i], fault, sizeof fault, i > 0);
            buf_add_text(&b, fault);
        }
    }
    span_copy(buf_span(&b), out, out_size);
    buf_fini(&b);
    return out;
}

bool poll_was_complete(const struct poll *poll)
{
    return (poll->flags & JOURNAL_COMPLETE) != 0;
}
