/* A table of slots by hash; what is found there is compared as a whole. */
#include "redact_cache.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

struct redact_cache *redact_cache_open(void)
{
    return calloc(1, sizeof(struct redact_cache));
}

static size_t slot_of(struct span key)
{
    return hash64_add(HASH64_START, key.p, key.n) % REDACT_CACHE_SLOTS;
}

static bool holds(const struct redact_cached *slot, struct span key, uint64_t version)
{
    return slot->bytes && slot->version == version
        && span_same((struct span){slot->bytes, slot->key_n}, key);
}

/* A key may be in its slot or in the neighbour: two that share one do not put each other out in turns. */
bool redact_cache_get(const struct redact_cache *c, struct span key, uint64_t version,
                      struct span *text)
{
    size_t at = c ? slot_of(key) : 0;
    for (size_t i = 0; c && i < 2; i++) {
        const struct redact_cached *slot = &c->slots[at ^ i];
        if (!holds(slot, key, version))
            continue;
        *text = (struct span){slot->bytes + slot->key_n, slot->text_n};
        return true;
    }
    return false;
}

void redact_cache_put(struct redact_cache *c, struct span key, uint64_t version, struct span text)
{
    char *bytes = c && key.n + text.n <= REDACT_CACHED_MAX ? malloc(key.n + text.n + 1) : NULL;
    if (!bytes)
        return;
    size_t at = slot_of(key);
    struct redact_cached *slot = &c->slots[at];
    if (slot->bytes && slot->version == version && !holds(slot, key, version))
        slot = &c->slots[at ^ 1];
    memcpy(bytes, key.p, key.n);
    if (text.n > 0)
        memcpy(bytes + key.n, text.p, text.n);
    free(slot->bytes);
    *slot = (struct redact_cached){bytes, key.n, text.n, version};
}

void redact_cache_close(struct redact_cache *c)
{
    for (size_t i = 0; c && i < REDACT_CACHE_SLOTS; i++)
        free(c->slots[i].bytes);
    free(c);
}
