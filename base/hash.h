/* Hashes: FNV-1a in 64 and 32 bits.
 *
 * The same bytes give the same hash in every run and on every machine: names of files and seeds of
 * tasks are made of them, so the values never change. Whoever chooses the bytes can make two agree:
 * where that matters, compare what was hashed too. Pure functions, for any thread. */
#ifndef UNDERSTUDY_BASE_HASH_H
#define UNDERSTUDY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of no bytes: what the first hash64_add or hash64_step goes on from. */
#define HASH64_START UINT64_C(14695981039346656037)
#define HASH32_START UINT32_C(2166136261)

/* One step: FNV-1a when n is a byte; a digest of numbers may take a whole one at a time. */
static inline uint64_t hash64_step(uint64_t hash, uint64_t n)
{
    return (hash ^ n) * UINT64_C(1099511628211);
}

static inline uint32_t hash32_step(uint32_t hash, uint32_t n)
{
    return (hash ^ n) * UINT32_C(16777619);
}

/* Goes on from hash with n bytes: hashing two pieces one after the other is hashing them joined.
 * To keep "a","b" and "ab","" apart, hash each with its terminator. bytes may be NULL when n is 0. */
uint64_t hash64_add(uint64_t hash, const void *bytes, size_t n);
uint32_t hash32_add(uint32_t hash, const void *bytes, size_t n);

#endif
