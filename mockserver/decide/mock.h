/* The mock: mock_answer decides, a transport plays, mock_played records how it went.
 *
 * A function of its inputs and the mock's state: no socket, no clock, no sleep. Thread safe: one lock
 * around positions; a step is taken under it, so parallel polls of one task never see the same poll
 * twice. State moves when a request is matched, not when the reply has been sent. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H

#include "base/err.h"
#include "base/span.h"
#include "mockserver/fixture/fixtures.h"
#include "journal.h"
#include "mockserver/plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MOCK_HEADERS_MAX = 64,
    MOCK_BODY_MAX = 1 << 20,
    MOCK_TASK_ID_MAX = 256,
    MOCK_TASKS_MAX = 100000
};

/* ZEGO's published test secret and the AppId of its signing example [doc]. */
#define MOCK_ZEGO_SECRET "9193cc662a4c0ec135ec71fb57194b38"

struct mock_options {
    const char *default_upstream; /* NULL: none */
    const char *token;            /* the one bearer token accepted; NULL: any well-formed one */
    const char *secret;           /* ZEGO ServerSecret; NULL: MOCK_ZEGO_SECRET */
    bool no_auth;                 /* accept requests without credentials too */
    bool strict;                  /* an id that no scenario claims is unexpected: error.not_found */
    uint64_t seed;                /* of faults and stamps */
    size_t journal_bytes;         /* 0: JOURNAL_BYTES_DEFAULT */
    uint32_t tasks_max;           /* 0: MOCK_TASKS_MAX */
    const char *assets; /* lent: the address (assets.h) that URLs in the replies to a session
                                     are moved to; NULL: URLs are the recorded ones */
};

struct mock_header {
    struct span name;
    struct span value;
};

struct mock_request {
    struct span method; /* "GET" */
    struct span target; /* as on the request line, still encoded: path and query */
    struct span body;
    const struct mock_header *headers;
    size_t header_count;
    /* Unix milliseconds on the sender's clock, when that is not the mock's; else 0. Its timestamp is
     * measured by it, and dates in the reply's head are on it. */
    int64_t client_ms;
};

struct mock;

/* fixtures are lent and must outlive the mock. */
int mock_open(const struct fixtures *fixtures, const struct mock_options *options,
              struct mock **out, struct err *e);
void mock_close(struct mock *m);

/* Decides the answer to one request at now_ms (Unix milliseconds on the mock's clock). Always makes a
 * plan (at worst: close without a byte). Resets *plan first. */
void mock_answer(struct mock *m, const struct mock_request *request, int64_t now_ms,
                 struct plan *plan);

/* The transport has played the plan: sent_bytes of it, whole or not. */
void mock_played(struct mock *m, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                 bool complete);

/* Where a task stands. */
struct mock_task {
    const struct upstream *upstream;
    const struct scenario *scenario;
    char session[101];
    char id[MOCK_TASK_ID_MAX];
    uint32_t step;       /* of the last answer */
    uint32_t step_polls; /* answers given in that step */
    uint64_t polls;
    int64_t created_ms; /* first poll */
    int64_t entered_ms; /* the step */
    int64_t last_ms;    /* last poll */
    enum reply_state state;
};
typedef bool mock_task_visit(const struct mock_task *task, void *arg);
void mock_tasks(struct mock *m, mock_task_visit *visit, void *arg); /* oldest first */
size_t mock_task_count(struct mock *m);
uint64_t mock_tasks_evicted(struct mock *m);

/* Forgets all tasks and empties the journal. */
void mock_reset(struct mock *m);

const struct fixtures *mock_fixtures(const struct mock *m);
struct journal *mock_journal(struct mock *m);

#endif
