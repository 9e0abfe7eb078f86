/* The thread that writes recordings: exchanges are handed to it when they are over, so that no client waits for a disk.
 *
 * It redacts each (redact.h), finds the file of its task (record_task.h) and syncs files when a task ends, a second after
 * something came, and at the end. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_RECORD_WRITER_H
#define UNDERSTUDY_MOCKSERVER_RECORD_RECORD_WRITER_H

#include "record_curl.h"
#include "record_job.h"
#include "record_log.h"
#include "redact.h"

#include "base/clock.h"
#include "mockserver/decide/route.h"
#include "mockserver/message/message.h"

enum { RECORD_SYNC_MS = 1000, RECORD_GATHER_MS = 20, RECORD_QUEUE_BYTES_MAX = 256 << 20 };

struct record_writer;

struct record_writer_options {
    const char *dir;
    const struct router *router; /* lent; NULL without fixtures */
    /* Called on the writer's thread when something could not be recorded; of a disk that is full or read-only once, until
     * it has taken something again. No word of a secret is in *e. */
    void (*report)(const struct err *e, void *arg);
    void *report_arg;
};

/* Opens the folder (record_log_open) and starts the thread. ERR_FILE, ERR_LIMIT, ERR_MEMORY. */
int record_writer_open(const struct record_writer_options *options, struct record_writer **out,
                       struct err *e);

/* Makes a secret known before the first exchange. ERR_MEMORY. */
int record_writer_learn(struct record_writer *w, struct span secret, struct err *e);

/* Hands an exchange over: what is lent is copied, fetched is moved and empty then. Thread safe, and does not wait for the
 * disk. upstream lives as long as the writer. target: path and query that were asked for at the real service. */
void record_writer_take(struct record_writer *w, const struct record_upstream *upstream,
                        const struct message *request, struct span target, struct fetched *fetched,
                        int64_t started_ms);

/* Waits until all that was handed over before is written, or cannot be. */
void record_writer_drain(struct record_writer *w);

/* How many exchanges could not be recorded so far; those that still wait for a disk are counted by record_writer_close. */
uint64_t record_writer_lost(struct record_writer *w);

/* Writes what there is, ends the thread and returns how many exchanges were not recorded. NULL is fine. */
uint64_t record_writer_close(struct record_writer *w);

#endif
