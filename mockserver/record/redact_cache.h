/* Inside redaction: texts that were redacted before. Polls repeat almost all of theirs: headers, URLs, bodies of a task that
 * has not moved. What is kept holds as long as the redactor learns nothing new. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_CACHE_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_CACHE_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REDACT_CACHE_SLOTS = 2048, REDACT_CACHED_MAX = 16 << 10 };

/* A text and whatever else decides how it is redacted, and what became of it. */
struct redact_cached {
    char *bytes; /* the key, then the redacted text */
    size_t key_n, text_n;
    uint64_t version; /* of the redactor's knowledge */
};

struct redact_cache {
    struct redact_cached slots[REDACT_CACHE_SLOTS];
};

/* NULL without memory. */
struct redact_cache *redact_cache_open(void);
void redact_cache_close(struct redact_cache *c); /* NULL is fine */

/* False when there is none of that version, as in a cache that is NULL. *text is lent until the next redact_cache_put. */
bool redact_cache_get(const struct redact_cache *c, struct span key, uint64_t version,
                      struct span *text);
/* In place of whatever has the slot. Too long texts are not kept; nor without memory. */
void redact_cache_put(struct redact_cache *c, struct span key, uint64_t version, struct span text);

#endif
