/* The upstream that a recording is distilled for: its contract, and whether it is the right one. */
#ifndef UNDERSTUDY_HARNESS_DISTILL_DISTILL_UPSTREAM_H
#define UNDERSTUDY_HARNESS_DISTILL_DISTILL_UPSTREAM_H

#include "har_read.h"
#include "mockserver/fixture/contract.h"

/* An upstream is called as its folder. Returns out. */
const char *distill_upstream_name(const char *dir, char *out, size_t out_size);

/* Loads DIR/openapi.json. ERR_USAGE when there is none: it names the nearest folder beside DIR that has one; the
 * errors of contract_parse. */
int distill_contract(const char *dir, struct contract *out, struct err *e);

/* For a recording that holds no poll of DIR's contract, or none whose answer that reads a state of: ERR_USAGE when the recording
 * holds polls of a folder beside it, and names that one: the one that reads a state, else the one with most polls. 0 when there is none. */
int distill_check_upstream(const char *dir, const struct recording *r, struct err *e);

#endif
