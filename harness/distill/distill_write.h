/* The second half of distilling: what was found becomes files. Only distill.c includes it. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_WRITE_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_WRITE_H

#include "distill_steps.h"

#include "base/buf.h"
#include "base/err.h"

/* Writes every reply and the scenario, whose file's name is put into path; see distill_stage.h. Errors as distill. */
int distill_write(const struct distilling *d, char *path, size_t path_size, struct err *e);

/* The text of a .want.json: what the upstream's decoder reads in the reply. */
void distill_format_want(struct buf *out, const struct distilling *d, const char *upstream,
                         const struct reply *r);
/* The text of the scenario. */
void distill_format_scenario(struct buf *out, const struct distilling *d, const char *upstream);

#endif
