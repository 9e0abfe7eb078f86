/* Finds URLs in what a client printed, in one pass. */
#include "output_url.h"

#include <string.h>

static bool ends_url(char c)
{
    return c == '\0' || strchr(" \t\r\n\"'<>)", c);
}

size_t output_url_find(struct span output, const char *expected, struct span *found)
{
    struct span rest = output;
    size_t looked_at = output.n;
    size_t end =
        0; /* of the word last measured: "http" inside of it starts none that ends elsewhere */
    *found = (struct span){0};
    for (const char *at; rest.n && (at = memmem(rest.p, rest.n, "http", 4));) {
        size_t start = (size_t)(at - output.p);
        rest = span_cut(output, start + 4, output.n);
        if (end <= start) {
            for (end = start; end < output.n && !ends_url(output.p[end]); end++)
                looked_at++;
        }
        struct span word = span_cut(output, start, end - start);
        if (!span_starts(word, "http://") && !span_starts(word, "https://"))
            continue;
        *found = word;
        if (expected && span_is(word, expected))
            break;
    }
    return looked_at;
}
