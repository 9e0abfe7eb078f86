/* An arena is a list of blocks; a piece is cut from the last block, and a full one is followed by
 * one twice as large. */
#include "json_arena.h"

#include <sanitizer/asan_interface.h> /* macros that do nothing in other builds */
#include <stdint.h>
#include <stdlib.h>

enum { ALIGN = 16, BETWEEN = 16, BLOCK_MIN = 1024 };

struct json_block {
    struct json_block *next;
    size_t used, room;
    size_t unused; /* keeps bytes aligned */
    char bytes[];
};

static struct json_block *add_block(struct json_arena *a, size_t room)
{
    struct json_block *b = malloc(sizeof *b + room);
    if (!b)
        return NULL;
    *b = (struct json_block){.room = room};
    ASAN_POISON_MEMORY_REGION(b->bytes, room);
    if (a->last)
        a->last->next = b;
    else
        a->first = b;
    a->last = b;
    return b;
}

void *json_arena_take(struct json_arena *a, size_t bytes, size_t room)
{
    struct json_block *b = a->last;
    if (bytes > SIZE_MAX / 2)
        return NULL;
    size_t step = (bytes + ALIGN - 1) / ALIGN * ALIGN + BETWEEN;
    if (!b || b->room - b->used < step) {
        size_t wanted = b ? b->room * 2 : room;
        wanted = wanted < BLOCK_MIN ? BLOCK_MIN : wanted;
        b = add_block(a, wanted < step ? step : wanted);
    }
    if (!b)
        return NULL;
    char *piece = b->bytes + b->used;
    b->used += step;
    ASAN_UNPOISON_MEMORY_REGION(piece, bytes);
    return piece;
}

struct json_arena json_arena_of(void *first_piece)
{
    char *block = (char *)first_piece - offsetof(struct json_block, bytes);
    return (struct json_arena){.first = (struct json_block *)(void *)block};
}

void json_arena_close(struct json_arena a)
{
    for (struct json_block *b = a.first; b;) {
        struct json_block *next = b->next;
        ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->room);
        free(b);
        b = next;
    }
}
