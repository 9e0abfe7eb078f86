/* Faults: named rewrites of a plan. One row a fault, in fault.c: scenarios, their schema, the documents and the
 * simulation all go by it. */
#ifndef UNDERSTUDY_MOCKSERVER_PLAN_FAULT_H
#define UNDERSTUDY_MOCKSERVER_PLAN_FAULT_H

#include "base/err.h"
#include "base/json/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan;

/* A fault as a scenario's step carries it: a row of the table and its parameter. */
struct fault {
    const struct fault_type *type;
    uint32_t value; /* milliseconds or bytes, within the type's range; 0 when it takes none */
};

/* What comes of an answer under a fault, as plain data. The simulation foretells by it, and never calls the rewrite:
 * the two are told apart from each other so that each can be found wrong by the other. */
enum fault_effect {
    FAULT_LATE,     /* all of it, so many milliseconds later */
    FAULT_BODY_CUT, /* the head and so many bytes of the body, then the connection ends */
    FAULT_SILENCE   /* not a byte of it: the connection ends */
};

struct fault_type {
    const char *name;
    bool (*rewrite)(struct plan *p, uint32_t value, uint64_t seed);
    uint32_t min, max; /* of the parameter; max 0: it takes none, but true */
    bool is_time;      /* the parameter is a duration: "300ms"; else a number of bytes */
    enum fault_effect effect;
    const char *sees; /* what the client sees, for the documents */
};

/* Rows, ended by one whose name is NULL. */
const struct fault_type *fault_types(void);

/* Reads {"delay": "300ms"}: exactly one key. e->where is a JSON Pointer into v. */
int fault_parse(const struct json *v, struct fault *out, struct err *e);

/* Writes "delay 300ms" (after ", " when not the first) into out, cut to fit. Returns its length. */
size_t fault_text(const struct fault *f, char *out, size_t out_size, bool comma);

/* Rewrites the plan; false when the plan broke (then it closes without more). */
bool fault_apply(const struct fault *f, struct plan *p, uint64_t seed);

#endif
