/* Header lines of one HTTP message, and what a few of them say.
 *
 * Pure functions: any thread may call them. The spans they return point into the spans they are
 * given. */
#ifndef UNDERSTUDY_MOCKSERVER_MESSAGE_HEADER_H
#define UNDERSTUDY_MOCKSERVER_MESSAGE_HEADER_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct header {
    struct span name;
    struct span value;
};

/* Finds the header lines of a name (case does not count, RFC 9110 §5.1). *value is the first
 * one's, without blanks at its ends; empty when there is none. Returns how many lines have the
 * name: a caller that must not guess between two values refuses when it is more than 1. */
unsigned header_find(const struct header *list, size_t count, const char *name, struct span *value);

/* True when the value of a header such as Connection, a comma-separated list, has the word; case
 * does not count. */
bool header_list_has(struct span list, const char *word);

/* The same for all header lines of a name, which together are one list (RFC 9110 §5.3). */
bool header_lists_have(const struct header *list, size_t count, const char *name, const char *word);

/* The media type of a Content-Type, without its parameters: "text/html; charset=utf-8" is "text/html". */
struct span header_media_type(struct span content_type);

/* The host of a Host header: "Example.com:8080" is "Example.com"; an IPv6 literal keeps its brackets. */
struct span header_host(struct span host);

/* True for lines about one connection, not about the message (RFC 9110 §7.6.1): Connection,
 * Transfer-Encoding ... A proxy does not forward them. */
bool header_is_hop(struct span name);

#endif
