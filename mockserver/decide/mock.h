/* The mock: decides the answer to one request.
 *
 * A transport (wire/wire_mock.c, or the harness's direct calls) passes each request to
 * mock_answer, sends what the plan says, and reports with mock_played how much was sent. The
 * mock itself opens no socket, reads no clock and never waits: the same requests at the same
 * times give the same plans.
 *
 * Thread safe. The tasks' positions are under one lock, so each of several parallel polls of a
 * task counts once. A task advances when mock_answer is called, whether or not the reply then
 * arrives. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_MOCK_H

#include "base/err.h"
#include "journal.h"
#include "mockserver/auth/auth.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/hosts.h"
#include "mockserver/message/message.h"
#include "mockserver/plan/plan.h"
#include "task.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOCK_PACE_MS = 1000 };

struct mock_options {
    const char *default_upstream; /* NULL: none */
    struct auth_options auth;
    /* lent: what to look for in requests (journal.h): the token, and a secret that is for signing only. NULL: nothing. */
    const char *token, *secret;
    bool strict; /* an id that no scenario claims is unexpected: error.not_found */
    /* For a clock that moves by polls: a poll that would get what its task's last one got counts as
     * made the contract's interval (MOCK_PACE_MS where it states none) after the answer to that one.
     * The time is in plan.asked_ms: whoever owns the clock moves it there. */
    bool paced;
    uint64_t seed;        /* of faults and stamps */
    size_t journal_bytes; /* 0: JOURNAL_BYTES_DEFAULT */
    uint32_t tasks_max;   /* 0: MOCK_TASKS_MAX */
    /* lent: the names that an absolute target, or who asks for an admin page, may use */
    struct hosts hosts;
    /* Asked before a request goes into the journal, by any thread, with the session in its path: false
     * keeps it out. NULL: all are kept. */
    bool (*keeps)(void *arg, struct span session);
    void *keeps_arg;
    /* Told of each request that is refused, by the thread that asks, without a lock held. why: one line for people, cut
     * to fit, as it came from outside. NULL: nobody is told. */
    void (*refused)(void *arg, const struct message *request, int status, const char *why);
    void *refused_arg;
    const char *assets; /* lent: the address (assets.h) that URLs in the replies to a session
                                     are moved to; NULL: URLs are the recorded ones */
};

struct mock;

/* fixtures are lent and must outlive the mock; options are copied but for what is marked as
 * lent. ERR_NOT_FOUND when default_upstream names none, ERR_MEMORY, ERR_LIMIT. */
int mock_open(const struct fixtures *fixtures, const struct mock_options *options,
              struct mock **out, struct err *e);
void mock_close(struct mock *m);

/* Decides the answer to one request, which has been opened (message_open), at now_ms (Unix
 * milliseconds on the mock's clock), and adds it to the journal. Resets *plan first. Cannot
 * fail: out of memory the plan is a 503 or, at worst, closes the connection without a byte. */
void mock_answer(struct mock *m, const struct message *request, int64_t now_ms, struct plan *plan);

/* Call after the plan has been played, with the bytes of plan->answer that were sent, and
 * whether that was all: completes the journal's entry. */
void mock_played(struct mock *m, const struct plan *plan, int64_t now_ms, uint64_t sent_bytes,
                 bool complete);

/* tasks_each: oldest first. */
void mock_tasks(struct mock *m, const struct task_filter *filter, mock_task_visit *visit,
                void *arg);
/* tasks_next_change. */
bool mock_next_change(struct mock *m, const struct task_filter *filter, int64_t now_ms,
                      int64_t *at_ms);
size_t mock_task_count(struct mock *m);
uint64_t mock_tasks_evicted(struct mock *m);

/* Forgets all tasks, nonces and journal entries. */
void mock_reset(struct mock *m);
/* Forgets the tasks that are meant, which then start anew, and returns how many; journal and
 * nonces stay. */
size_t mock_forget(struct mock *m, const struct task_filter *filter);

const struct hosts *mock_hosts(const struct mock *m); /* the options' */
const struct fixtures *mock_fixtures(const struct mock *m);
struct journal *mock_journal(struct mock *m);

#endif
