/* Arenas: the memory of one tree, taken in blocks and given back at once.
 *
 * A tree of a reply has some fifty small pieces; one block holds them all. Pieces are 16-byte
 * aligned, with 16 bytes between two that the address sanitizer guards against writes and reads
 * beyond a piece. One thread an arena. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_ARENA_H
#define UNDERSTUDY_BASE_JSON_JSON_ARENA_H

#include <stddef.h>

struct json_block;

struct json_arena {
    struct json_block *first, *last; /* both NULL: empty */
};

/* The next piece; the first block is made to hold `room` bytes. NULL: no memory. */
void *json_arena_take(struct json_arena *a, size_t bytes, size_t room);

/* The arena whose first piece this is: to close it, not to take more. */
struct json_arena json_arena_of(void *first_piece);

void json_arena_close(struct json_arena a);

#endif
