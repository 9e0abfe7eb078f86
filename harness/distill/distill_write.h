/* The second half of distilling: writes replies and steps as files. Only distill.c includes it. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_WRITE_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_WRITE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "har_read.h"
#include "mockserver/fixture/contract.h"
#include "mockserver/fixture/reply.h"
#include "mockserver/fixture/scenario.h"

enum { DISTILL_REPLIES_MAX = 256 };

struct distilled_step {
    uint32_t reply; /* index */
    uint32_t polls;
};

/* A distillation under way. */
struct distilling {
    const char *dir;  /* the upstream's folder */
    const char *name; /* of the scenario */
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

/* Writes every reply and the scenario, whose file's name is put into path. Errors as distill. */
int distill_write(const struct distilling *d, char *path, size_t path_size, struct err *e);

#endif
