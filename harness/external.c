/* Starts a client, keeps its output, ends it with its group at the limit, reads its outcome. */
#include "external.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness/external_args.h"
#include "harness/process.h"
#include "mockserver/mock.h"

#include <stdlib.h>
#include <string.h>

enum {
    GRACE_MS = 60000, /* beyond the client's own bound, on the scenario's clock */
    START_REAL_MS =
        5000 /* what an interpreter on a busy machine needs, however fast the clock runs */
};

/* A client that ends at its own bound ends before this; one that does not is stopped. */
static int64_t limit_ms(const struct external *x, const struct scenario *s)
{
    if (x->profile != NULL && x->profile->limit_ms > 0)
        return x->profile->limit_ms;
    return s->expect.within_ms + s->expect.within_ms / 4 + GRACE_MS;
}

static void conclude(const struct external *x, const struct process *p, struct evidence *evidence)
{
    profile_read(x->profile, p->exit_code, p->output.p, evidence);
    if (!p->stopped)
        return;
    evidence->no_end = true;
    evidence->vague = true;
    evidence->result.outcome = TASK_OUTCOME_FAILED;
    span_copy(span_of("it was still running at the limit and was stopped"), evidence->result.why,
              sizeof evidence->result.why);
}

int external_run(const struct external *x, struct lab *lab, const struct upstream *upstream,
                 const struct scenario *scenario, uint32_t run, struct evidence *out, char **output,
                 struct err *e)
{
    struct lab_place place;
    struct external_args args;
    struct process process;
    *out = (struct evidence){0};
    *output = NULL;
    lab_place(lab, upstream, scenario, run, &place);
    int failed = external_args_make(x, lab_clock(lab), &place, &args, e);
    if (failed != 0)
        return failed;
    int64_t real_ms = limit_ms(x, scenario) / x->speed + START_REAL_MS;
    failed = process_run(args.argv, args.environment, real_ms, EXTERNAL_OUTPUT_MAX, &process, e);
    external_args_fini(&args);
    if (failed != 0)
        return failed;
    failed = lab_collect(lab, &place, out, e);
    if (failed == 0) {
        conclude(x, &process, out);
        *output = buf_take(&process.output);
    }
    process_fini(&process);
    return failed;
}
