/* Judging a client from inside a test: what it reported, against what the mock saw of it. */
#ifndef UNDERSTUDY_HARNESS_EMBED_JUDGE_H
#define UNDERSTUDY_HARNESS_EMBED_JUDGE_H

#include "base/buf.h"
#include "harness/testbed/testbed.h"
#include "harness/rules/verdict.h"

/* What the client reported of its task, as the test saw it. Lent for the call. */
struct report_of_client {
    enum task_outcome outcome;
    const char *url;    /* NULL or "": none */
    const char *reason; /* NULL or "": none */
};

/* The verdict on what was polled at an endpoint so far. When it is no pass, a report is appended
 * to trace (may be NULL): the findings, every poll and the command that repeats the scenario.
 * Errors as testbed_collect; *out is all zero then. */
int judge_endpoint(struct testbed *testbed, const struct endpoint *endpoint,
                   const struct report_of_client *report, struct verdict *out, struct buf *trace,
                   struct err *e);

#endif
