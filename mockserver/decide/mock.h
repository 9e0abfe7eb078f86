/* The mock: mock_answer decides, a transport plays, mock_played records how it went.
 *
 * A function of its inputs and the mock's state: no socket, no clock, no sleep. Thread safe: one lock
 * around positions; a step is taken under it, so parallel polls of one task never see the same poll
 * twice. State moves when a request is matched, not when the reply has been sent. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H

#include "base/err.h"
#include "journal.h"
#include "mockserver/auth/auth.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/message.h"
#include "mockserver/plan/plan.h"
#include "task.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mock_options {
    const char *default_upstream; /* NULL: none */
    struct auth_options auth;
    bool strict;          /* an id that no scenario claims is unexpected: error.not_found */
    uint64_t seed;        /* of faults and stamps */
    size_t journal_bytes; /* 0: JOURNAL_BYTES_DEFAULT */
    uint32_t tasks_max;   /* 0: MOCK_TASKS_MAX */
    const char *assets;   /* lent: the address (assets.h) that URLs in the replies to a session
                                     are moved to; NULL: URLs are the recorded ones */
};

struct mock;

/* fixtures are lent and must outlive the mock. */
int mock_open(const struct fixtures *fixtures, const struct mock_options *options,
              struct mock **out, struct err *e);
void mock_close(struct mock *m);

/* Decides the answer to one request, which has been opened (message_open), at now_ms (Unix milliseconds on the
 * mock's clock). Always makes a plan (at worst: close without a byte). Resets *plan first. */
void mock_answer(struct mock *m, const struct message *request, int64_t now_ms, struct plan *plan);

/* The transport has played the plan: sent_bytes of it, whole or not. */
void mock_played(struct mock *m, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                 bool complete);

void mock_tasks(struct mock *m, mock_task_visit *visit, void *arg); /* oldest first */
size_t mock_task_count(struct mock *m);
uint64_t mock_tasks_evicted(struct mock *m);

/* Forgets all tasks and empties the journal. */
void mock_reset(struct mock *m);

const struct fixtures *mock_fixtures(const struct mock *m);
struct journal *mock_journal(struct mock *m);

#endif
