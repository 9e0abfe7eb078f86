/* Faults: named rewrites of a plan, such as "delay" or "truncate".
 *
 * Each is one row of the table in fault.c. Scenarios are read, their JSON schema and docs are
 * generated and the simulation predicts by that table. mock.c applies a step's faults in order,
 * each to what the one before left, after those that change the bytes. They change a plan, never a socket, so any transport plays
 * them. No state: any thread may call. */
#ifndef UNDERSTUDY_MOCKSERVER_PLAN_FAULT_H
#define UNDERSTUDY_MOCKSERVER_PLAN_FAULT_H

#include "base/err.h"
#include "base/json/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;

enum { FAULT_EVERY_MAX = 60000 }; /* milliseconds */

/* A fault as a scenario's step carries it: a row of the table and its parameter. */
struct fault {
    const struct fault_type *type;
    uint32_t
        value; /* milliseconds, bytes or a status, within the type's range; 0 when it takes none */
    uint32_t every_ms; /* FAULT_RATE: how long between so many bytes; else 0 */
};

/* What the parameter is. */
enum fault_kind {
    FAULT_FLAG,   /* true */
    FAULT_TIME,   /* a duration: "300ms" */
    FAULT_BYTES,  /* a number */
    FAULT_STATUS, /* 100, 102 or 103 */
    FAULT_RATE    /* {"bytes": 16, "every": "1s"} */
};

/* What a client sees of an answer under a fault, as data. The simulation predicts by it and does
 * not call the rewrite: a mistake in either shows as a difference between them. */
enum fault_effect {
    FAULT_NOTHING,    /* the whole answer, written in another way */
    FAULT_LATE,       /* the whole answer, `value` milliseconds later */
    FAULT_LATE_UP_TO, /* the whole answer, by chance up to `value` milliseconds later */
    FAULT_DRIPS, /* the whole answer; after each `value` bytes of its body but the last it waits for every_ms */
    FAULT_STALLS,   /* the head and `value` bytes of the body, then nothing for an hour */
    FAULT_BODY_CUT, /* the head and `value` bytes of the body, then the connection ends */
    FAULT_LOST,     /* something, but no whole answer: the connection ends */
    FAULT_SILENCE   /* no byte at all: the connection ends */
};

typedef bool fault_rewrite(struct plan *p, const struct fault *f, uint64_t seed);

struct fault_type {
    const char *name;
    fault_rewrite *rewrite;
    enum fault_kind kind;
    uint32_t min, max; /* of the parameter, or of its bytes */
    bool
        of_bytes; /* it changes what the bytes are: applied before those that decide how they are sent */
    enum fault_effect effect;
    const char *sees; /* what the client sees, for the documents */
};

/* Rows, ended by one whose name is NULL. */
const struct fault_type *fault_types(void);

/* Reads {"delay": "300ms"}: exactly one key. ERR_CONTRACT, with the nearest name or the range,
 * for anything else; e->where is a JSON Pointer into v. */
int fault_parse(const struct json *v, struct fault *out, struct err *e);

/* By how many milliseconds the faults hold up an answer. */
int64_t fault_delay_ms(const struct fault *faults, uint32_t count);

/* Writes "delay 300ms" or "drip 16 every 1000ms" (after ", " when not the first) into out, cut to fit. Returns its length. */
size_t fault_text(const struct fault *f, char *out, size_t out_size, bool comma);

/* Rewrites the plan by one after the other, those of the bytes first. seed: for faults that choose at random. False when an act
 * did not fit: plan->broken is then set, and playing it closes the connection. */
bool faults_apply(const struct fault *faults, uint32_t count, struct plan *p, uint64_t seed);

#endif
