/* Inside redaction: a text is written without its marks, and looked at once more. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_CLEAN_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_CLEAN_H

#include "redact_marks.h"

/* Appends text with placeholders over its marks. ERR_MEMORY; ERR_LIMIT when a known secret would still show. On error nothing
 * is appended. */
int redact_write_clean(struct redactor *r, struct redact_marks *marks, struct span text,
                       struct buf *out, struct err *e);

#endif
