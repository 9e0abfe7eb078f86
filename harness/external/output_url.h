/* The URL that a client printed, found in its output however it was printed. Pure functions.
 *
 * A URL begins with http:// or https:// and ends before
 *
 *   a byte that cannot stand in a URL   blanks, control characters (so colours and terminal links),
 *                                       NUL, < > " ` \ ^ { | }, everything beyond ASCII (so CJK
 *                                       punctuation)
 *   what closes a bracket around it     ) or ] without its opening one inside of the URL
 *   the quote in front of it            'URL'
 *   the next one of a list              URL,URL and URL;URL
 *
 * and the punctuation at its end ( . , ; : ! ? ' * and, in _URL_ and ~URL~, the mark) is none of it. JSON may escape what
 * stands in it (\/ and \u002F), also several times over (\\\/). A URL inside of another one, as in
 * https://a/?next=https://b, is a part of that.
 *
 * As long as a URL reads like the expected one, nothing but the end of the output ends it: so an
 * expected URL may hold any byte. What is longer than the expected URL is another one. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_OUTPUT_URL_H
#define UNDERSTUDY_HARNESS_EXTERNAL_OUTPUT_URL_H

#include "base/span.h"

#include <stddef.h>

/* Sets url to the expected URL when the output holds it, else to the last URL there, else to "". One
 * that does not fit into url_size bytes with its NUL is not told. expected may be NULL.
 *
 * Returns the work done, in bytes looked at: at most OUTPUT_URL_LOOKS for each byte, whatever a
 * client prints. */
enum { OUTPUT_URL_LOOKS = 8 };
size_t output_url_find(struct span output, const char *expected, char *url, size_t url_size);

#endif
