/* Reads characters one by one, and replaces or drops those that are not safe to show. */
#include "plain.h"

#include "utf8.h"

#include <string.h>

size_t plain_read(struct span s, uint32_t *point)
{
    size_t len = utf8_read(s, point);
    if (len == 0)
        *point = 0xfffd;
    return len > 0 ? len : 1;
}

bool plain_drops(uint32_t point)
{
    bool control = (point < 0x20 && point != '\t' && point != '\n')
        || (point >= 0x7f && point < 0xa0);
    bool turns = point == 0x061c || point == 0x200e || point == 0x200f
        || (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    return control || turns || point == 0x2028 || point == 0x2029;
}

void plain_in_place(char *text)
{
    char *to = text;
    struct span left = span_of(text);
    while (left.n > 0) {
        uint32_t point;
        size_t len = plain_read(left, &point);
        bool odd = point == '\n' || plain_drops(point) || utf8_len(left, NULL) == 0;
        if (odd)
            *to++ = '?';
        else
            to = (char *)memmove(to, left.p, len) + len;
        left = span_cut(left, len, left.n);
    }
    *to = '\0';
}
