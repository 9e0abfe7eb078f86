/* Growing lists: doubled, so that adding n elements moves fewer than 2n of them. */
#include "grow.h"

#include <stdlib.h>

enum { ROOM_FIRST = 16 };

void *grow(void *list, size_t count, size_t *room, size_t size, size_t max)
{
    if (count < *room)
        return list;
    if (count >= max)
        return NULL;
    size_t more = *room == 0 ? ROOM_FIRST : *room <= max / 2 ? 2 * *room : max;
    if (more > max)
        more = max;
    if (more > SIZE_MAX / size)
        return NULL;
    void *larger = realloc(list, more * size);
    if (larger)
        *room = more;
    return larger;
}
