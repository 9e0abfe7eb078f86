/* Distilling: one task's recording becomes replies and one scenario; equal replies in a row
 * become one step. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_H

#include "base/err.h"
#include "distill_reply.h"
#include "har_read.h"

#include <stdbool.h>
#include <stdint.h>

struct distill_options {
    const char *dir;  /* the upstream's folder; openapi.json must be in it */
    const char *name; /* of the scenario; replies are called <name>.<state> */
    const char *task; /* the one to take when the recording holds several; NULL: it must hold one */
    struct distill_notes notes; /* hear what was left out or is not as it was recorded, by entry */
};

struct distilled {
    char task[256];
    char path[1024]; /* of the scenario */
    uint32_t polls;
    uint32_t replies;
    uint32_t steps;
    bool tells_no_state; /* of no answer the contract reads where the task stands */
};

/* Writes <dir>/replies/<name>.*.http with their .want.json (what the built-in decoder reads
 * today), and <dir>/scenarios/<name>.json: all of them or none, and only when the folder loads with them, if it loaded before.
 *
 * The polls of the task (distill_own.h) become steps in the order of their startedDateTime. Two answers are the same reply
 * when they differ in stamped values only; 304 is the answer before it again. A poll that got no answer is a step whose connection
 * ends without a byte; one whose answer broke off, a step that is cut after its head. Left out, and told: a poll that the client itself ended, that
 * a cache answered, and an answer below 200.
 *
 * A file that is there with other bytes is ERR_FILE, never overwritten; the error names a name that is free.
 * ERR_USAGE: the name is none, the recording holds several tasks, the folder is no upstream's, or the
 * recording is of an upstream beside it, whose name it tells; ERR_NOT_FOUND: no poll of
 * the task, or no answer to one; ERR_LIMIT beyond DISTILL_REPLIES_MAX or SCENARIO_STEPS_MAX; and the errors of
 * har_exchange.h, contract and replies. options and recording are lent for the call. One thread. */
int distill(const struct recording *recording, const struct distill_options *options,
            struct distilled *out, struct err *e);

#endif
