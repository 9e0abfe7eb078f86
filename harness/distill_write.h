/* The second half of distilling: replies and steps become files. */
#ifndef UNDERSTUDY_DISTILL_WRITE_H
#define UNDERSTUDY_DISTILL_WRITE_H

#include "harness/distill.h"
#include "mockserver/contract.h"
#include "mockserver/reply.h"
#include "mockserver/scenario.h"

struct distilled_step {
    uint32_t reply; /* index */
    uint32_t polls;
};

/* A distillation under way. */
struct distilling {
    const struct distill_options *options;
    struct contract contract;
    char task[256];
    struct reply replies[DISTILL_REPLIES_MAX];
    uint32_t reply_count;
    struct distilled_step steps[SCENARIO_STEPS_MAX];
    uint32_t step_count;
    uint32_t polls;
};

/* The exchange's response as the bytes of an .http file. */
void distill_format_reply(struct buf *out, const struct exchange *x);

int distill_write(const struct distilling *d, struct distilled *out, struct err *e);

#endif
