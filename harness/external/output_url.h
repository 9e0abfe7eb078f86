/* The URL that a client printed, found in its output. Pure functions. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_OUTPUT_URL_H
#define UNDERSTUDY_HARNESS_EXTERNAL_OUTPUT_URL_H

#include "base/span.h"

#include <stddef.h>

/* Sets *found to the expected URL when it stands in the output as a whole word, else to the last URL
 * there, else to the empty span. A URL begins with http:// or https:// and ends before a blank, a
 * quote, < > or a closing parenthesis. expected may be NULL.
 *
 * Returns how often a byte was looked at: at most twice for each byte, whatever a client prints. */
size_t output_url_find(struct span output, const char *expected, struct span *found);

#endif
