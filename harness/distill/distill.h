/* Distilling: one task's recording becomes replies and one scenario; equal replies in a row
 * become one step. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_H

#include "base/err.h"
#include "har_read.h"

#include <stdbool.h>
#include <stdint.h>

struct distill_options {
    const char *dir;  /* the upstream's folder; openapi.json must be in it */
    const char *name; /* of the scenario; replies are called <name>.<state> */
    const char *task; /* the one to take when the recording holds several; NULL: it must hold one */
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
 * today), and <dir>/scenarios/<name>.json. Two answers are the same reply when they differ in
 * stamped values only. A file that is there with other bytes is ERR_FILE, never overwritten.
 * ERR_USAGE: the name is none, the recording holds several tasks, the folder is no upstream's, or the
 * recording is of an upstream beside it, whose name it tells; ERR_NOT_FOUND: no poll of
 * the task; ERR_LIMIT beyond DISTILL_REPLIES_MAX or SCENARIO_STEPS_MAX; and the errors of
 * contract and replies. Files that were written before an error stay. options and recording are
 * lent for the call. One thread. */
int distill(const struct recording *recording, const struct distill_options *options,
            struct distilled *out, struct err *e);

#endif
