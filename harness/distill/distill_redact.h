/* The one place where distilling takes secrets out of what others have recorded. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_REDACT_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_REDACT_H

#include "har_exchange.h"

#include "mockserver/fixture/contract.h"
#include "mockserver/record/redact.h"

/* An exchange without secrets. */
struct harmless {
    struct redactor *redactor;
    struct redacted redacted;
};

/* Errors of redact_exchange. *out is to be freed in any case. */
int distill_redact(const struct contract *c, const struct exchange *x, struct span body,
                   struct harmless *out, struct err *e);
void harmless_fini(struct harmless *h);

#endif
