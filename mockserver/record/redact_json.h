/* Inside redaction: the strings of a JSON body. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_JSON_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_JSON_H

#include "redact_marks.h"

#include "base/json/json.h"

/* Marks what is secret by the names of members, by x-task.redact, and by what the strings themselves say. body has passed
 * json_scan. */
void redact_scan_json(struct redact_marks *m, struct span body, const struct json *x_task);

/* Marks what is known: in strings and keys, and numbers that are a known secret as a whole. */
void redact_known_json(struct redact_marks *m, struct span body, const struct json *x_task);

#endif
