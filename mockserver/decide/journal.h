/* The journal: every request and its answer, in the order in which they were decided.
 *
 * mock.c adds an entry when it has decided an answer and completes it when the answer has been
 * sent; the admin pages and the rules read it. Its memory is allocated once; when it is full the
 * oldest entries are evicted, and readers are told so. Times are Unix milliseconds on the mock's
 * clock. Thread safe: one lock. */
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
    JOURNAL_UNEXPECTED = 1,   /* no route or no scenario: the answer is an error */
    JOURNAL_BAD_REQUEST = 2,  /* a parameter or the body does not satisfy the contract */
    JOURNAL_BAD_AUTH = 4,     /* credentials missing or wrong */
    JOURNAL_NONCE_REUSED = 8, /* ZEGO: this nonce was seen before */
    JOURNAL_TERMINAL = 16,    /* the reply says succeeded or failed under the scenario's goal */
    JOURNAL_COMPLETE = 32,    /* every byte of the answer was handed to the transport */
    JOURNAL_RANGE = 64,       /* it asked for a part of the answer: it has a Range header */
    /* What of mock_options.secrets it shows. */
    JOURNAL_TOKEN_IN_URL = 128,
    JOURNAL_TOKEN_TWICE = 256, /* in more than one header */
    JOURNAL_SECRET_SENT = 512, /* what is for signing only, anywhere */
    JOURNAL_EARLY =
        1024 /* the content of a task that has not succeeded, or to cancel one that has ended */
};

/* One request and its answer. The spans of an entry given to journal_visit are valid during that
 * call only. */
struct journal_entry {
    uint64_t seq;           /* from 1 */
    int64_t began_ms;       /* the request was matched */
    int64_t ended_ms;       /* the last byte was handed over; 0 while under way */
    int64_t retry_after_ms; /* what Retry-After asks for, from began_ms on; -1 when nothing */
    uint64_t sent_bytes;
    uint32_t step;           /* from 0; meaningful when scenario is not empty */
    bool over;               /* the task was past its last step; `step` is that last one */
    enum contract_role role; /* of the operation asked for; ROLE_NONE when no route was found */
    uint16_t status;         /* 0 when nothing was sent */
    uint16_t flags;          /* enum journal_flag */
    enum reply_state state;
    struct span upstream, scenario, session,
        task;          /* empty when not known; task: of ROLE_CREATE the new id */
    struct span reply; /* its name */
    struct span method, target;
    struct span faults; /* "delay 300ms, truncate 20"; empty when none */
    struct span why;    /* of a refusal: one sentence, with the nearest candidates */
};

struct journal;

/* bytes_max: for all entries together. ERR_LIMIT when too few, ERR_MEMORY. */
int journal_open(size_t bytes_max, struct journal **out, struct err *e);
void journal_close(struct journal *j);

/* Appends a copy of *entry, texts longer than JOURNAL_TEXT_MAX cut. Returns the seq that it
 * gets; cannot fail, since it evicts the oldest entries when full. */
uint64_t journal_add(struct journal *j, const struct journal_entry *entry);

/* Fills in the end of entry seq, unless it is 0 or has been evicted. Its status becomes 0 when not
 * a byte was sent. */
void journal_end(struct journal *j, uint64_t seq, int64_t ended_ms, uint64_t sent_bytes,
                 bool complete);

struct journal_filter {
    struct span upstream, scenario, session, task; /* empty: any */
    uint64_t since;                                /* entries with seq > since */
};

/* Calls visit for each matching entry in order until it returns false. The journal is locked
 * meanwhile: visit must be quick and must not call the journal. Returns false when entries after
 * `since` have been evicted, so that what was visited may be incomplete. */
typedef bool journal_visit(const struct journal_entry *entry, void *arg);
bool journal_each(struct journal *j, const struct journal_filter *filter, journal_visit *visit,
                  void *arg);

uint64_t journal_last(struct journal *j);    /* seq of the newest entry ever, 0 when none */
uint64_t journal_evicted(struct journal *j); /* entries 1..N were evicted; 0 after a reset */
void journal_reset(struct journal *j);       /* forgets everything; seq goes on */

#endif
