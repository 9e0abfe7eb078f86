/* Escaping: makes text from outside (findings, what a client printed, names in files) safe to put
 * into a report.
 *
 * Always: what is not UTF-8 becomes U+FFFD; control characters, and those that turn the
 * direction of text, are dropped. */
#ifndef UNDERSTUDY_HARNESS_REPORT_REPORT_ESCAPE_H
#define UNDERSTUDY_HARNESS_REPORT_REPORT_ESCAPE_H

#include "base/buf.h"
#include "base/span.h"

/* One line of plain text: line ends become spaces. */
void escape_line(struct buf *out, struct span text);

/* XML and HTML: between tags, and between double quotes (there line ends are kept
 * as references). */
void escape_markup(struct buf *out, struct span text);
void escape_attribute(struct buf *out, struct span text);

/* GitHub's workflow commands: what follows "::", and the value of a property. */
void escape_command(struct buf *out, struct span text);
void escape_property(struct buf *out, struct span text);

#endif
