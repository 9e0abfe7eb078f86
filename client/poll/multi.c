/* Many waits in one thread: each host has a queue by due time and a number of busy connections. */
#include "multi.h"

#include "base/grow.h"
#include "client/http/cancel.h"
#include "poll.h"
#include "client/http/pool.h"
#include "client/decode/view.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 8, IDLE_MS = 3600000 };

typedef void task_done(const struct task_result *result, void *arg);

struct host;

struct waiting {
    struct task_poll poll;
    struct host *host;
    uint64_t number; /* of two that are due at once the older goes first */
    task_done *done;
    void *arg;
    struct waiting *next; /* of all */
    struct waiting *previous;
};

struct host {
    char *name; /* "https://example.com:8443" */
    uint32_t busy;
    struct waiting **queue; /* a binary heap by goes_before: queue[0] is due first */
    size_t length;
    size_t room;  /* of queue, for all tasks of the host: putting one back needs no memory */
    size_t tasks; /* queued and busy */
    struct host *next;
};

struct task_multi {
    uint32_t connections;
    const struct task_cancel *cancel;
    struct clock *clock;
    struct pool *pool;
    struct host *hosts;
    struct waiting *all;
    uint64_t added;
};

/* -- The queue of a host ----------------------------------------------------------------------- */

static bool goes_before(const struct waiting *a, const struct waiting *b)
{
    return a->poll.due_ms != b->poll.due_ms ? a->poll.due_ms < b->poll.due_ms
                                            : a->number < b->number;
}

static void swap(struct waiting **a, struct waiting **b)
{
    struct waiting *kept = *a;
    *a = *b;
    *b = kept;
}

static void put(struct host *h, struct waiting *w)
{
    size_t at = h->length++;
    h->queue[at] = w;
    for (; at > 0 && goes_before(h->queue[at], h->queue[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&h->queue[at], &h->queue[(at - 1) / 2]);
}

static struct waiting *take_first(struct host *h)
{
    struct waiting *first = h->queue[0];
    h->queue[0] = h->queue[--h->length];
    for (size_t at = 0, child = 1; child < h->length; at = child, child = 2 * at + 1) {
        if (child + 1 < h->length && goes_before(h->queue[child + 1], h->queue[child]))
            child++;
        if (!goes_before(h->queue[child], h->queue[at]))
            break;
        swap(&h->queue[child], &h->queue[at]);
    }
    return first;
}

static int make_room(struct host *h, struct err *e)
{
    struct waiting **queue = grow(h->queue, h->tasks, &h->room, sizeof(struct waiting *), SIZE_MAX);
    if (!queue)
        return err_set(e, ERR_MEMORY, NULL, "out of memory for %zu tasks", h->tasks + 1);
    h->queue = queue;
    return 0;
}

/* base_url has been checked: "http://name:port/...". NULL when memory ran out. */
static struct host *find_host(struct task_multi *m, const char *base_url)
{
    size_t scheme = strcspn(base_url, "/") + strlen("//");
    size_t n = scheme + strcspn(base_url + scheme, "/");
    for (struct host *h = m->hosts; h; h = h->next)
        if (strlen(h->name) == n && strncmp(h->name, base_url, n) == 0)
            return h;
    struct host *h = calloc(1, sizeof *h);
    char *name = strndup(base_url, n);
    if (!h || !name) {
        free(h);
        free(name);
        return NULL;
    }
    *h = (struct host){.name = name, .next = m->hosts};
    m->hosts = h;
    return h;
}

/* -- Adding, and being done -------------------------------------------------------------------- */

static void forget(struct task_multi *m, struct waiting *w)
{
    if (w->previous)
        w->previous->next = w->next;
    else
        m->all = w->next;
    if (w->next)
        w->next->previous = w->previous;
    w->host->tasks--;
    poll_close(&w->poll);
    free(w);
}

/* Calls done last, when m no longer knows the task: done may add new tasks. */
static void finish(struct task_multi *m, struct waiting *w)
{
    struct task_result result;
    task_done *done = w->done;
    void *arg = w->arg;
    poll_result(&w->poll, &result);
    forget(m, w);
    done(&result, arg);
}

/* Called when a task is neither queued nor busy: finishes it when its wait is over, else puts it
 * back into its host's queue. */
static void queue_or_finish(struct task_multi *m, struct waiting *w)
{
    if (w->poll.over)
        finish(m, w);
    else
        put(w->host, w);
}

static int add(struct task_multi *m, const struct task_options *o, task_done *done, void *arg,
               struct err *e)
{
    struct waiting *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MEMORY, NULL, "out of memory for a task");
    int code = poll_open(&w->poll, o, clock_now(m->clock), e);
    if (code) {
        free(w);
        return code;
    }
    w->host = find_host(m, o->base_url);
    code = !w->host ? err_set(e, ERR_MEMORY, NULL, "out of memory for a host")
                    : make_room(w->host, e);
    if (code) {
        poll_close(&w->poll);
        free(w);
        return code;
    }
    w->done = done;
    w->arg = arg;
    w->number = m->added++;
    w->next = m->all;
    if (m->all)
        m->all->previous = w;
    m->all = w;
    w->host->tasks++;
    put(w->host, w);
    return 0;
}

int task_multi_add(struct task_multi *m, const struct task_options *options, task_done *done,
                   void *arg, struct task_failure *f)
{
    struct err e;
    return add(m, options, done, arg, &e) == 0 ? 0 : failure_from_err(f, &e);
}

/* -- Running ----------------------------------------------------------------------------------- */

static void ask(struct task_multi *m, struct waiting *w)
{
    const struct http_request *request;
    struct err e = {0};
    int code = poll_ask(&w->poll, clock_now(m->clock), &request, &e);
    if (!code)
        code = pool_start(m->pool, request, w, &e);
    if (code) { /* lack of memory may pass, so it counts as one more transient failure */
        poll_lost(&w->poll, clock_now(m->clock), &e);
        queue_or_finish(m, w);
        return;
    }
    w->host->busy++;
}

/* Starts the exchanges that are due, as far as their hosts have connections left. Returns for
 * how many milliseconds nothing else becomes due, at most IDLE_MS. */
static int64_t ask_due(struct task_multi *m)
{
    int64_t idle_ms = IDLE_MS;
    for (struct host *h = m->hosts; h; h = h->next) {
        while (h->busy < m->connections && h->length > 0) {
            int64_t ms = h->queue[0]->poll.due_ms - clock_now(m->clock);
            if (ms > 0) {
                idle_ms = ms < idle_ms ? ms : idle_ms;
                break;
            }
            ask(m, take_first(h));
        }
    }
    return idle_ms;
}

/* An exchange has ended, one way or another: its task decides what follows. */
static void on_exchange_end(struct task_multi *m, const struct pool_end *end)
{
    struct waiting *w = end->owner;
    int64_t now_ms = clock_now(m->clock);
    struct err e = end->e;
    int code = end->code;

    w->host->busy--;
    if (!code) {
        struct poll_answer answer = poll_answer_of(end->reply);
        code = poll_reply(&w->poll, now_ms, &answer, &e);
    }
    if (code == ERR_CANCELLED)
        poll_cancel(&w->poll, now_ms);
    else if (code)
        poll_lost(&w->poll, now_ms, &e);
    queue_or_finish(m, w);
}

/* Cancels the tasks that wait in a queue. Busy ones end when their exchange
 * reports ERR_CANCELLED. */
static void cancel_queued(struct task_multi *m)
{
    for (struct host *h = m->hosts; h; h = h->next) {
        while (h->length > 0) {
            struct waiting *w = take_first(h);
            poll_cancel(&w->poll, clock_now(m->clock));
            finish(m, w);
        }
    }
}

static int run(struct task_multi *m, struct err *e)
{
    while (m->all) {
        struct pool_end end;
        if (m->cancel && cancel_is_set(m->cancel))
            cancel_queued(m);
        int64_t idle_ms = ask_due(m);
        int code = m->all ? pool_next(m->pool, idle_ms, &end, e) : 0;
        if (code)
            return code;
        if (m->all && end.owner)
            on_exchange_end(m, &end);
    }
    return 0;
}

int task_multi_run(struct task_multi *m, struct task_failure *f)
{
    struct err e;
    return run(m, &e) == 0 ? 0 : failure_from_err(f, &e);
}

int multi_open(const struct task_multi_options *options, struct clock *clock,
               struct task_multi **out, struct err *e)
{
    struct task_multi *m = calloc(1, sizeof *m);
    *out = NULL;
    if (!m)
        return err_set(e, ERR_MEMORY, NULL, "out of memory for many waits");
    m->connections = options->connections > 0 ? options->connections : CONNECTIONS;
    m->cancel = options->cancel;
    m->clock = clock ? clock : clock_real();
    int code = pool_open(m->clock, options->ca_file, m->cancel, &m->pool, e);
    if (code) {
        free(m);
        return code;
    }
    *out = m;
    return 0;
}

int task_multi_open(const struct task_multi_options *options, struct task_multi **out,
                    struct task_failure *f)
{
    struct err e;
    return multi_open(options, NULL, out, &e) == 0 ? 0 : failure_from_err(f, &e);
}

void task_multi_close(struct task_multi *m)
{
    if (!m)
        return;
    pool_close(m->pool); /* first: exchanges under way still use the tasks' requests */
    while (m->all)
        forget(m, m->all);
    while (m->hosts) {
        struct host *h = m->hosts;
        m->hosts = h->next;
        free(h->queue);
        free(h->name);
        free(h);
    }
    free(m);
}
