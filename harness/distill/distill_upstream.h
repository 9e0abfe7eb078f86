/* The upstream that a recording is distilled for: its contract, and whether it is the right one. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_UPSTREAM_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_UPSTREAM_H

#include "har_read.h"
#include "mockserver/fixture/contract.h"

/* Loads DIR/openapi.json. ERR_USAGE when there is none: it names the nearest folder beside DIR that has one; the
 * errors of contract_parse. */
int distill_contract(const char *dir, struct contract *out, struct err *e);

/* True when the contract reads where a task stands from a good answer of the recording. */
bool distill_tells_states(const struct contract *c, const struct recording *r);

/* For a recording of which DIR's contract reads no state: ERR_USAGE when the contract of a folder beside it does, and
 * names that one. 0 when none does: it may hold refusals alone. */
int distill_check_upstream(const char *dir, const struct recording *r, struct err *e);

#endif
