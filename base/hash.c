/* Hashes: a step a byte. */
#include "hash.h"

uint64_t hash64_add(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = hash64_step(hash, p[i]);
    return hash;
}

uint32_t hash32_add(uint32_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = hash32_step(hash, p[i]);
    return hash;
}
