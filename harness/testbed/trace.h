/* Traces: the polls of one run, and what else it asked of its tasks, in the order in which the mock's journal
 * has them. What rules judge.
 *
 * Times are Unix milliseconds on the mock's clock. */
#ifndef UNDERSTUDY_HARNESS_TESTBED_TRACE_H
#define UNDERSTUDY_HARNESS_TESTBED_TRACE_H

#include "base/err.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/decide/journal.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRACE_POLLS_MAX = 1000000 };

/* One request and its answer, in the order they were matched. */
struct poll {
    int64_t began_ms; /* on the mock's clock */
    int64_t ended_ms; /* when the end of the answer was handed over; began_ms when nothing was */
    int64_t retry_after_ms;    /* from ended_ms on; -1 when the reply asked for nothing */
    const struct reply *reply; /* NULL when the mock answered for itself or not at all */
    enum reply_state state;
    uint32_t step; /* of the scenario; the last one when over */
    bool over;     /* the task was past its last step: gone or dropped */
    uint16_t status;
    uint16_t flags;  /* enum journal_flag */
    bool ended;      /* false: its answer was under way when the journal was read */
    bool other_task; /* it asked for another id than it was given */
    uint32_t
        task; /* the task that the run created and it asks for, from 1 (trace_task); 0: none of them */
    bool outside; /* it asked for the task, but not under the base URL that it was given */
    char *why;    /* what was wrong with the request; NULL: nothing */
    char *
        asked; /* "GET /path?query" of a request outside, and of one that found no route; else NULL */
};

/* A request to create a task, for the content of one or to cancel one, and its answer. */
struct task_call {
    enum contract_role role;
    int64_t began_ms, ended_ms; /* as a poll's */
    int64_t retry_after_ms;     /* from ended_ms on; -1 when the reply asked for nothing */
    const struct reply *reply;  /* NULL when the mock answered for itself or not at all */
    uint16_t status;            /* 0: not a byte was sent */
    uint16_t flags;             /* enum journal_flag */
    bool ended;
    char *task; /* its id: of a request to create that of the task that was made; "": none */
    char *why;  /* what was wrong with the request; NULL: nothing */
};

struct trace {
    struct poll *polls;
    uint32_t count;
    size_t room;
    struct task_call *calls;
    uint32_t call_count;
    size_t call_room;
    /* A part is missing. What is here came just so, one after the other; but the run may have begun
     * before the first of these polls, or gone on after the last. */
    bool evicted;
};

/* What a run's client was given: its polls carry the session in their path and should ask for the task
 * id, or for one of those that it created. All lent for the call. */
struct trace_of {
    const struct upstream *upstream; /* lends the replies */
    const char *session;
    const char *task_id;
    bool owns_task; /* no other run has that id: who asks for it elsewhere belongs to this run */
};

/* Collects what the journal holds of one session, and of its task outside of it. ERR_LIMIT beyond TRACE_POLLS_MAX polls, or as many calls, ERR_MEMORY:
 * *out is all zero. Free with trace_fini. Thread safe: the journal may be written to meanwhile. */
int trace_read(struct journal *journal, const struct trace_of *of, struct trace *out,
               struct err *e);
/* The same of the entries after number `since` alone: it does not matter that older ones are gone. */
int trace_read_since(struct journal *journal, uint64_t since, const struct trace_of *of,
                     struct trace *out, struct err *e);
void trace_fini(struct trace *s);

/* The faults of a poll's step as text ("delay 300 ms"), "" when it has none. Returns out. */
const char *trace_faults(const struct scenario *scenario, const struct poll *poll, char *out,
                         size_t out_size);

/* The call that made task number `task` (poll.task); NULL: there is none. */
const struct task_call *trace_task(const struct trace *s, uint32_t task);
bool call_was_complete(const struct task_call *call); /* as poll_was_complete */

/* True when every byte of the answer was handed over and the connection was left in order. */
bool poll_was_complete(const struct poll *poll);

#endif
