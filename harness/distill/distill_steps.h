/* The polls of a task become steps. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_STEPS_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_STEPS_H

#include "distill_own.h"
#include "distill_reply.h"
#include "mockserver/fixture/reply.h"
#include "mockserver/fixture/scenario.h"

enum { DISTILL_REPLIES_MAX = 256 };

struct distilled_step {
    uint32_t reply;    /* index */
    const char *fault; /* a row of fault.h; NULL: none */
    uint32_t polls;
};

/* A distillation under way. */
struct task_pack;

struct distilling {
    const char *dir;  /* the upstream's folder */
    const char *name; /* of the scenario */
    struct distill_notes notes;
    struct contract contract;
    struct task_pack *pack; /* how a client reads it that has no decoder; NULL: it has one */
    char task[256];
    struct reply replies[DISTILL_REPLIES_MAX];
    uint32_t reply_count;
    struct distilled_step steps[SCENARIO_STEPS_MAX];
    uint32_t step_count;
    uint32_t polls;
};

/* Takes the polls in their order. ERR_NOT_FOUND when none of them has an answer; the other errors as distill. */
int distill_take(struct distilling *d, const struct recording *r, const struct own_polls *polls,
                 struct err *e);

#endif
