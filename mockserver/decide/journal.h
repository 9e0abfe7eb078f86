/* The journal: what happened, in order, with times. Bounded; what was evicted is named. Thread safe. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_JOURNAL_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_JOURNAL_H

#include "base/err.h"
#include "base/span.h"
#include "mockserver/fixture/contract.h"
#include "mockserver/fixture/reply.h"

#include <stdbool.h>
#include <stdint.h>

enum { JOURNAL_BYTES_DEFAULT = 64 << 20, JOURNAL_TEXT_MAX = 512 };

enum journal_flag {
    JOURNAL_UNEXPECTED = 1,   /* no route, no scenario: nothing was answered by accident */
    JOURNAL_BAD_REQUEST = 2,  /* a parameter or the body does not satisfy the contract */
    JOURNAL_BAD_AUTH = 4,     /* credentials missing or wrong */
    JOURNAL_NONCE_REUSED = 8, /* ZEGO: this nonce was seen before */
    JOURNAL_TERMINAL = 16,    /* the reply says succeeded or failed under the scenario's goal */
    JOURNAL_COMPLETE = 32     /* every byte of the answer was handed to the transport */
};

/* One request and its answer. Spans are valid as long as the call that lent them. */
struct journal_entry {
    uint64_t seq;           /* from 1 */
    int64_t began_ms;       /* the request was matched */
    int64_t ended_ms;       /* the last byte was handed over; 0 while under way */
    int64_t retry_after_ms; /* asked for by this reply, a date's from began_ms on; -1 when not */
    uint64_t sent_bytes;
    uint32_t step;           /* from 0; meaningful when scenario is not empty */
    bool over;               /* the task was past its last step, which `step` is then */
    enum contract_role role; /* of the operation asked for; ROLE_NONE when no route was found */
    uint16_t status;         /* 0 when nothing was sent */
    uint16_t flags;          /* enum journal_flag */
    enum reply_state state;
    struct span upstream, scenario, session, task; /* empty when not known */
    struct span reply;                             /* its name */
    struct span method, target;
    struct span faults; /* "delay 300ms, truncate 20"; empty when none */
    struct span why; /* unexpected, bad request, bad auth: what differed, with nearest candidates */
};

struct journal;

int journal_open(size_t bytes_max, struct journal **out, struct err *e);
void journal_close(struct journal *j);

/* Appends a copy (seq is given here; texts longer than JOURNAL_TEXT_MAX are cut). Returns seq, or 0 when
 * memory ran out. Evicts the oldest entries when full. */
uint64_t journal_add(struct journal *j, const struct journal_entry *entry);

/* Completes entry seq, unless it was evicted. Its status becomes 0 when not a byte was sent. */
void journal_end(struct journal *j, uint64_t seq, int64_t ended_ms, uint64_t sent_bytes,
                 bool complete);

struct journal_filter {
    struct span upstream, scenario, session, task; /* empty: any */
    uint64_t since;                                /* entries with seq > since */
};

/* Calls visit for each matching entry in order until it returns false; the journal is locked
 * meanwhile. Returns false when entries after `since` have been evicted: the answer is then
 * inconclusive. */
typedef bool journal_visit(const struct journal_entry *entry, void *arg);
bool journal_each(struct journal *j, const struct journal_filter *filter, journal_visit *visit,
                  void *arg);

uint64_t journal_last(struct journal *j);    /* seq of the newest entry ever, 0 when none */
uint64_t journal_evicted(struct journal *j); /* entries 1..N were evicted; 0 after a reset */
void journal_reset(struct journal *j);       /* forgets everything; seq goes on */

#endif
