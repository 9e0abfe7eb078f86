/* The one place where distilling takes secrets out of what others have recorded. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_REDACT_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_REDACT_H

#include "har_exchange.h"

#include "mockserver/fixture/contract.h"

/* An answer without secrets. */
struct harmless {
    struct header *headers; /* as many as the exchange has */
    struct buf values;      /* what they point into */
    struct buf body;
};

/* ERR_LIMIT when there are too many secrets, ERR_MEMORY. *out is to be freed in any case. */
int distill_redact(const struct contract *c, const struct exchange *x, struct span body,
                   struct harmless *out, struct err *e);
void harmless_fini(struct harmless *h);

#endif
