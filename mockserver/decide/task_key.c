/* Writes the key of a task, and its hash. */
#include "task_key.h"

#include "base/hash.h"

#include <string.h>

/* Hashes the terminator too, so that "a","b" and "ab","" differ. */
static uint64_t mix(uint64_t hash, const char *text)
{
    return hash64_add(hash, text, strlen(text) + 1);
}

bool task_key_bytes(struct task_bytes *out, const struct task_key *key)
{
    size_t session = strlen(key->session), id = strlen(key->id);
    if (session >= REPLY_NAME_MAX || id >= MOCK_TASK_ID_MAX)
        return false;
    char *p = out->bytes;
    memcpy(p, &key->upstream, sizeof key->upstream);
    p += sizeof key->upstream;
    memcpy(p, &key->scenario, sizeof key->scenario);
    p += sizeof key->scenario;
    memcpy(p, key->session, session + 1);
    p += session + 1;
    memcpy(p, key->id, id + 1);
    out->len = (uint32_t)(p + id + 1 - out->bytes);
    uint64_t hash = mix(HASH64_START, key->upstream->name);
    hash = mix(hash, key->scenario ? key->scenario->name : "");
    hash = mix(hash, key->session);
    out->hash = mix(hash, key->id);
    return true;
}
