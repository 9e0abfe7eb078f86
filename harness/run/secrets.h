/* Secrets: taken out of what a client printed, before anybody reports it. */
#ifndef UNDERSTUDY_HARNESS_RUN_SECRETS_H
#define UNDERSTUDY_HARNESS_RUN_SECRETS_H

#include "base/err.h"
#include "harness/rules/verdict.h"
#include "harness/testbed/evidence.h"

/* Replaces in a judged run of an external client what it was given as a token or secret, and the values of
 * secret headers that it printed: in its output, in what it reported, and in the findings that quote it.
 * *output is allocated anew; ERR_MEMORY: it is NULL then. */
int secrets_hide(struct evidence *evidence, struct verdict *verdict, char **output, struct err *e);

#endif
