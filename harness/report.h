/* Reports: results as text. Each appends to a buffer; only main writes it out. */
#ifndef UNDERSTUDY_REPORT_H
#define UNDERSTUDY_REPORT_H

#include "base/buf.h"
#include "harness/run.h"

#include <stdbool.h>
#include <stdint.h>

struct report_options {
    bool colour;
    uint64_t seed;      /* named in the command that repeats a failure */
    uint32_t total;     /* scenarios that will be reported */
    uint32_t upstreams; /* that they belong to */
    const struct external *client; /* NULL: the built-in one */
    const char *profile;           /* its file, NULL: none */
};

/* Counts that a summary and an exit code are made of. */
struct report_counts {
    uint32_t passed, failed, inconclusive, skipped, repeated;
    uint32_t polls_direct, polls_wire;
};

struct report;

struct report_type {
    const char *name; /* "table", "tap" */
    void (*begin)(struct report *r);
    void (*result)(struct report *r, const struct run_result *result);
    void (*end)(struct report *r);
};

struct report {
    const struct report_type *type;
    struct report_options options;
    struct report_counts counts;
    struct buf *out;
    const struct upstream *upstream; /* of the last result */
};

/* NULL when there is no report of that name; report_names lists them, ended by NULL. */
const struct report_type *report_type(const char *name);
const char *const *report_names(void);

void report_begin(struct report *r, const struct report_type *type,
                  const struct report_options *options, struct buf *out);
void report_result(struct report *r, const struct run_result *result);
void report_end(struct report *r);

extern const struct report_type report_table;
extern const struct report_type report_tap;

/* What both reports tell of a failure: each finding, the story, and the command that repeats it. Every
 * line starts with indent. */
void report_failure(struct buf *out, const char *indent, const struct run_result *result,
                    const struct report_options *options);

/* "ok", "FAIL", "unclear", "skip" */
const char *report_word(const struct run_result *result);

#endif
