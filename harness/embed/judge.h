/* Judging a client from inside a test: what it reported, against what the mock saw of it. */
#ifndef UNDERSTUDY_HARNESS_EMBED_JUDGE_H
#define UNDERSTUDY_HARNESS_EMBED_JUDGE_H

#include "base/buf.h"
#include "harness/testbed/testbed.h"
#include "harness/rules/verdict.h"

/* What the client made of its task. */
struct report_of_client {
    enum task_outcome outcome;
    const char *url;    /* NULL or "": none */
    const char *reason; /* NULL or "": none */
};

/* The verdict on what was polled at a place so far. When it is no pass, the trace is appended to
 * trace (may be NULL): the findings, every poll and the command that repeats the scenario. */
int judge_endpoint(struct testbed *testbed, const struct endpoint *endpoint,
                   const struct report_of_client *report, struct verdict *out, struct buf *trace,
                   struct err *e);

#endif
