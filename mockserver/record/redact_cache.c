/* A table of slots by hash; what is found there is compared as a whole. */
#include "redact_cache.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

static size_t slot_of(struct span key)
{
    return hash64_add(HASH64_START, key.p, key.n) % REDACT_CACHE_SLOTS;
}

bool redact_cache_get(const struct redact_cache *c, struct span key, uint64_t version,
                      struct span *text)
{
    const struct redact_cached *slot = &c->slots[slot_of(key)];
    if (!slot->bytes || slot->version != version
        || !span_same((struct span){slot->bytes, slot->key_n}, key))
        return false;
    *text = (struct span){slot->bytes + slot->key_n, slot->text_n};
    return true;
}

void redact_cache_put(struct redact_cache *c, struct span key, uint64_t version, struct span text)
{
    struct redact_cached *slot = &c->slots[slot_of(key)];
    char *bytes = key.n + text.n <= REDACT_CACHED_MAX ? malloc(key.n + text.n + 1) : NULL;
    if (!bytes)
        return;
    memcpy(bytes, key.p, key.n);
    if (text.n > 0)
        memcpy(bytes + key.n, text.p, text.n);
    free(slot->bytes);
    *slot = (struct redact_cached){bytes, key.n, text.n, version};
}

void redact_cache_fini(struct redact_cache *c)
{
    for (size_t i = 0; i < REDACT_CACHE_SLOTS; i++)
        free(c->slots[i].bytes);
    memset(c, 0, sizeof *c);
}
