/* Inside the scan: one recording. */
#ifndef UNDERSTUDY_HARNESS_SCAN_SCAN_HAR_H
#define UNDERSTUDY_HARNESS_SCAN_SCAN_HAR_H

#include "base/json/json.h"
#include "mockserver/record/redact.h"
#include "scan_tell.h"

/* An entry of a recording, of any program. entry: its index. */
int scan_entry(struct scan *s, struct redactor *r, const char *path, const struct json *entry,
               uint64_t index, struct err *e);

#endif
